/** Texts to ids by a Unigram model, as the fast T5 tokenizer does it. */

import { unigramSplitter } from "./unigram.ts";
import {
  normalizer,
  SPACES_AT_END,
  SPACES_AT_START,
  type TokenizerRule,
  wordSplitter,
} from "./unigram_rules.ts";

/** The parts of a `tokenizer.json` with a Unigram model. */
export interface UnigramJson {
  readonly normalizer: TokenizerRule | null;
  readonly pre_tokenizer: TokenizerRule | null;
  readonly added_tokens: readonly AddedToken[];
  readonly post_processor: {
    readonly single: readonly (
      | { readonly Sequence: unknown }
      | { readonly SpecialToken: { readonly id: string } }
    )[];
  };
  readonly model: {
    readonly type?: "Unigram";
    readonly unk_id: number;
    /** Pieces with the logarithms of their probabilities. */
    readonly vocab: readonly (readonly [string, number])[];
    readonly byte_fallback?: boolean;
  };
}

/** A token that is found in a text before anything else is done to it. */
interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Takes the spaces before it along. */
  readonly lstrip?: boolean;
  /** Takes the spaces after it along. */
  readonly rstrip?: boolean;
}

/** A text's pieces and their ids. */
export interface SplitText {
  readonly ids: number[];
  readonly tokens: string[];
}

/** A tokenizer, as far as it is used here. */
export interface UnigramTokenizer {
  encode(text: string): SplitText;
  token_to_id(token: string): number | undefined;
}

/** Whether a parsed `tokenizer.json` holds a Unigram model. */
export function isUnigram(json: object): json is UnigramJson {
  const { model } = json as { model?: { type?: unknown; vocab?: unknown } };
  return Array.isArray(model?.vocab) && (model.type ?? "Unigram") === "Unigram";
}

/** @throws if a rule is not known here, or there is none for the unknown */
export function unigramTokenizer(json: UnigramJson): UnigramTokenizer {
  const { model, added_tokens } = json;
  if (model.vocab[model.unk_id] === undefined || model.byte_fallback) {
    throw new Error(
      `its model has the unknown piece ${model.unk_id} of ` +
        `${model.vocab.length}` + (model.byte_fallback ? " and bytes" : ""),
    );
  }
  const ids = new Map(model.vocab.map(([piece], id) => [piece, id]));
  const scores = model.vocab.map(([, score]) => score);
  const split = unigramSplitter({ ids, scores, unknown: model.unk_id });
  const normalize = json.normalizer ? normalizer(json.normalizer) : String;
  const words = json.pre_tokenizer
    ? wordSplitter(json.pre_tokenizer)
    : (text: string) => [text];
  const added = new Map(added_tokens.map((token) => [token.content, token]));
  const idOf = (piece: string) => added.get(piece)?.id ?? ids.get(piece);
  const sections = sectionSplitter(added);
  return {
    token_to_id: idOf,
    encode(text) {
      const pieces = sections(text).flatMap((section, i) => {
        if (added.has(section)) return [section];
        const normal = normalize(section);
        return normal === "" ? [] : words(normal, i === 0).flatMap(split);
      });
      const tokens = json.post_processor.single.flatMap((part) =>
        "Sequence" in part ? pieces : [part.SpecialToken.id]
      );
      const ids = tokens.map((token) => idOf(token) ?? model.unk_id);
      return { ids, tokens };
    },
  };
}

/**
 * Splits a text at the added tokens in it, and keeps these: of two that start
 * at the same place, the longer. A text before the first one comes first, even
 * if it is empty.
 */
function sectionSplitter(
  added: ReadonlyMap<string, AddedToken>,
): (text: string) => string[] {
  const contents = [...added.keys()].filter((content) => content !== "")
    .sort((a, b) => b.length - a.length)
    .map((content) => RegExp.escape(content));
  if (contents.length === 0) return (text) => [text];
  const pattern = new RegExp(`(${contents.join("|")})`, "u");
  return (text) => {
    const sections = text.split(pattern);
    for (let i = 1; i < sections.length; i += 2) {
      const { lstrip, rstrip } = added.get(sections[i])!;
      if (lstrip) sections[i - 1] = sections[i - 1].replace(SPACES_AT_END, "");
      if (rstrip) {
        sections[i + 1] = sections[i + 1].replace(SPACES_AT_START, "");
      }
    }
    return sections;
  };
}
