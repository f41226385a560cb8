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
import { runOnce } from "../run/run_once.ts";
import type { PromptEncoder } from "../text/encode.ts";
import { rememberTexts } from "../text/remember_texts.ts";
import { openTextStore } from "../text/text_store.ts";
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
  const run = (ids: Int32Array) =>
    lowMemory
      ? runOnce(outputs, { ids }, weights, how)
      : sessions.run("text", () => outputs, { ids });
  const { texts, precision = "fp32", device = "cpu" } = how;
  const store = texts === undefined ? undefined : await openTextStore({
    folder: texts,
    files: [path, ...adapters.files.map(({ path }) => path)],
    settings: [
      ...[config, last, precision, device],
      ...adapters.files.map(({ scale }) => scale),
    ],
  });
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
    }, store),
    release: () => sessions.release(),
  };
}
