/**
 * What a network says of a set of pictures. A Worker reads, decodes and resizes
 * the next ones while the network looks at some.
 */

import type { LeftOut } from "../../datasets/files/place.ts";
import { openStream } from "../../datasets/worker_stream.ts";
import {
  type Extracted,
  featuresOfPixels,
  type FeaturesOptions,
  type Looking,
  type PixelBatch,
} from "../features_of.ts";
import { checkBatch } from "../networks/in_batches.ts";
import type { LoadedPixels, PixelLoaderOptions } from "./pixel_loader.ts";
import { countOf, type PictureSet } from "./picture_set.ts";
import type { ArtNotice } from "./read.ts";

/** Choices of an extraction. */
export interface SetFeaturesOptions extends FeaturesOptions {
  /**
   * Pictures that can't be read are left out. Otherwise the first of them is an
   * error, as it is for pytorch-fid, clean-fid and torch-fidelity.
   */
  readonly skipBroken?: boolean;
  /** Told how the art of emoji gets on, which is drawn once on a machine. */
  readonly onArt?: (done: number, total: number) => void;
}

/** What a network said of a set. */
export interface SetFeatures extends Extracted {
  /** The numbers of the pictures that it is of, ascending. */
  readonly indices: readonly number[];
  /** Pictures that could not be read. */
  readonly broken: readonly LeftOut[];
}

/**
 * Shows a network the pictures of a set.
 *
 * @throws Error that names the first picture that can't be read, unless such
 * ones are skipped
 * @throws RangeError if none is left
 */
export async function featuresOfSet(
  extractor: Looking,
  set: PictureSet,
  { batch = 16, onProgress, onArt = () => {}, skipBroken = false }:
    SetFeaturesOptions = {},
): Promise<SetFeatures> {
  const indices: number[] = [];
  const broken: LeftOut[] = [];
  const { preparation } = extractor;
  const last = Math.ceil(countOf(set) / checkBatch(batch));
  const stream = openStream<PixelLoaderOptions, LoadedPixels, ArtNotice>(
    new URL("./pixel_worker.ts", import.meta.url),
    { places: set.places, preparation, batch },
    ({ done, total }) => onArt(done, total),
  );

  async function* batches(): AsyncGenerator<PixelBatch> {
    for (let position = 0; position < last; position++) {
      const loaded = await stream.at(position);
      const [first] = loaded.broken;
      if (first && !skipBroken) throw new Error(first.reason);
      broken.push(...loaded.broken);
      indices.push(...loaded.indices);
      yield loaded;
    }
  }

  try {
    const extracted = await featuresOfPixels(extractor, batches(), onProgress);
    return { ...extracted, indices, broken };
  } finally {
    stream.close();
  }
}
