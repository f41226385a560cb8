/** What a network says of pictures, however many there are. */

import type { Picture } from "../lib/image/picture.ts";
import { joinFloats } from "../lib/run/join.ts";
import type { Extractor, Rows } from "./extract/extractor.ts";
import { prepare } from "./extract/preparation.ts";
import { checkBatch, type FeatureBatches } from "./networks/in_batches.ts";
import type { Features } from "./metrics/features.ts";

/** What a network said of pictures, in their order. */
export interface Extracted {
  /** [n,F] */
  readonly features: Features;
  /** [n,K], where the network is a classifier. */
  readonly logits?: Features;
}

/** What looks at pictures: an {@linkcode Extractor}, or the part of it. */
export type Looking = Pick<Extractor, "preparation" | "run">;

/** Choices of an extraction; none changes a number. */
export interface FeaturesOptions extends FeatureBatches {
  /** Told after each batch how many pictures are done. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Shows a network pictures of any sizes, as they come, and keeps what it says
 * of each.
 *
 * @throws RangeError for no pictures, or a batch that is no whole number from 1
 */
export async function featuresOf(
  extractor: Looking,
  pictures: Iterable<Picture> | AsyncIterable<Picture>,
  { batch = 16, onProgress }: FeaturesOptions = {},
): Promise<Extracted> {
  return await featuresOfPixels(
    extractor,
    batches(pictures, checkBatch(batch), (some) => ({
      count: some.length,
      pixels: prepare(some, extractor.preparation),
    })),
    onProgress,
  );
}

/** Pictures that are prepared for a network. */
export interface PixelBatch {
  /** B. */
  readonly count: number;
  /** [B,3,H,W] */
  readonly pixels: Float32Array;
}

/** As {@linkcode featuresOf}, of pictures that were prepared elsewhere. */
export async function featuresOfPixels(
  extractor: Looking,
  batches: AsyncIterable<PixelBatch>,
  onProgress: (done: number) => void = () => {},
): Promise<Extracted> {
  const parts: Rows[] = [];
  let count = 0;
  for await (const { count: more, pixels } of batches) {
    if (more === 0) continue;
    parts.push(await extractor.run(pixels));
    count += more;
    onProgress(count);
  }
  if (count === 0) {
    throw new RangeError(
      "Cannot compute features: found no pictures, wanted at least one",
    );
  }
  const logits = parts.flatMap(({ logits }) => logits ?? []);
  return {
    features: joined(parts.map(({ features }) => features), count),
    ...(logits.length > 0 ? { logits: joined(logits, count) } : {}),
  };
}

async function* batches<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  size: number,
  make: (some: readonly Item[]) => Result,
): AsyncGenerator<Result> {
  let some: Item[] = [];
  for await (const item of items) {
    some.push(item);
    if (some.length < size) continue;
    yield make(some);
    some = [];
  }
  if (some.length > 0) yield make(some);
}

function joined(parts: readonly Float32Array[], count: number): Features {
  const data = joinFloats(parts);
  return { count, width: data.length / count, data };
}
