/** Prompts to text states, by a pretrained encoder that stays as it is. */

import { checkTexts } from "./check_prompts.ts";
import { readTokenizer } from "./text_files.ts";
import {
  loadTextModel,
  type PromptEncoderOptions,
  type TextModel,
  type TextStates,
} from "./text_model.ts";
import { cutText, encodeTexts, type TextTokenizer } from "./tokenize.ts";

export type {
  PromptEncoderOptions,
  TextModel,
  TextStates,
} from "./text_model.ts";

/** A loaded text encoder: shorter prompts are filled up, longer ones cut. */
export interface PromptEncoder extends TextModel {
  /** Splits prompts into text ids. */
  readonly tokenizer: TextTokenizer;
}

/** What an encoder says of some prompts. */
export interface EncodedText extends TextStates {
  /** [B,T]: 1 where a state belongs to the text, 0 where it fills up. */
  readonly mask: Float32Array;
  /**
   * How many text ids of each prompt the encoder didn't see, because the prompt
   * is longer than T, [B]; 0 where it was read to its end.
   */
  readonly cut: readonly number[];
  /** T. */
  readonly length: number;
  /** E. */
  readonly width: number;
}

/**
 * Loads a BERT or the encoder of a T5 from a folder as they are published:
 * `config.json`; `tokenizer.json` and `tokenizer_config.json`, or
 * `spiece.model`; weights in `.safetensors` or `.bin` files.
 * @throws if a file is missing or damaged, or the weights don't fit
 */
export async function loadTextEncoder(
  folder: string,
  options: PromptEncoderOptions = {},
): Promise<PromptEncoder> {
  const tokenizer = await readTokenizer(folder);
  return { tokenizer, ...await loadTextModel(folder, options) };
}

/**
 * The states of some prompts, one vector for each text id. Of a longer prompt
 * than the encoder reads the rest is left out: `cut` says how much.
 * @throws TypeError for what is no list of texts
 */
export async function encodeText(
  encoder: PromptEncoder,
  prompts: readonly string[],
): Promise<EncodedText> {
  checkTexts(prompts);
  const { tokenizer, length, width } = encoder;
  const { ids, mask, cut } = encodeTexts(tokenizer, prompts, length);
  const states = prompts.length > 0
    ? await encoder.encode(ids, mask)
    : { states: new Float32Array() }; // a session takes no batch of none
  return { ...states, mask, cut, length, width };
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
