/** A judge of 16 px that has learned nothing, for tests. */

import { randomWeights, weightEntries } from "../../lib/run/random_weights.ts";
import { writeSafetensors } from "../../lib/run/safetensors.ts";
import type { ProbeConfig } from "./config.ts";
import { readingOutputs } from "./network.ts";
import { QUESTIONS } from "./verdict.ts";

/** Its sizes. */
export const TOY: ProbeConfig = {
  imageSize: 16,
  stem: 1,
  channels: [8, 16],
  blocks: [1, 1],
  cellBlocks: 1,
  groups: 4,
};

/** Its graph. */
export function toyGraph() {
  return readingOutputs(TOY);
}

/** Weights that nobody trained. */
export function toyWeights() {
  return randomWeights("toy judge", Object.values(toyGraph()), 0.2);
}

/** Figures of a judge that is right at the same rate about everything. */
export function toyQuality(rate: number, pictures = 2000): string {
  const one = { rate, low: 0, high: 1, trials: pictures, chance: 0 };
  return JSON.stringify({
    pictures,
    kindsRight: rate,
    ...Object.fromEntries(QUESTIONS.map((question) => [question, one])),
  });
}

/** Writes it as a file that says so of its quality. */
export async function writeToyJudge(
  path: string,
  quality?: string,
): Promise<void> {
  await writeSafetensors(path, weightEntries(toyWeights()), {
    stage: "judge",
    network: JSON.stringify(TOY),
    ...(quality !== undefined && { quality }),
  });
}
