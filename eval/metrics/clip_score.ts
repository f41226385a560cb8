/**
 * CLIP score: how well pictures and texts fit, by the cosine of their
 * embeddings. Programs scale it differently.
 */

import { openAiText } from "../../lib/text/openai_text.ts";
import type { ClipResize } from "../extract/preparation.ts";
import { checkFeatures, type Features, normalized } from "./features.ts";

/** How a program shows pairs to CLIP, and makes a score of cosines. */
export interface ClipScoreConvention {
  /**
   * How pictures are prepared. Captions are read by the tokenizer of the same
   * program, as {@linkcode captionText} says.
   */
  readonly resize: ClipResize;
  /** What is put before each caption; nothing by default. */
  readonly prefix?: string;
  /** The score of one pair. */
  readonly ofPair: (cosine: number) => number;
  /** What becomes of the mean over pairs. */
  readonly ofMean: (mean: number) => number;
}

const asItIs = (value: number) => value;

/**
 * A caption as it goes to CLIP's tokenizer. OpenAI's repairs a text first
 * (`&amp;`, curly quotes, most of what was read in a wrong encoding);
 * transformers' takes it as it is.
 */
export function captionText(caption: string, resize: string): string {
  return resize === "transformers" ? caption : openAiText(caption);
}

/** What CLIP scores are scaled by: programs, or nothing. */
export type ClipScoreProgram =
  | "cosine"
  | "clipscore"
  | "torchmetrics"
  | "clip-score";

/** The score by the programs whose figures are published. */
export const CLIP_SCORE_CONVENTIONS: Readonly<
  Record<ClipScoreProgram, ClipScoreConvention>
> = {
  /** The paper's scale, that of the CC3M table and of text2image-benchmark. */
  "cosine": { resize: "openai", ofPair: asItIs, ofMean: asItIs },
  /** Hessel et al., arXiv 2104.08718. */
  "clipscore": {
    resize: "openai",
    prefix: "A photo depicts ",
    ofPair: (cosine) => 2.5 * Math.max(0, cosine),
    ofMean: asItIs,
  },
  /**
   * Of the mean, not of each pair, what is negative is 0.
   *
   * Patch: it cuts captions that are too long without an end, so that CLIP's
   * vector is that of their beginning; here they end as OpenAI's do.
   */
  "torchmetrics": {
    resize: "transformers",
    ofPair: (cosine) => 100 * cosine,
    ofMean: (mean) => Math.max(0, mean),
  },
  /**
   * Its version 0.1; CLIP's trained logit scale is 100. Version 0.2 prepares
   * pictures by transformers, and gives the cosine as it is.
   */
  "clip-score": {
    resize: "openai",
    ofPair: (cosine) => 100 * cosine,
    ofMean: asItIs,
  },
};

/** Scores of pairs. */
export interface ClipScore {
  /** The score of all. */
  readonly value: number;
  /** One a pair. */
  readonly pairs: Float64Array;
}

/**
 * Scores pictures by their texts.
 *
 * @param images embeddings, of any length
 * @param texts as many embeddings
 * @throws RangeError for different numbers or widths, and for no pairs
 */
export function clipScore(
  images: Features,
  texts: Features,
  convention: ClipScoreConvention,
): ClipScore {
  checkFeatures(images, "the pictures' embeddings");
  checkFeatures(texts, "the texts' embeddings");
  const { count, width } = images;
  if (count !== texts.count || width !== texts.width || count === 0) {
    throw new RangeError(
      `Cannot pair ${count} embeddings of ${width} numbers with ` +
        `${texts.count} of ${texts.width}; one text a picture is wanted, by ` +
        `the same network`,
    );
  }
  const [x, y] = [normalized(images).data, normalized(texts).data];
  const cosines = Array.from({ length: count }, (_, i) => {
    let cosine = 0;
    for (let j = i * width; j < (i + 1) * width; j++) cosine += x[j] * y[j];
    return cosine;
  });
  return scoreOfCosines(cosines, convention);
}

/** The score of pairs whose cosines are known, of one or more. */
export function scoreOfCosines(
  cosines: readonly number[],
  { ofPair, ofMean }: ClipScoreConvention,
): ClipScore {
  const pairs = Float64Array.from(cosines, ofPair);
  const mean = pairs.reduce((sum, x) => sum + x) / pairs.length;
  return { value: ofMean(mean), pairs };
}
