/** Training of the network that reads scenes as a stage of the loop. */

import type { Scene } from "../../datasets/mod.ts";
import { leaves } from "../../lib/graph/node.ts";
import { encodePng } from "../../lib/image/encode.ts";
import { fromPlanarBatch } from "../../lib/image/picture.ts";
import { contactSheet } from "../../lib/image/sheet.ts";
import { writeAtomic } from "../../lib/run/atomic.ts";
import { createRng } from "../../lib/run/random.ts";
import type { Weights } from "../../lib/run/weights.ts";
import { averagedWeights } from "../../lib/train/averages.ts";
import type { StageTraining } from "../../lib/train/config_form.ts";
import type { Stage } from "../../lib/train/loop.ts";
import {
  createTrainStep,
  trainsAll,
  type TrainStep,
} from "../../lib/train/step.ts";
import { augment } from "./augment.ts";
import type { ProbeConfig } from "./config.ts";
import { probeGraph } from "./objective.ts";
import { createProbe } from "./probe.ts";
import type { Reading } from "./reading.ts";
import { sceneTargets } from "./targets.ts";
import type { JudgeRun } from "./training_config.ts";

/** How to train the network. */
export type ProbeTraining = StageTraining<JudgeRun>;

/** Pictures [B,3,H,W] in -1..1 with what they show. */
export interface SceneBatch {
  readonly pixels: Float32Array;
  readonly scenes: readonly Scene[];
}

/** Batches by number. */
export interface SceneSource {
  at(position: number): Promise<SceneBatch>;
  /** Scenes to show the progress by, that are never trained on. */
  shown(): Promise<SceneBatch>;
}

/** Makes of pictures what a generator at its best would. */
export type Rebuild = (pixels: Float32Array) => Promise<Float32Array>;

/** Builds the stage. */
export async function probeStage(
  config: ProbeConfig,
  training: ProbeTraining,
  source: SceneSource,
  rebuild: Rebuild,
): Promise<Stage> {
  const { seed, batch, losses, optimizer, averaging } = training;
  const { loss, outputs } = probeGraph(config, losses, batch);
  const parameters = leaves([loss], "parameter");
  const shown = await source.shown();
  let compiled: Promise<TrainStep> | undefined;
  return {
    parameters,
    stepAt: () =>
      compiled ??= createTrainStep({
        losses: [{ value: loss, trains: trainsAll }],
        outputs,
        optimizer,
        averaging,
      }),
    async feeds(number) {
      const { pixels, scenes } = await source.at(number);
      const rng = createRng("probe", seed, number);
      const isRebuilt = rng.uniform() < training.rebuilt;
      const pictures = isRebuilt ? await rebuild(pixels) : pixels.slice();
      augment(pictures, config.imageSize, rng);
      return { pictures, ...sceneTargets(scenes) };
    },
    observe: (_, results) =>
      Object.fromEntries(
        ["loss", "gradientNorm", ...Object.keys(outputs)]
          .map((name) => [name, results[name].data[0]]),
      ),
    extra: () => new Map(),
    sample: (state, path) =>
      writeSample(config, averagedWeights(parameters, state), shown, path),
    close: async () => await (await compiled)?.release(),
  };
}

/** Pictures with what the weights read in them. */
async function writeSample(
  config: ProbeConfig,
  weights: Weights,
  { pixels }: SceneBatch,
  path: string,
): Promise<void> {
  const { imageSize: side } = config;
  const pictures = fromPlanarBatch(pixels, side, side);
  const probe = createProbe(config, weights);
  try {
    const readings = await probe.read(pictures);
    const captions = readings.map(describeReading);
    const sheet = contactSheet(pictures, { captions });
    await writeAtomic(path, [await encodePng(sheet)]);
  } finally {
    await probe.release();
  }
}

/** A reading in a few words: "2 red fox, tree on blue, flat". */
export function describeReading(
  { objects, background, style }: Reading,
): string {
  const counts = new Map<string, number>();
  for (const { kind, tint } of objects) {
    const name = tint === null ? kind : `${tint} ${kind}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const things = [...counts]
    .map(([name, count]) => count > 1 ? `${count} ${name}` : name);
  const shown = things.length > 0 ? things.join(", ") : "nothing";
  return `${shown} on ${background.join(" to ")}, ${style}`;
}
