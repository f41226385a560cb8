/** Prompts to text states, by a pretrained encoder that stays as it is. */

import { input } from "../graph/ops.ts";
import { checkWeights } from "../run/check_weights.ts";
import { lazySessions } from "../run/lazy_sessions.ts";
import { loadWeights } from "../run/load_weights.ts";
import type { ThreadOptions } from "../run/session.ts";
import { bertEncoder, parseBertConfig } from "./bert.ts";
import { readJson } from "./read_json.ts";
import {
  createTextTokenizer,
  cutText,
  encodeTexts,
  type TextTokenizer,
} from "./tokenize.ts";

/** What a network says of texts. */
export interface TextStates {
  /** One for each text id, [B,T,E]. */
  readonly states: Float32Array;
  /** One vector for each whole text, [B,P], if the network gives that. */
  readonly pooled?: Float32Array;
}

/** A loaded text encoder. */
export interface PromptEncoder {
  /** Splits prompts into text ids. */
  readonly tokenizer: TextTokenizer;
  /** Text length T: shorter prompts are filled up, longer ones cut. */
  readonly length: number;
  /** Width E of the states. */
  readonly width: number;
  /** Text ids and mask [B,T] -> states. */
  encode(ids: Int32Array, mask: Float32Array): Promise<TextStates>;
  /** Frees the native memory; the encoder can't be used afterwards. */
  release(): Promise<void>;
}

/** What an encoder says of some prompts. */
export interface EncodedText extends TextStates {
  /** [B,T]: 1 where a state belongs to the text, 0 where it fills up. */
  readonly mask: Float32Array;
  /** T. */
  readonly length: number;
  /** E. */
  readonly width: number;
}

/** Choices when an encoder is loaded. */
export interface PromptEncoderOptions extends ThreadOptions {
  /** Text length T, 32 by default. */
  readonly length?: number;
}

/**
 * Loads a BERT from a folder with `config.json`, `tokenizer.json`,
 * `tokenizer_config.json` and one `.safetensors` file, in float32, float16 or
 * int8 with scales.
 * @throws if a file is missing or damaged, or the weights don't fit
 */
export async function loadTextEncoder(
  folder: string,
  { length = 32, ...threads }: PromptEncoderOptions = {},
): Promise<PromptEncoder> {
  const config = parseBertConfig(await readJson(`${folder}/config.json`));
  const tokenizer = createTextTokenizer(
    await readJson(`${folder}/tokenizer.json`),
    await readJson(`${folder}/tokenizer_config.json`),
  );
  const path = await findWeights(folder);
  const weights = await loadWeights(path);
  const states = bertEncoder(
    config,
    input("ids", ["1B", length], "int32"),
    input("mask", ["1B", length]),
  ); // [B,T,E]
  // The pooler serves the classification of sentences.
  checkWeights(path, weights, [states], (name) => name.startsWith("pooler."));
  const sessions = lazySessions("text encoder", weights, threads);
  const open = () => sessions.open("states", () => ({ states }));
  await open();
  return {
    tokenizer,
    length,
    width: config.width,
    async encode(ids, mask) {
      const results = await (await open()).run({ ids, mask });
      return { states: results.states.data as Float32Array };
    },
    release: () => sessions.release(),
  };
}

/** The states of some prompts, one vector for each text id. */
export async function encodeText(
  encoder: PromptEncoder,
  prompts: readonly string[],
): Promise<EncodedText> {
  const { tokenizer, length, width } = encoder;
  const { ids, mask } = encodeTexts(tokenizer, prompts, length);
  return { ...await encoder.encode(ids, mask), mask, length, width };
}

/**
 * What each of a prompt's states stands for: the text's start, pieces of words,
 * the text's end, as the model's vocabulary spells them. What fills the states
 * up is left out.
 */
export function textPieces(
  { tokenizer, length }: Pick<PromptEncoder, "tokenizer" | "length">,
  prompt: string,
): string[] {
  return cutText(tokenizer.pieces(prompt), length);
}

async function findWeights(folder: string): Promise<string> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".safetensors")) found.push(name);
  }
  if (found.length === 1) return `${folder}/${found[0]}`;
  throw new Error(
    `loading the text encoder in ${folder}: found ${found.length} ` +
      `.safetensors files, wanted one`,
  );
}
