/** CLIP's vocabulary: pairs of symbols, merged in order (arXiv 1508.07909). */

import type { TokenizerJson } from "./tokenize.ts";

/** What begins a text. */
export const CLIP_START = "<|startoftext|>";
/** What ends a text, and mostly fills it up. */
export const CLIP_END = "<|endoftext|>";

/**
 * Ids of the symbols that merges make, in OpenAI's order: the bytes, the bytes
 * at the end of a word, one for each merge, the start and the end of a text.
 */
export function clipVocabulary(
  merges: readonly string[],
): Record<string, number> {
  const bytes = byteLetters();
  const symbols = [
    ...bytes,
    ...bytes.map((letter) => `${letter}</w>`),
    ...merges.map((merge) => merge.replace(" ", "")),
    CLIP_START,
    CLIP_END,
  ];
  return Object.fromEntries(symbols.map((symbol, id) => [symbol, id]));
}

/**
 * A printable letter for each of 256 bytes: the byte's own where Latin-1 has
 * one, letters from U+0100 on for the others, which come last.
 */
function byteLetters(): string[] {
  const isPrinted = (byte: number) =>
    (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const printed = bytes.filter(isPrinted);
  const others = bytes.length - printed.length;
  const codes = [...printed, ...bytes.slice(0, others).map((i) => 256 + i)];
  return codes.map((code) => String.fromCharCode(code));
}

/** The merges of a `merges.txt`, which may begin with a line on its version. */
export function readMerges(text: string): string[] {
  return text.split("\n").filter((line) =>
    line !== "" && !line.startsWith("#version")
  );
}

/** One space between words, and no capitals. */
const NORMALIZER = {
  type: "Sequence",
  normalizers: [
    { type: "NFC" },
    { type: "Replace", pattern: { Regex: "\\s+" }, content: " " },
    { type: "Lowercase" },
  ],
};

/** What is a word: merges never go beyond one. */
const WORDS = {
  type: "Sequence",
  pretokenizers: [
    {
      type: "Split",
      pattern: {
        Regex: [
          `<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d`,
          `[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+`,
        ].join("|"),
      },
      behavior: "Removed",
      invert: true,
    },
    { type: "ByteLevel", add_prefix_space: false, use_regex: true },
  ],
};

/**
 * The `tokenizer.json` of a vocabulary and its merges, as transformers'
 * `CLIPTokenizer` makes it.
 *
 * @param special what is found in a text before anything else: the start, the
 * end, and what fills texts up
 * @throws Error if the vocabulary lacks one of them
 */
export function clipTokenizerJson(
  vocab: Readonly<Record<string, number>>,
  merges: readonly string[],
  special: ReadonlySet<string>,
): TokenizerJson & Readonly<Record<string, unknown>> {
  const tokens = [CLIP_START, CLIP_END, ...special].map((content) => {
    const id = vocab[content];
    if (Number.isInteger(id)) return { content, id };
    throw new Error(
      `making CLIP's tokenizer: its vocabulary lacks ${content}; take ` +
        `vocab.json and merges.txt from the model's publisher`,
    );
  });
  const [start, end, ...found] = tokens;
  return {
    added_tokens: found.map((token) => ({
      ...token,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: NORMALIZER,
    pre_tokenizer: WORDS,
    post_processor: {
      type: "RobertaProcessing",
      sep: [end.content, end.id],
      cls: [start.content, start.id],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE",
      unk_token: CLIP_END,
      continuing_subword_prefix: "",
      end_of_word_suffix: "</w>",
      fuse_unk: false,
      byte_fallback: false,
      vocab,
      merges,
    },
  };
}
