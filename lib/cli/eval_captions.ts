/** `eval fid`'s CLIP score: of samples that come with their captions. */

import { openPairs, type PairSet } from "../../datasets/mod.ts";
import { meanOf } from "../../eval/measure.ts";
import {
  CLIP_SCORE_CONVENTIONS,
  type ClipScoreConvention,
  scoreOfCosines,
} from "../../eval/metrics/clip_score.ts";
import { hashFeatures } from "../../eval/metrics/features.ts";
import type { MetricFigure } from "../../eval/metrics/metric_figure.ts";
import { weightsHash } from "../hub/weights_hash.ts";
import { findClips, type FoundClip, scoreBy } from "./clip_scores.ts";
import { brokenText, type FeatureRequest } from "./feature_args.ts";
import { openNamedPairs } from "./named_sets.ts";

/** The metric, as it is asked for. */
export const CLIP_SCORE = "clip-score";

/** Programs by whose scale it is given; that of the papers is the first. */
const CLIP_SCORE_PROGRAMS: readonly string[] = Object.keys(
  CLIP_SCORE_CONVENTIONS,
);

/** Captioned samples and the models that are to score them. */
export interface CaptionScoring {
  readonly set: PairSet;
  readonly clips: readonly FoundClip[];
}

/**
 * Finds the captions of samples, and the models.
 *
 * @param list of models, as `eval clip-score` takes it
 * @throws Error if there are no captions, or a model isn't here
 */
export async function openCaptions(
  path: string,
  list: string | undefined,
  { yes }: Pick<FeatureRequest, "yes">,
): Promise<CaptionScoring> {
  let set: PairSet;
  try {
    set = await openNamedPairs(path) ?? await openPairs(path);
  } catch (error) {
    throw new Error(
      `Cannot compute ${CLIP_SCORE} of ${path}, for want of captions: ` +
        `${(error as Error).message}. It takes a folder or .zip of pictures ` +
        `with a .txt beside each, a captions.jsonl or .csv, or shards`,
    );
  }
  return { set, clips: await findClips(list, yes) };
}

/** The score by each model, with everything that it depends on. */
export async function captionFigures(
  { set, clips }: CaptionScoring,
  convention: string | undefined,
  { batch, run, skipBroken }: FeatureRequest,
): Promise<MetricFigure[]> {
  // Most programs for FID have no CLIP score.
  const program = CLIP_SCORE_PROGRAMS.find((name) => name === convention) ??
    CLIP_SCORE_PROGRAMS[0];
  const scale: ClipScoreConvention =
    CLIP_SCORE_CONVENTIONS[program as keyof typeof CLIP_SCORE_CONVENTIONS];
  const figures: MetricFigure[] = [];
  for (const clip of clips) {
    const { model, pairs, images, cut, broken } = await scoreBy(clip, set, {
      run,
      convention: scale,
      skipBroken,
      ...(batch === undefined ? {} : { batch }),
    });
    const left = brokenText(set.name, broken);
    if (left !== undefined) console.error(left);
    const cosines = pairs.map(({ cosine }) => cosine);
    const { value, pairs: scores } = scoreOfCosines(cosines, scale);
    figures.push({
      title: `CLIP score, ${model}`,
      metric: CLIP_SCORE,
      convention: program,
      ...meanOf([...scores]),
      value,
      samples: {
        name: set.name,
        hash: hashFeatures(images),
        count: images.count,
        width: images.width,
        network: "clip",
        weights: await weightsHash(clip.path),
        resize: scale.resize,
        precision: run.precision ?? "fp32",
      },
      settings: { captions: pairs.length },
      notes: cut === 0
        ? []
        : [`${cut} captions cut to the length ${model} reads`],
    });
  }
  return figures;
}
