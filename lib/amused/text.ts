/** aMUSEd's text encoder: CLIP's states before the last layer, and its vector. */

import { join } from "node:path";
import { parseClipTextConfig } from "../clip/config.ts";
import { clipTextTower } from "../clip/text_tower.ts";
import type { Node } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { checkWeights } from "../run/check_weights.ts";
import { lazySessions } from "../run/lazy_sessions.ts";
import { loadWeights } from "../run/load_weights.ts";
import { readJson } from "../text/read_json.ts";
import { preciseWeights, type RunOptions } from "../run/precise_weights.ts";
import { createSession, type HostTensor } from "../run/session.ts";
import type { PromptEncoder, TextStates } from "../text/encode.ts";
import type { TextTokenizer } from "../text/tokenize.ts";
import type { Adapters } from "./adapters.ts";

/** How a text encoder is run. */
export interface TextOptions extends RunOptions {
  /** Its weights are there while it reads and not afterwards. */
  readonly lowMemory: boolean;
  readonly adapters: Adapters;
  /**
   * Gives the states after the last layer and its norm, in place of those
   * before the last layer; false by default.
   */
  readonly last?: boolean;
}

/**
 * Loads a text encoder in the layout of transformers'
 * `CLIPTextModelWithProjection`.
 *
 * @param folder with its `config.json`
 * @param path of its weights
 * @throws Error if a file is damaged or the weights don't fit
 */
export async function loadClipText(
  folder: string,
  path: string,
  tokenizer: TextTokenizer,
  { lowMemory, adapters, last = false, ...how }: TextOptions,
): Promise<PromptEncoder> {
  const file = join(folder, "config.json");
  const config = parseClipTextConfig(await readJson(file));
  const { positions: length, width } = config;
  const own = await loadWeights(path);
  const tower = clipTextTower(config, input("ids", ["1B", length], "int32"));
  const plain: Record<string, Node> = {
    states: last ? tower.last : tower.states.at(-2)!, // [B,T,E]
    pooled: tower.embedding, // [B,P]
  };
  checkWeights(path, own, Object.values(plain));
  const outputs = adapters.adapt("text_encoder", plain);
  const weights = await preciseWeights(
    Object.values(outputs),
    adapters.weights("text_encoder", own),
    how,
  );
  const sessions = lazySessions("text encoder", weights, how);
  const run = async (ids: Int32Array): Promise<Record<string, HostTensor>> => {
    if (!lowMemory) return await sessions.run("text", () => outputs, { ids });
    const session = await createSession(outputs, weights, how);
    try {
      return await session.run({ ids });
    } finally {
      await session.release();
    }
  };
  return {
    tokenizer,
    length,
    width,
    encode: rememberTexts(length, async (ids) => {
      const { states, pooled } = await run(ids);
      return {
        states: states.data as Float32Array,
        pooled: pooled.data as Float32Array,
      };
    }),
    release: () => sessions.release(),
  };
}

/** Texts whose states are kept; those of 77 states of 768 take 60 MB. */
const MOST_TEXTS = 256;

type Whole = Required<TextStates>;

/**
 * Texts that were read before are not read again: batches of one prompt, and
 * the text that guidance leads away from, need the encoder once.
 *
 * @param length T
 */
export function rememberTexts(
  length: number,
  encode: (ids: Int32Array) => Promise<Whole>,
): (ids: Int32Array) => Promise<Whole> {
  const known = new Map<string, Whole>(); // least recently read first
  return async (ids) => {
    const rows = Array.from(
      { length: ids.length / length },
      (_, i) => ids.subarray(i * length, (i + 1) * length),
    );
    const fresh = new Map(
      rows.map((row) => [row.join(), row] as const)
        .filter(([key]) => !known.has(key)),
    );
    if (fresh.size > 0) {
      const found = await encode(
        Int32Array.from([...fresh.values()].flatMap((row) => [...row])),
      );
      [...fresh.keys()].forEach((key, i) =>
        known.set(key, pick(found, i, fresh.size))
      );
    }
    const read = rows.map((row) => {
      const key = row.join();
      const one = known.get(key)!;
      known.delete(key);
      known.set(key, one);
      return one;
    });
    while (known.size > MOST_TEXTS) known.delete(known.keys().next().value!);
    return {
      states: concatenate(read.map(({ states }) => states)),
      pooled: concatenate(read.map(({ pooled }) => pooled)),
    };
  };
}

/** One text of several. */
function pick({ states, pooled }: Whole, i: number, count: number): Whole {
  const part = (all: Float32Array) => {
    const size = all.length / count;
    return all.slice(i * size, (i + 1) * size);
  };
  return { states: part(states), pooled: part(pooled) };
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, x) => sum + x.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
