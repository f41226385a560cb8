/** Text ids to states, by a network in a published folder. */

import type { Node } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { checkWeights } from "../run/check_weights.ts";
import { lazySessions } from "../run/lazy_sessions.ts";
import { loadWeights } from "../run/load_weights.ts";
import { preciseWeights, type RunOptions } from "../run/precise_weights.ts";
import type { Weights } from "../run/weights.ts";
import { bertEncoder, parseBertConfig } from "./bert.ts";
import { findWeightFiles } from "../run/weight_files.ts";
import { readJson } from "./read_json.ts";
import { type Encode, rememberTexts } from "./remember_texts.ts";
import { openTextStore } from "./text_store.ts";
import { parseT5Config, t5Encoder } from "./t5.ts";

/** Choices when an encoder is loaded. */
export interface PromptEncoderOptions extends RunOptions {
  /** Text length T, 32 by default. */
  readonly length?: number;
}

/** What a network says of texts. */
export interface TextStates {
  /** One for each text id, [B,T,E]. */
  readonly states: Float32Array;
  /** One vector for each whole text, [B,P], if the network gives that. */
  readonly pooled?: Float32Array;
}

/** A loaded network. */
export interface TextModel {
  /** Text length T. */
  readonly length: number;
  /** Width E of the states. */
  readonly width: number;
  /** Text ids and mask [B,T] -> states. */
  encode(ids: Int32Array, mask: Float32Array): Promise<TextStates>;
  /** Frees the native memory; the network can't be used afterwards. */
  release(): Promise<void>;
}

type Json = Readonly<Record<string, unknown>>;

/** What is known of a kind of network. */
interface TextNetwork {
  readonly width: number;
  /** Ids and mask [B,T] -> states [B,T,E]. */
  readonly states: (ids: Node, mask: Node) => Node;
  /** Tells tensors of the file that serve other tasks. */
  readonly unused: RegExp;
  /**
   * Tells matrices that keep 8 bits where others have 4: the ones whose results
   * are added to the states as they are.
   */
  readonly sensitive: RegExp;
  /** Names that a parameter may have in their place. */
  readonly otherNames: Readonly<Record<string, string>>;
}

const NETWORKS: Readonly<Record<string, (json: Json) => TextNetwork>> = {
  bert(json) {
    const config = parseBertConfig(json);
    return {
      width: config.width,
      states: (ids, mask) => bertEncoder(config, ids, mask),
      // The pooler serves the classification of sentences.
      unused: /^pooler\./,
      sensitive: /\.(self\.value|output\.dense)\.weight$/,
      otherNames: {},
    };
  },
  t5(json) {
    const config = parseT5Config(json);
    return {
      width: config.width,
      states: (ids, mask) => t5Encoder(config, ids, mask),
      // The table of ids has two names, of which a file may have one or both.
      unused: /^(decoder|lm_head|(encoder\.)?embed_tokens)\./,
      sensitive: /\.(v|o|wo)\.weight$/,
      otherNames: { "shared.weight": "encoder.embed_tokens.weight" },
    };
  },
};

/**
 * Loads a BERT or a T5 encoder from a folder with `config.json` and weights,
 * in one file or several, of safetensors or PyTorch.
 * @throws if a file is missing or damaged, or the weights don't fit
 */
export async function loadTextModel(
  folder: string,
  { length = 32, ...run }: PromptEncoderOptions = {},
): Promise<TextModel> {
  const json = await readJson<Json>(`${folder}/config.json`);
  const network = findNetwork(folder, json);
  const path = await findWeights(folder);
  const all = rename(await loadWeights(path), network.otherNames);
  const states = network.states(
    input("ids", ["1B", length], "int32"),
    input("mask", ["1B", length]),
  ); // [B,T,E]
  checkWeights(path, all, [states], (name) => network.unused.test(name));
  const weights = await preciseWeights([states], all, run, {
    sensitive: (name) => network.sensitive.test(name),
    fills: { mask: 1 },
  });
  const sessions = lazySessions("text encoder", weights, run);
  const open = () => sessions.open("states", () => ({ states }));
  const { texts, precision = "fp32", device = "cpu" } = run;
  const store = texts === undefined ? undefined : await openTextStore({
    folder: texts,
    files: (await findWeightFiles(path)).map((file) => file.path),
    settings: [json, length, precision, device],
  });
  const encode: Encode = async (ids, mask) => {
    const results = await (await open()).run({ ids, mask });
    return { states: results.states.data as Float32Array };
  };
  // Where texts are kept, it may be that nobody needs it.
  if (!store) await open();
  return {
    length,
    width: network.width,
    encode: store ? rememberTexts(length, encode, store) : encode,
    release: () => sessions.release(),
  };
}

function findNetwork(folder: string, json: Json): TextNetwork {
  const type = String(json.model_type);
  if (Object.hasOwn(NETWORKS, type)) return NETWORKS[type](json);
  throw new Error(
    `loading the text encoder in ${folder}: its config.json has the ` +
      `model_type "${type}", wanted ${Object.keys(NETWORKS).join(" or ")}`,
  );
}

function rename(
  weights: Weights,
  otherNames: Readonly<Record<string, string>>,
): Weights {
  const renamed = new Map(weights);
  for (const [name, other] of Object.entries(otherNames)) {
    const weight = weights.get(other);
    if (weight && !weights.has(name)) renamed.set(name, weight);
  }
  return renamed;
}

/** The only `.safetensors` file, or the folder, where names tell the weights. */
async function findWeights(folder: string): Promise<string> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".safetensors")) found.push(name);
  }
  return found.length === 1 ? `${folder}/${found[0]}` : folder;
}
