/** CLIP scores of captioned pictures by models that are named. */

import type { PairSet } from "../../datasets/mod.ts";
import {
  type PairScoreOptions,
  type PairScores,
  scorePairs,
} from "../../eval/pair_scores.ts";
import { loadClip } from "../clip/model.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { checkpointPath, CLIP_CHECKPOINTS } from "./checkpoint_path.ts";
import { checkNetworkNames, networkName } from "./network_names.ts";
import { withProgress } from "./status.ts";

/** The model that scores unless others are named. */
const USUAL = "b-32";

/** A CLIP that is here. */
export interface FoundClip {
  /** Its checkpoint, or what its folder or file is called. */
  readonly model: string;
  readonly path: string;
}

/** What a model says. */
export interface ModelScores extends PairScores {
  readonly model: string;
}

/**
 * Finds the models of a list with commas.
 *
 * @param yes whether they may be downloaded without asking
 * @throws UsageError if two are called the same; Error if one isn't here
 */
export async function findClips(
  list: string = USUAL,
  yes: boolean,
): Promise<FoundClip[]> {
  const found: FoundClip[] = [];
  const all = list.split(",").map((part) => part.trim())
    .map((name) => CLIP_CHECKPOINTS[name] ?? name);
  const names = [...new Set(all)]; // b-32 may be named in full as well
  checkNetworkNames("clip", names);
  for (const name of names) {
    found.push({
      model: networkName(name),
      path: await checkpointPath("clip", name, yes),
    });
  }
  return found;
}

/** Choices when a set is scored. */
export interface ScoringOptions
  extends Pick<PairScoreOptions, "batch" | "convention" | "skipBroken"> {
  /** How the model is run. */
  readonly run: RunOptions;
}

/** Scores a set by a model, with its progress. */
export async function scoreBy(
  { model, path }: FoundClip,
  set: PairSet,
  { run, ...options }: ScoringOptions,
): Promise<ModelScores> {
  const clip = await loadClip(path, run);
  try {
    const scores = await withProgress(
      `${model} looked at`,
      (onProgress) =>
        scorePairs(clip, set, {
          ...options,
          onProgress: (done) => onProgress(done, set.pairs.length),
        }),
    );
    return { model, ...scores };
  } finally {
    await clip.release();
  }
}
