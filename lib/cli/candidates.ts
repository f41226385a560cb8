/** Candidates of which a command keeps the best. */

import type { OpenScore } from "../../eval/scores.ts";
import type { BestOf, Candidates } from "../muse/best_of.ts";
import type { Model } from "../muse/pipeline.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import type { BestRequest } from "./draw_args.ts";

/** The best of several, ready to be found. */
export interface OpenBest {
  /** What a drawing of pictures takes; each one tells its own candidates. */
  bestOf(status: (text: string) => void): BestOf;
  /** Frees what it holds; not the model. */
  release(): Promise<void>;
}

/** How a picture came to be the best. */
export interface BestSeed {
  readonly seed: number;
  readonly score: number;
}

/** Prepares the score that is asked for, if one is. */
export async function openBest(
  best: BestRequest | undefined,
  muse: Model,
  run: RunOptions,
): Promise<OpenBest | undefined> {
  if (!best) return undefined;
  const { count } = best;
  const { score, release } = await openScoreOf(best, muse, run);
  return {
    bestOf(status) {
      let scored = 0;
      return {
        count,
        score(candidates: Candidates) {
          status(`scored candidate ${++scored} of ${count}`);
          return score(candidates);
        },
      };
    },
    release,
  };
}

/** Loads what the score needs, and no other. */
async function openScoreOf(
  best: BestRequest,
  muse: Model,
  run: RunOptions,
): Promise<OpenScore> {
  if (best.score === "clip") {
    const { openClipScore } = await import("../../eval/clip_choice.ts");
    const { clipPath } = await import("./clip_path.ts");
    return await openClipScore(await clipPath(best.clip), run);
  }
  const { openScore } = await import("../../eval/scores.ts");
  return await openScore(best.score, muse);
}

/** The best candidates' seeds and scores, one a picture, if there are any. */
export function bestSeeds(
  { seeds, scores }: {
    readonly seeds: readonly number[];
    readonly scores?: readonly number[];
  },
): readonly (BestSeed | undefined)[] {
  return seeds.map((seed, i) => scores && { seed, score: scores[i] });
}

/** What the file of a picture says of it. */
export function bestText(
  best: BestSeed | undefined,
): { readonly "best seed"?: string } {
  return best ? { "best seed": String(best.seed) } : {};
}

/** And of how it was found. */
export function bestOfText(
  best: BestRequest | undefined,
): { readonly "best of"?: string } {
  if (!best) return {};
  const by = best.score === "clip" ? `clip ${best.clip}` : best.score;
  return { "best of": `${best.count} by ${by}` };
}
