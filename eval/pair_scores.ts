/** How well pictures and what is said of them fit, by CLIP, pair by pair. */

import type { LeftOut } from "../datasets/files/place.ts";
import type { PairSet } from "../datasets/mod.ts";
import type { Clip } from "../lib/clip/model.ts";
import { clipExtractor } from "./extract/extractor.ts";
import {
  captionText,
  CLIP_SCORE_CONVENTIONS,
  clipScore,
  type ClipScoreConvention,
} from "./metrics/clip_score.ts";
import { type Features, pickRows } from "./metrics/features.ts";
import {
  featuresOfSet,
  type SetFeaturesOptions,
} from "./pictures/features_of_set.ts";

/** A picture and one of its captions. */
export interface PairScore {
  /** What the data set calls the picture. */
  readonly image: string;
  /** What is said of it. */
  readonly caption: string;
  /** Of the two embeddings. */
  readonly cosine: number;
}

/** Scores of a set. */
export interface PairScores {
  /** One a caption, in the order of the set. */
  readonly pairs: readonly PairScore[];
  /** What CLIP says of each picture that could be read, not normalized. */
  readonly images: Features;
  /** Captions that are longer than the tower reads; their ends are cut off. */
  readonly cut: number;
  /** Pictures that could not be read. */
  readonly broken: readonly LeftOut[];
}

/** Choices when pairs are scored. */
export interface PairScoreOptions extends SetFeaturesOptions {
  /** How both are shown to CLIP; as OpenAI does by default. */
  readonly convention?: Pick<ClipScoreConvention, "resize" | "prefix">;
}

/**
 * Scores each caption of each picture.
 *
 * @throws Error as {@linkcode featuresOfSet}
 */
export async function scorePairs(
  clip: Clip,
  set: PairSet,
  { convention = CLIP_SCORE_CONVENTIONS.cosine, ...options }: PairScoreOptions =
    {},
): Promise<PairScores> {
  const { resize, prefix = "" } = convention;
  const files = set.pairs.map(({ image }) => image);
  const pictures = {
    name: set.name,
    places: { kind: "files", files },
    leftOut: set.leftOut,
  } as const;
  const { features, indices, broken } = await featuresOfSet(
    clipExtractor(clip, resize),
    pictures,
    options,
  );
  const said = indices.flatMap((index, row) => {
    const { id, captions } = set.pairs[index];
    return captions.map((caption) => ({ row, image: id, caption }));
  });
  const captions = said.map(({ caption }) =>
    captionText(prefix + caption, resize)
  );
  const texts = await textFeatures(clip, captions, options);
  const rows = pickRows(features, said.map(({ row }) => row));
  const { pairs } = clipScore(rows, texts, CLIP_SCORE_CONVENTIONS.cosine);
  const most = clip.config.text.positions;
  return {
    pairs: said.map(({ image, caption }, i) => ({
      image,
      caption,
      cosine: pairs[i],
    })),
    images: features,
    cut: captions.filter((caption) => {
      return clip.tokenizer.encode(caption).length > most;
    }).length,
    broken,
  };
}

async function textFeatures(
  clip: Clip,
  captions: readonly string[],
  { batch }: SetFeaturesOptions,
): Promise<Features> {
  const { width } = clip;
  const data = await clip.encodeTexts(captions, {
    normalized: false,
    ...(batch === undefined ? {} : { batch }),
  });
  return { count: captions.length, width, data };
}
