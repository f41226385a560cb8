/**
 * A run's work in blocks of equally many pictures. Parts of a run take turns:
 * which block a picture is in does not depend on the number of parts.
 */

import type { RunRecord, Shard } from "./record.ts";

/** Pictures from `start` up to `end`. */
export interface Block {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The blocks of so many pictures that a part of a run, or all of it, has. */
export function blocksOf(
  { block: size, shard }: Pick<RunRecord, "block" | "shard">,
  count: number,
): Block[] {
  const blocks = Array.from(
    { length: Math.ceil(count / size) },
    (_, number): Block => ({
      number,
      start: number * size,
      end: Math.min((number + 1) * size, count),
    }),
  );
  return shard ? blocks.filter(({ number }) => isIn(shard, number)) : blocks;
}

function isIn({ index, count }: Shard, number: number): boolean {
  return number % count === index - 1;
}

/** The file of a block, such as "000003.safetensors". */
export function blockName({ number }: Block): string {
  return `${String(number).padStart(6, "0")}.safetensors`;
}
