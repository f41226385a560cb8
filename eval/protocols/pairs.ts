/**
 * The protocols of data sets of pairs, COCO and CC3M: pictures of captions
 * compared with real pictures.
 */

import { listingHash, type PairSet } from "../../datasets/pairs/pair.ts";
import type { PictureSource } from "../run/picture_source.ts";
import type { ReferenceRecord, Sample } from "../run/record_types.ts";

/** Which real pictures drawn ones are compared with. */
export type ReferenceChoice =
  /** Every picture of the set. */
  | "all"
  /** Those whose captions are drawn. */
  | "same";

/** The reference of a protocol. */
export interface PairReference {
  /** As the run's record has it. */
  readonly record: ReferenceRecord;
  /** Its pictures. */
  readonly source: PictureSource;
}

/** The set's pictures, or only those of the samples. */
export function pairReference(
  set: PairSet,
  samples: readonly Sample[],
  choice: ReferenceChoice,
  shape: NonNullable<PictureSource["shape"]>,
): PairReference {
  const ids = new Set(samples.map(({ id }) => id));
  const pairs = choice === "all"
    ? set.pairs
    : set.pairs.filter(({ id }) => ids.has(id));
  const which = choice === "all" ? "all" : "the samples'";
  return {
    record: {
      kind: "pictures",
      name: `${which} ${pairs.length} pictures of ${set.kind}`,
      hash: listingHash({ ...set, pairs }),
      count: pairs.length,
    },
    source: {
      places: {
        kind: "files",
        files: pairs.map(({ id, image }) => ({ ...image, name: id })),
      },
      shape,
    },
  };
}
