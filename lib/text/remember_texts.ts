/** What an encoder said of texts is kept, so that it reads each of them once. */

import { joinFloats } from "../run/join.ts";
import type { TextStates } from "./text_model.ts";
import type { TextStore } from "./text_store.ts";

/** Reads text ids and mask [B,T], one or both of which tell a text. */
export type Encode = (
  ids: Int32Array,
  mask: Float32Array,
) => Promise<TextStates>;

/** Texts whose states stay in memory; those of 77 states of 768 take 60 MB. */
const MOST_TEXTS = 256;

/** A text as the encoder is given it. */
interface Row {
  readonly ids: Int32Array;
  readonly mask: Float32Array;
}

/**
 * Texts that were read before are not read again: batches of one prompt, and
 * the text that guidance leads away from, need the encoder once. It must say
 * the same of a text in every batch.
 *
 * @param length T
 * @param store keeps them beyond the program's end
 */
export function rememberTexts(
  length: number,
  encode: Encode,
  store?: TextStore,
): Encode {
  const known = new Map<string, TextStates>(); // least recently read first
  return async (ids, mask) => {
    const texts = Array.from(
      { length: ids.length / length },
      (_, i): Row => ({
        ids: ids.subarray(i * length, (i + 1) * length),
        mask: mask.subarray(i * length, (i + 1) * length),
      }),
    );
    const keys = texts.map((row) => `${row.ids.join()} ${row.mask.join()}`);
    // Other calls push texts out of memory while this one waits.
    const found = new Map<string, TextStates>();
    const fresh = new Map<string, Row>();
    for (const [i, key] of keys.entries()) {
      if (found.has(key) || fresh.has(key)) continue;
      const states = known.get(key) ?? await store?.get(key);
      if (states) found.set(key, states);
      else fresh.set(key, texts[i]);
    }
    if (fresh.size > 0) {
      const rows = [...fresh.values()];
      const states = await encode(
        Int32Array.from(rows.flatMap((row) => [...row.ids])),
        Float32Array.from(rows.flatMap((row) => [...row.mask])),
      );
      const parts = [...fresh.keys()].map((key, i) =>
        [key, pick(states, i, fresh.size)] as const
      );
      for (const [key, states] of parts) found.set(key, states);
      await store?.put(parts);
    }
    for (const [key, states] of found) {
      known.delete(key);
      known.set(key, states);
    }
    const read = keys.map((key) => found.get(key)!);
    while (known.size > MOST_TEXTS) known.delete(known.keys().next().value!);
    const states = joinFloats(read.map(({ states }) => states));
    const [{ pooled }] = read;
    return pooled
      ? { states, pooled: joinFloats(read.map(({ pooled }) => pooled!)) }
      : { states };
  };
}

/** One text of several. */
function pick(
  { states, pooled }: TextStates,
  i: number,
  count: number,
): TextStates {
  const part = (all: Float32Array) => {
    const size = all.length / count;
    return all.slice(i * size, (i + 1) * size);
  };
  return { states: part(states), ...(pooled && { pooled: part(pooled) }) };
}
