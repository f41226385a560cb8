/** The network that reads scenes, with its weights. */

import { BACKGROUND_NAMES } from "../../datasets/emoji/colours.ts";
import { STYLES } from "../../datasets/mod.ts";
import { input } from "../../lib/graph/ops.ts";
import { type Picture, writePlanar } from "../../lib/image/picture.ts";
import { joinFloats } from "../../lib/run/join.ts";
import { lazySessions } from "../../lib/run/lazy_sessions.ts";
import type { HostTensor, ThreadOptions } from "../../lib/run/session.ts";
import type { Weights } from "../../lib/run/weights.ts";
import type { Features } from "../metrics/features.ts";
import { CELLS, type ProbeConfig } from "./config.ts";
import { probeFeatures, readingOutputs } from "./network.ts";
import { type Reading, readOutputs } from "./reading.ts";

/** A network in use. */
export interface Probe {
  /** What it looks like. */
  readonly config: ProbeConfig;
  /**
   * What pictures of its own size show.
   * @throws RangeError for pictures of another size
   */
  read(pictures: readonly Picture[]): Promise<Reading[]>;
  /**
   * What it sees in pictures of its own size before it names anything, one row
   * a picture: what FD-probe compares.
   *
   * @throws RangeError for no pictures, or of another size
   */
  features(pictures: readonly Picture[]): Promise<Features>;
  /**
   * The same of some pictures of its own size as planes [B,3,H,W] in -1..1.
   */
  featuresOf(pixels: Float32Array): Promise<Features>;
  /** Frees the native memory; it can't be used afterwards. */
  release(): Promise<void>;
}

/** Pictures at once. */
const AT_ONCE = 16;

/** Makes a network of the given weights. */
export function createProbe(
  config: ProbeConfig,
  weights: Weights,
  { threads, device }: ThreadOptions = {},
): Probe {
  const sessions = lazySessions("judge", weights, { threads, device });
  const { imageSize } = config;
  const wanted = `pictures of ${imageSize} pixels a side`;
  async function pooledOf(pixels: Float32Array) {
    const { pooled } = await sessions.run("features", () => {
      const shape = ["1B", 3, imageSize, imageSize] as const;
      const { pooled } = probeFeatures(config, input("pictures", shape));
      return { pooled };
    }, { pictures: pixels });
    return pooled.data as Float32Array;
  }
  return {
    config,
    async read(pictures) {
      checkSize(pictures, imageSize, wanted);
      const readings: Reading[] = [];
      for (const pixels of inBatches(pictures)) {
        const results = await sessions.run(
          "reading",
          () => readingOutputs(config),
          { pictures: pixels },
        );
        const count = pixels.length / (3 * imageSize ** 2);
        for (let i = 0; i < count; i++) readings.push(readOne(results, i));
      }
      return readings;
    },
    async features(pictures) {
      checkSize(pictures, imageSize, wanted);
      if (pictures.length === 0) refuse("found none", wanted);
      const parts: Float32Array[] = [];
      for (const pixels of inBatches(pictures)) {
        parts.push(await pooledOf(pixels));
      }
      const count = pictures.length;
      const data = joinFloats(parts);
      return { count, width: data.length / count, data };
    },
    async featuresOf(pixels) {
      const data = await pooledOf(pixels);
      const count = pixels.length / (3 * imageSize ** 2);
      return { count, width: data.length / count, data };
    },
    release: () => sessions.release(),
  };
}

/** What the outputs say of one picture of a batch. */
function readOne(
  outputs: Readonly<Record<string, HostTensor>>,
  index: number,
): Reading {
  const row = (name: string, width: number) =>
    outputs[name].data.subarray(index * width, (index + 1) * width);
  const grid = (name: string) => row(name, CELLS ** 2);
  return readOutputs({
    centre: grid("centre"),
    kind: grid("kind"),
    kindProbability: grid("kindProbability"),
    side: grid("side"),
    tint: grid("tint"),
    background: row("background", BACKGROUND_NAMES.length),
    style: row("style", STYLES.length),
  });
}

function refuse(found: string, wanted: string): never {
  throw new RangeError(
    `Cannot judge pictures: ${found}, wanted ${wanted}; resize them first`,
  );
}

function checkSize(
  pictures: readonly Picture[],
  side: number,
  wanted: string,
): void {
  const odd = pictures.find(({ width, height }) =>
    width !== side || height !== side
  );
  if (odd) refuse(`found one of ${odd.width}x${odd.height}`, wanted);
}

/** Pictures of one size as batches [B,3,H,W] in -1..1. */
function* inBatches(pictures: readonly Picture[]): Generator<Float32Array> {
  for (let start = 0; start < pictures.length; start += AT_ONCE) {
    const batch = pictures.slice(start, start + AT_ONCE);
    const size = batch[0].data.length;
    const pixels = new Float32Array(batch.length * size);
    batch.forEach((picture, i) => {
      writePlanar(picture, pixels.subarray(i * size, (i + 1) * size));
    });
    yield pixels;
  }
}
