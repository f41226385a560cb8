/**
 * The protocols of data sets of pairs, COCO and CC3M: pictures of captions
 * compared with real pictures.
 */

import { MOST_IMAGE_BYTES, readStored } from "../../datasets/files/place.ts";
import { listingHash, type PairSet } from "../../datasets/pairs/pair.ts";
import { decodeAsPillow } from "../../lib/image/decode_pillow.ts";
import type { Pictures } from "../run/features.ts";
import type { RunRecord, Sample } from "../run/record.ts";
import { type Crop, shaped } from "./shape.ts";

/** Which real pictures drawn ones are compared with. */
export type ReferenceChoice =
  /** Every picture of the set. */
  | "all"
  /** Those whose captions are drawn. */
  | "same";

/** The reference of a protocol. */
export interface PairReference {
  readonly record: NonNullable<RunRecord["reference"]>;
  readonly read: Pictures["read"];
}

/** The set's pictures, or only those of the samples. */
export function pairReference(
  set: PairSet,
  samples: readonly Sample[],
  choice: ReferenceChoice,
  { crop, side }: { readonly crop: Crop; readonly side: number },
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
    async read(index) {
      const { id, image } = pairs[index];
      try {
        const bytes = await readStored(image, MOST_IMAGE_BYTES);
        return shaped(await decodeAsPillow(bytes), crop, side);
      } catch (error) {
        return { name: id, reason: (error as Error).message };
      }
    },
  };
}
