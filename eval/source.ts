/** What a path holds that can be compared: pictures, or numbers of pictures. */

import type { LeftOut } from "../datasets/files/place.ts";
import type { Extractor } from "./extract/extractor.ts";
import { hashFeatures } from "./metrics/features.ts";
import { openImages } from "./metrics/image_array.ts";
import { openNpz } from "./metrics/npz.ts";
import { readSampleSet, type SampleSet } from "./metrics/sample_set.ts";
import { hasStatistics } from "./metrics/statistics_file.ts";
import {
  featuresOfSet,
  type SetFeaturesOptions,
} from "./pictures/features_of_set.ts";
import { openPictures, type PictureSet } from "./pictures/picture_set.ts";

/** What a path holds. */
export type Source =
  | { readonly kind: "numbers"; readonly set: SampleSet }
  | { readonly kind: "pictures"; readonly set: PictureSet };

/**
 * Opens what {@linkcode readSampleSet} or {@linkcode openPictures} read.
 *
 * @param statistics whether statistics are enough; otherwise the pictures of an
 * archive that has both, as guided-diffusion writes it, are taken
 * @throws Error if there is no such thing, or it is damaged
 */
export async function openSource(
  path: string,
  statistics: boolean,
): Promise<Source> {
  const holdsNumbers = /\.(?:npy|safetensors)$/i.test(path) ||
    /\.npz$/i.test(path) && await hasNumbers(path, statistics);
  return holdsNumbers
    ? { kind: "numbers", set: await readSampleSet(path) }
    : { kind: "pictures", set: await openPictures(path) };
}

async function hasNumbers(path: string, statistics: boolean): Promise<boolean> {
  const npz = await openNpz(path);
  if (statistics && hasStatistics(npz)) return true;
  return await openImages(npz) === undefined;
}

/** Features of pictures as a set, and which could not be read. */
export interface LookedAt {
  /** What the network said. */
  readonly set: SampleSet;
  /** Pictures that could not be read. */
  readonly broken: readonly LeftOut[];
}

/**
 * Shows a network the pictures of a set.
 *
 * @throws as {@linkcode featuresOfSet}
 */
export async function lookAt(
  extractor: Extractor,
  pictures: PictureSet,
  options: SetFeaturesOptions = {},
): Promise<LookedAt> {
  const { features, logits, broken } = await featuresOfSet(
    extractor,
    pictures,
    options,
  );
  const hash = [features, logits].filter((part) => part !== undefined)
    .map(hashFeatures).join("+");
  return {
    set: {
      name: pictures.name,
      hash,
      features,
      ...(logits ? { logits } : {}),
      ...extractor.record,
    },
    broken,
  };
}
