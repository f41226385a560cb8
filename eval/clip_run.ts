/** How fast CLIP's towers are here, by random weights. */

import type { ClipConfig } from "../lib/clip/config.ts";
import { clipTextTower } from "../lib/clip/text_tower.ts";
import { clipVisionTower } from "../lib/clip/vision_tower.ts";
import { leaves, type Node } from "../lib/graph/node.ts";
import type { Values } from "../lib/graph/op.ts";
import { input } from "../lib/graph/ops.ts";
import { createRng } from "../lib/run/random.ts";
import { createSession } from "../lib/run/session.ts";
import { median, repeat } from "../lib/run/timing.ts";
import { tiledWeights } from "./tiled_weights.ts";

/** What is run. */
export interface ClipRunOptions {
  /** Pictures or texts at a time. */
  readonly batch: number;
  /** Measured runs of each tower, after one that isn't. */
  readonly runs: number;
  readonly onPart?: (part: string) => void;
}

/** What a tower took. */
export interface TowerFigures {
  readonly tower: "images" | "texts";
  readonly parameters: number;
  /** A batch takes so long, from the fastest run to the slowest. */
  readonly seconds: readonly number[];
  /** Of a run in the middle. */
  readonly perSecond: number;
}

/** Runs both towers, one after the other. */
export async function runClip(
  { text, vision }: ClipConfig,
  { batch, runs, onPart = () => {} }: ClipRunOptions,
): Promise<TowerFigures[]> {
  const rng = createRng("clip run");
  const { size } = vision;
  const pixels = input("pixels", ["1B", 3, size, size]);
  const ids = input("ids", ["1B", text.positions], "int32");
  const count = batch * 3 * size * size;
  const towers = [
    {
      tower: "images",
      output: clipVisionTower(vision, pixels).embedding,
      feed: Float32Array.from({ length: count }, () => rng.normal()),
    },
    {
      tower: "texts",
      output: clipTextTower(text, ids).embedding,
      feed: Int32Array.from(
        { length: batch * text.positions },
        () => rng.integer(text.vocabulary),
      ),
    },
  ] as const;
  const figures: TowerFigures[] = [];
  for (const { tower, output, feed } of towers) {
    onPart(tower);
    const name = tower === "images" ? "pixels" : "ids";
    const timed = await time(output, { [name]: feed }, runs);
    figures.push({ tower, ...timed, perSecond: batch / median(timed.seconds) });
  }
  return figures;
}

async function time(
  output: Node,
  feeds: Readonly<Record<string, Values>>,
  runs: number,
): Promise<{ parameters: number; seconds: number[] }> {
  const shapes = new Map(
    leaves([output], "parameter").map(({ op, shape }) =>
      [op.name, shape as number[]] as const
    ),
  );
  const session = await createSession(
    { output },
    tiledWeights(shapes, "float32"),
  );
  const seconds = await repeat({ warmUp: 1, runs }, () => session.run(feeds));
  await session.release();
  const parameters = shapes.values()
    .map((shape) => shape.reduce((a, b) => a * b, 1))
    .reduce((a, b) => a + b);
  return { parameters, seconds: seconds.sort((a, b) => a - b) };
}
