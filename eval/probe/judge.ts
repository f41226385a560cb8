/** The judge of emoji scenes: a network that has shown that it reads well. */

import { embeddedPath, measureFile } from "../../lib/hub/embedded.ts";
import type { Picture } from "../../lib/image/picture.ts";
import { checkWeights } from "../../lib/run/check_weights.ts";
import { exists } from "../../lib/run/exists.ts";
import { loadWeights } from "../../lib/run/load_weights.ts";
import { readNetwork } from "../../lib/run/network_metadata.ts";
import {
  readSafetensorsHeader,
  type SafetensorsHeader,
} from "../../lib/run/safetensors.ts";
import type { ThreadOptions } from "../../lib/run/session.ts";
import type { Scene } from "../../datasets/mod.ts";
import { frechetDistance } from "../metrics/frechet.ts";
import type { Features } from "../metrics/features.ts";
import { gaussianOf, momentsOf } from "../metrics/moments.ts";
import { parseProbeConfig } from "./config.ts";
import type { JudgedFigures } from "./figures.ts";
import { readingOutputs } from "./network.ts";
import { createProbe, type Probe } from "./probe.ts";
import { judgeReading, type Question, type Verdict } from "./verdict.ts";

/** A judge in memory. */
export interface Judge extends Probe {
  /** SHA-256 of its file, which every figure depends on. */
  readonly hash: string;
  /** What it reads right in real scenes. */
  readonly quality: JudgedFigures;
}

/** How often a judge has to be right about real scenes. */
const BARS: Readonly<Partial<Record<Question, number>>> = {
  object: 0.9,
  count: 0.95,
  background: 0.95,
  relation: 0.95,
  style: 0.95,
};

/** Fewer scenes say too little of a judge. */
const LEAST_SCENES = 1000;

/** How to come by a judge. */
const TRAIN_JUDGE = "train one with `deno task train judge`, then " +
  "write it with `deno task train judge --int8 --export " +
  "weights/mini/judge.safetensors`";

/** Where the judge of the repository is. */
export function judgePath(): string {
  return embeddedPath("mini/judge.safetensors");
}

/**
 * Loads the network of a judge, whatever it is worth.
 *
 * @throws Error if the file is missing, damaged, or not a judge's
 */
export async function loadProbe(
  path: string,
  options: ThreadOptions = {},
): Promise<Probe> {
  return await openProbe(await readSafetensorsHeader(path), options);
}

async function openProbe(
  header: SafetensorsHeader,
  options: ThreadOptions = {},
): Promise<Probe> {
  const { path } = header;
  const config = parseProbeConfig(readNetwork(header, "judge"), path);
  const weights = await loadWeights(path, { widen: true });
  checkWeights(path, weights, Object.values(readingOutputs(config)));
  return createProbe(config, weights, options);
}

/**
 * Loads a judge, by default that of the repository, that reads real scenes
 * well enough: as its file says, measured when it was written.
 *
 * @throws Error if there is none, the file is damaged, or it doesn't
 */
export async function loadJudge(
  path: string = judgePath(),
  options: ThreadOptions = {},
): Promise<Judge> {
  if (!await exists(path)) {
    throw new Error(
      `Cannot judge pictures: there is no ${path}; ${TRAIN_JUDGE}`,
    );
  }
  const header = await readSafetensorsHeader(path);
  const faults = qualityFaults(header.metadata.quality);
  if (faults.length > 0) {
    throw new Error(
      `Cannot judge pictures by ${path}: of real scenes it has ` +
        `${faults.join(", ")}; train it for longer and export it again`,
    );
  }
  const quality: JudgedFigures = JSON.parse(header.metadata.quality);
  const { sha256: hash } = await measureFile(path);
  return { ...await openProbe(header, options), hash, quality };
}

/** What is too little in figures that a file says of its network. */
export function qualityFaults(stored: string | undefined): string[] {
  if (stored === undefined) return ["read none yet"];
  const figures = parseFigures(stored);
  const scenes = figures?.pictures;
  if (!(typeof scenes === "number" && scenes >= LEAST_SCENES)) {
    return [`read ${scenes ?? "no"} scenes, wanted ${LEAST_SCENES}`];
  }
  return Object.entries(BARS).flatMap(([question, bar]) => {
    const rate = figures?.[question as Question]?.rate;
    if (typeof rate === "number" && rate >= bar) return [];
    const found = typeof rate === "number"
      ? `${(100 * rate).toFixed(1)}%`
      : "nothing";
    return [`${question} right in ${found}, wanted ${100 * bar}%`];
  });
}

/** Figures whose form nobody has checked. */
interface StoredFigures
  extends Partial<Record<Question, { readonly rate?: unknown } | null>> {
  readonly pictures?: unknown;
}

function parseFigures(text: string): StoredFigures | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Compares pictures with the scenes whose captions they were drawn from.
 *
 * @throws RangeError for pictures of another size than the judge's or of
 * another number than scenes
 */
export async function judgePictures(
  judge: Probe,
  pictures: readonly Picture[],
  scenes: readonly Scene[],
): Promise<Verdict[]> {
  if (pictures.length !== scenes.length) {
    throw new RangeError(
      `Cannot judge pictures: found ${pictures.length} and ${scenes.length} ` +
        `scenes, wanted the scene of each`,
    );
  }
  const readings = await judge.read(pictures);
  return readings.map((reading, i) => judgeReading(reading, scenes[i]));
}

/**
 * FD-probe: the Fréchet distance of what a judge sees in two sets of pictures
 * (`Probe.features`). Comparable between figures of one judge and of equal
 * numbers of pictures only: it falls as pictures are added. It is not FID.
 */
export async function probeDistance(a: Features, b: Features): Promise<number> {
  return await frechetDistance(
    gaussianOf(await momentsOf(a)),
    gaussianOf(await momentsOf(b)),
  );
}
