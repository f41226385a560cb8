/** Training of the judge of emoji scenes, and what it is worth. */

import { createEmojiLoader } from "../../datasets/mod.ts";
import { streamEmoji } from "../../datasets/emoji/stream.ts";
import type { ProbeConfig } from "../../eval/probe/config.ts";
import type { JudgedFigures } from "../../eval/probe/figures.ts";
import { loadProbe, qualityFaults } from "../../eval/probe/judge.ts";
import { readingOutputs } from "../../eval/probe/network.ts";
import { judgeQuality } from "../../eval/probe/quality.ts";
import { probeStage, type SceneSource } from "../../eval/probe/stage.ts";
import type { JudgeRun } from "../../eval/probe/training_config.ts";
import { leaves } from "../graph/node.ts";
import { loadTogether } from "../muse/load_together.ts";
import {
  readSafetensorsHeader,
  readTensor,
  type SafetensorsEntry,
  writeSafetensors,
} from "../run/safetensors.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import { tellSprites } from "./emoji.ts";
import { judgedRows } from "./judged_text.ts";
import { withProgress } from "./status.ts";
import type { TrainRequest } from "./train.ts";
import { openOver } from "./train_open.ts";
import type { OpenStage } from "./train_run.ts";

/** Scenes that show the progress. */
const SHOWN = 12;
/** Validation scenes that a judge is measured on. */
const MEASURED = 2000;
/**
 * Another seed than that of the scenes a judge is measured on. Those for
 * generators show things larger and styles less evenly than validation does.
 */
const BALANCED = { split: "validation", seed: 1 } as const;

/** Opens the stage with its data and the tokenizer that rebuilds some of it. */
export async function openJudgeStage(
  request: TrainRequest,
  { network, training }: JudgeRun,
): Promise<OpenStage> {
  const size = network.imageSize;
  const path = request.tokenizers.tokenizer!;
  return await loadTogether([loadTokenizer(path)], async ([tokenizer]) => {
    checkRebuilder(path, tokenizer.config.imageSize, size);
    const source = sceneSource(size, training.batch);
    const rebuild = async (pixels: Float32Array) =>
      await tokenizer.decode(await tokenizer.encode(pixels));
    return await openOver(
      source,
      () => probeStage(network, training, source, rebuild),
      [tokenizer],
    );
  });
}

function checkRebuilder(path: string, found: number, wanted: number): void {
  if (found === wanted) return;
  throw new Error(
    `Cannot train a judge of ${wanted} px with pictures rebuilt by ${path}: ` +
      `it is for ${found} px; give another --tokenizer`,
  );
}

/** Balanced scenes of the emoji, drawn beside the training. */
function sceneSource(
  size: number,
  batch: number,
): SceneSource & { close(): void } {
  const sprites = { onProgress: tellSprites };
  const stream = streamEmoji({ ...BALANCED, size, batch, sprites });
  return {
    at: stream.at,
    close: stream.close,
    async shown() {
      // The stream has made the art by now.
      await stream.at(0);
      const options = { split: "validation", size, batch: SHOWN } as const;
      return (await createEmojiLoader(options)).next();
    },
  };
}

/** Parameters of a judge's network. */
export function judgeShapes(
  network: ProbeConfig,
): Map<string, readonly number[]> {
  const outputs = Object.values(readingOutputs(network));
  return new Map(
    leaves(outputs, "parameter").map(({ op, shape }) => [
      op.name,
      shape as number[],
    ]),
  );
}

/** Measures a judge's file on validation scenes, and writes it into the file. */
export async function measureJudge(path: string): Promise<void> {
  const quality = await measure(path);
  const header = await readSafetensorsHeader(path);
  const entries: SafetensorsEntry[] = [];
  for (const [name, { shape, dtype }] of header.tensors) {
    const data = await readTensor(header, name);
    entries.push({ name, shape, dtype, data } as SafetensorsEntry);
  }
  const stored = JSON.stringify(quality);
  await writeSafetensors(path, entries, {
    ...header.metadata,
    quality: stored,
  });
  const faults = qualityFaults(stored);
  console.log([
    `Read in ${quality.pictures} validation scenes`,
    ...judgedRows(quality),
    faults.length === 0
      ? "It may judge."
      : `It may not judge yet: ${faults.join(", ")}.`,
  ].join("\n"));
}

async function measure(path: string): Promise<JudgedFigures> {
  const judge = await loadProbe(path);
  try {
    return await withProgress("measured", (onProgress) =>
      judgeQuality(judge, {
        scenes: MEASURED,
        onProgress: (done) => onProgress(done, MEASURED),
      }));
  } finally {
    await judge.release();
  }
}
