/** Small finished runs for tests, as their files. */

import { join } from "node:path";
import {
  captionScene,
  loadSprites,
  renderScene,
  sampleScene,
} from "../../datasets/mod.ts";
import { encodePng } from "../../lib/image/encode.ts";
import { createRng } from "../../lib/run/random.ts";
import { linesOf, writeRunFile, writeRunJson } from "../run/files.ts";
import { samplesHash } from "../run/open_run.ts";
import {
  imageName,
  RUN_FILES,
  type RunFigure,
  type RunMetrics,
  type RunRecord,
  type RunScores,
  type Sample,
} from "../run/record.ts";

/** What may differ from run to run. */
export interface FixtureRun {
  readonly protocol?: string;
  readonly guidance?: number;
  readonly count?: number;
  readonly captions?: readonly string[];
  readonly figures?: readonly RunFigure[];
}

const HASH = "5e".repeat(32);
const GUIDANCE = 3;

/** A figure of so many pictures against COCO's. */
export function fixtureFigure(
  figure: Partial<RunFigure>,
  count: number,
): RunFigure {
  return {
    title: "FID",
    metric: "fid",
    convention: "pytorch-fid",
    value: 20,
    samples: { name: "mini", hash: HASH, count, width: 2048 },
    reference: {
      name: "val2014, centre crop 256",
      hash: "a1".repeat(32),
      count: 40_504,
      width: 2048,
    },
    settings: { resize: "torch bilinear 299" },
    notes: [],
    ...figure,
  };
}

/** Writes the files of a run into a folder. */
export async function writeFixtureRun(
  folder: string,
  options: FixtureRun = {},
): Promise<void> {
  const { guidance = GUIDANCE, count = 12 } = options;
  const samples = samplesOf(count, options.captions ?? []);
  const metrics: RunMetrics = {
    format: "muselab metrics",
    version: 1,
    run: HASH,
    figures: [...options.figures ?? cocoFigures(count, guidance)],
    leftOut: 1,
  };
  const file = (name: string) => join(folder, name);
  await Deno.mkdir(file(RUN_FILES.images), { recursive: true });
  await writeRunJson(file(RUN_FILES.run), recordOf(samples, options));
  await writeRunFile(file(RUN_FILES.samples), linesOf(samples));
  await writeRunJson(file(RUN_FILES.scores), scoresOf(samples));
  const lost = [{ name: "broken.jpg", reason: "ends too early" }];
  await writeRunFile(file(RUN_FILES.leftOut), linesOf(lost));
  const sprites = await loadSprites({ largest: 64 });
  for (const { index } of samples) {
    const scene = renderScene(sampleScene("validation", index), 64, sprites);
    const path = join(folder, RUN_FILES.images, imageName(index));
    await writeRunFile(path, await encodePng(scene));
  }
  await writeRunJson(file(RUN_FILES.metrics), metrics);
}

function recordOf(
  samples: readonly Sample[],
  { protocol = "coco", guidance = GUIDANCE }: FixtureRun,
): RunRecord {
  return {
    format: "muselab run",
    version: 1,
    protocol,
    source: {
      kind: "model",
      name: "mini",
      hash: HASH,
      settings: { guidance, steps: 12, schedule: "cosine" },
      width: 64,
      height: 64,
      precision: "fp32",
    },
    samples: { count: samples.length, seed: 7, hash: samplesHash(samples) },
    reference: {
      kind: "pictures",
      name: "val2014",
      hash: HASH,
      count: 40_504,
    },
    settings: { crop: "centre", captions: "one, by seed" },
    networks: [
      { name: "inception", kind: "inception", hash: HASH, resize: "torch" },
    ],
    metrics: [{
      metric: "fid",
      network: "inception",
      convention: "pytorch-fid",
    }],
    block: 16,
    versions: { "onnxruntime-node": "1.30.0", muselab: "0.1.0" },
  };
}

function scoresOf(samples: readonly Sample[]): RunScores {
  return {
    format: "muselab scores",
    version: 1,
    scores: [{
      name: "clip-score vit-b-32",
      title: "CLIP score, ViT-B/32",
      better: "higher",
      values: samples.map((_, i) => 0.2 + 0.1 * Math.sin(i * i)),
    }],
  };
}

function samplesOf(count: number, captions: readonly string[]): Sample[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    id: `COCO_val2014_${String(index).padStart(12, "0")}.jpg`,
    caption: captions[index] ?? captionOf(index),
    seed: 7 + index,
  }));
}

function captionOf(index: number): string {
  const scene = sampleScene("validation", index);
  return captionScene(scene, createRng("fixture", index));
}

function cocoFigures(count: number, guidance: number): RunFigure[] {
  return [
    fixtureFigure({
      value: 11.25 + (guidance - GUIDANCE) ** 2,
      notes: ["FID of so few pictures is too high; see FID-infinity."],
    }, count),
    fixtureFigure({
      title: "FID-infinity",
      metric: "fid-inf",
      convention: "dgm-eval",
      value: 9.876,
      deviation: 0.41,
    }, count),
    fixtureFigure({
      title: "CLIP score, ViT-B/32",
      metric: "clip-score",
      convention: "torchmetrics",
      value: 24 + guidance,
      interval: { low: 23.5 + guidance, high: 24.5 + guidance },
      reference: undefined,
      settings: {},
    }, count),
  ];
}
