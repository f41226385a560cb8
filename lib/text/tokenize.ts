/** Prompts to text ids, as the models' own tokenizers do it. */
import { Tokenizer } from "@huggingface/tokenizers";
import { isUnigram, unigramTokenizer } from "./unigram_tokenizer.ts";

/** The part of a `tokenizer.json` that is looked at here. */
export interface TokenizerJson {
  /** What is done to a text before it is split. */
  readonly normalizer?: unknown;
  /** The vocabulary, and how it is used. */
  readonly model?: unknown;
}

/** The part of a `tokenizer_config.json` that is looked at here. */
export interface TokenizerConfig {
  /** Fills up a batch. */
  readonly pad_token?: string | { readonly content: string };
}

/** A model's vocabulary and the rules to split a text into it. */
export interface TextTokenizer {
  /** Id that fills up a batch. */
  readonly padId: number;
  /** The text's ids between the model's start and end ids. */
  encode(text: string): number[];
  /** The pieces that these ids stand for. */
  pieces(text: string): string[];
}

/** Text ids of a batch. */
export interface TextIds {
  /** [B,T]. */
  readonly ids: Int32Array;
  /** [B,T]: 1 where an id belongs to the text, 0 where it fills up. */
  readonly mask: Float32Array;
  /** How many ids of each text were left out, [B]; mostly 0. */
  readonly cut: readonly number[];
}

/**
 * Makes a tokenizer of the parsed `tokenizer.json` and `tokenizer_config.json`
 * that come with a model.
 * @throws if they make no tokenizer, or it lacks the padding token
 */
export function createTextTokenizer(
  tokenizerJson: TokenizerJson,
  config: TokenizerConfig,
): TextTokenizer {
  const tokenizer = openTokenizer(tokenizerJson, config);
  const { pad_token: pad } = config;
  const padToken = typeof pad === "object" ? pad.content : pad;
  const padId = padToken === undefined
    ? undefined
    : tokenizer.token_to_id(padToken);
  if (padId === undefined) {
    throw new Error(
      `making a tokenizer: its configuration pads with "${padToken}", which ` +
        `its vocabulary lacks; take both files from the same model`,
    );
  }
  const prepare = preparation(tokenizerJson.normalizer);
  const split = (text: string) => tokenizer.encode(prepare(text));
  return {
    padId,
    encode: (text) => split(text).ids,
    pieces: (text) => split(text).tokens,
  };
}

function openTokenizer(json: TokenizerJson, config: TokenizerConfig) {
  try {
    return isUnigram(json)
      ? unigramTokenizer(json)
      : new Tokenizer(json, config);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `making a tokenizer: its tokenizer.json is not one (${found}); take ` +
        `the file from the model's publisher`,
      { cause },
    );
  }
}

/** Chinese characters that UTF-16 writes in two units, as the reference has them. */
const WIDE_CHINESE =
  /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

/**
 * What a text goes through before the library, which departs from the reference
 * there: the reference lowers letter by letter, where JavaScript would make the
 * last sigma of a word another letter; and it makes a word of every Chinese
 * character, where the library looks at one unit at a time.
 */
function preparation(normalizer: unknown): (text: string) => string {
  const rules = JSON.stringify(normalizer) ?? ""; // it may be made of others
  const lowers = /"lowercase":true|"Lowercase"/.test(rules);
  const splits = rules.includes('"handle_chinese_chars":true');
  return (text) => {
    const whole = text.toWellFormed();
    const lowered = lowers ? whole.replaceAll("Σ", "σ") : whole;
    return splits ? lowered.replace(WIDE_CHINESE, " $& ") : lowered;
  };
}

/**
 * Ids of the texts, each `length` long: filled up if shorter; if longer, cut
 * so that the model's end id still ends it.
 * @throws if `length` has no room for a start and an end id
 */
export function encodeTexts(
  tokenizer: TextTokenizer,
  texts: readonly string[],
  length: number,
): TextIds {
  if (!Number.isInteger(length) || length < 2) {
    throw new RangeError(
      `encoding texts: found the length ${length}, wanted an integer of at ` +
        `least 2, room for the start and the end of a text`,
    );
  }
  const ids = new Int32Array(texts.length * length).fill(tokenizer.padId);
  const mask = new Float32Array(texts.length * length);
  const cut = texts.map((text, row) => {
    const all = tokenizer.encode(text);
    const kept = cutText(all, length);
    ids.set(kept, row * length);
    mask.fill(1, row * length, row * length + kept.length);
    return all.length - kept.length;
  });
  return { ids, mask, cut };
}

/** At most `length` of a text's ids or pieces; the last one still ends it. */
export function cutText<Part>(all: readonly Part[], length: number): Part[] {
  return all.length <= length
    ? [...all]
    : [...all.slice(0, length - 1), all[all.length - 1]];
}
