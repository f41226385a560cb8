/** Pictures with captions, wherever they come from. */

import { createHash } from "node:crypto";
import type { LeftOut, StoredFile } from "../files/place.ts";

/** A picture with what is said of it. */
export interface Pair {
  /** Its name in the data set, which no other has. */
  readonly id: string;
  /** At least one. */
  readonly captions: readonly string[];
  /** Where its bytes are. */
  readonly image: StoredFile;
}

/** A data set of pairs, listed: plain data, its pictures still on the disk. */
export interface PairSet {
  /** What it was opened by. */
  readonly name: string;
  /** What it was taken for, such as "COCO captions". */
  readonly kind: string;
  /** In an order that stays. */
  readonly pairs: readonly Pair[];
  /** What is no pair, and why. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * SHA-256 over the names, captions and sizes of all pairs: equal for the same
 * set on another machine.
 */
export function listingHash(set: PairSet): string {
  return hashOf(set, ({ id, captions, image }) => [id, captions, image.bytes]);
}

/** SHA-256 over the pictures' names, sizes and stamps, for caches. */
export function picturesHash(set: PairSet): string {
  return hashOf(set, ({ id, image }) => [id, image.bytes, image.stamp]);
}

/** What a caption is said of, whatever else is known of that. */
export interface CaptionedSet {
  /** In an order that stays. */
  readonly pairs: readonly Pick<Pair, "captions">[];
}

/** SHA-256 over the captions. */
export function captionsHash(set: CaptionedSet): string {
  return hashOf(set, ({ captions }) => captions);
}

function hashOf<One>(
  { pairs }: { readonly pairs: readonly One[] },
  told: (pair: One) => readonly unknown[],
): string {
  const hash = createHash("sha256");
  for (const pair of pairs) hash.update(`${JSON.stringify(told(pair))}\n`);
  return hash.digest("hex");
}

/** Captions without blank space around them and without blank ones. */
export function cleanCaptions(captions: readonly string[]): string[] {
  return captions.map((caption) => caption.trim().replace(/\s+/g, " "))
    .filter((caption) => caption !== "");
}
