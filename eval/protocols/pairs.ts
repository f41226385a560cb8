/**
 * The protocols of data sets of pairs, COCO and CC3M: pictures of captions
 * compared with real pictures.
 */

import { hashFile } from "../../lib/hub/part.ts";
import { spriteFileName } from "../../datasets/emoji/sprites.ts";
import { listingHash, type PairSet } from "../../datasets/pairs/pair.ts";
import { countOf, type PictureSet } from "../pictures/picture_set.ts";
import { hashOf } from "../run/files.ts";
import type { PictureSource } from "../run/picture_source.ts";
import type { ReferenceRecord, Sample } from "../run/record_types.ts";
import { SCENE_SEED, SCENE_SPLIT } from "./emoji_scenes.ts";

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

/** All pictures of a set that has nothing to do with the samples. */
export async function setReference(
  set: PictureSet,
  shape: NonNullable<PictureSource["shape"]>,
): Promise<PairReference> {
  const { name, places } = set;
  const count = countOf(set);
  const hash = await placesHash(places);
  return {
    record: { kind: "pictures", name, hash, count },
    source: { places, shape },
  };
}

/** Changes when the pictures do, as far as names and sizes of files tell. */
async function placesHash(places: PictureSet["places"]): Promise<string> {
  if (places.kind === "files") {
    return hashOf(places.files.map(({ name, bytes }) => [name, bytes]));
  }
  if (places.kind === "array") return (await hashFile(places.path)).sha256;
  return hashOf([places, SCENE_SPLIT, SCENE_SEED, spriteFileName()]);
}
