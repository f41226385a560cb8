/** The paper's sizes by random weights, for text states that are random too. */

import { join } from "node:path";
import type { BaseConfig } from "../../lib/muse/config.ts";
import { loadTogether } from "../../lib/muse/load_together.ts";
import { loadBaseModel } from "../../lib/muse/model.ts";
import type { Muse } from "../../lib/muse/pipeline.ts";
import type { SuperresConfig } from "../../lib/muse/superres_config.ts";
import { loadSuperresModel } from "../../lib/muse/superres_model.ts";
import type { RunOptions } from "../../lib/run/precise_weights.ts";
import { createRng } from "../../lib/run/random.ts";
import { writeRandomTensors } from "../../lib/run/random_weights.ts";
import type { PromptEncoder } from "../../lib/text/encode.ts";
import { networkShapes } from "../../lib/train/shapes.ts";
import type { VqganConfig } from "../../lib/vqgan/config.ts";
import { loadTokenizer } from "../../lib/vqgan/load.ts";
import type { System } from "./part.ts";
import { pipelineParts } from "./pipeline_parts.ts";
import { baseGraph } from "./pipelines.ts";

/** The networks; where there is no super-resolution, the base's own pictures. */
export interface DrawingNetworks {
  readonly base: BaseConfig;
  readonly superres?: SuperresConfig;
  /** Draws the tokens of super-resolution, or else the base's. */
  readonly tokenizer: VqganConfig;
}

/** The shapes of each network's parameters, by the stage that trains it. */
function shapesOf({ base, superres, tokenizer }: DrawingNetworks) {
  return {
    base: networkShapes("base", base),
    tokenizer: networkShapes("tokenizer", tokenizer),
    ...(superres && { superres: networkShapes("superres", superres) }),
  };
}

const fileOf = (folder: string, stage: keyof DrawingNetworks) =>
  join(folder, `${stage}.safetensors`);

/** Networks of these sizes, in files as our own trainer writes them. */
export function paperSystem(title: string, networks: DrawingNetworks): System {
  const shapes = Object.entries(shapesOf(networks));
  const count = shapes.flatMap(([, network]) => [...network.values()])
    .map((shape) => shape.reduce((a, b) => a * b, 1))
    .reduce((a, b) => a + b, 0);
  return {
    title,
    parts: {
      "base step": 1,
      ...(networks.superres && { "super-res step": 1 }),
      "VQGAN decode": 1,
      picture: 1,
    },
    precisions: ["fp32", "int8"],
    bytes: 6.2 * count, // with a copy in fewer bits
    find: () => Promise.resolve(undefined),
    async write(folder) {
      for (const [stage, tensors] of shapes) {
        const network = networks[stage as keyof DrawingNetworks];
        const metadata = { stage, network: JSON.stringify(network) };
        const path = fileOf(folder, stage as keyof DrawingNetworks);
        await writeRandomTensors(path, tensors, { key: stage, metadata });
      }
      return { path: folder, isRandom: true };
    },
    async open(path, { precision, threads, device, cache }) {
      const run = { precision, threads, device, cache };
      const model = await loadPaper(title, path, networks, run);
      return pipelineParts(model, { text: [], step: baseGraph(model.base) });
    },
  };
}

function loadPaper(
  name: string,
  folder: string,
  { base: { textLength, textWidth }, superres: high }: DrawingNetworks,
  run: RunOptions,
): Promise<Muse> {
  return loadTogether(
    [
      loadBaseModel(fileOf(folder, "base"), run),
      loadTokenizer(fileOf(folder, "tokenizer"), run),
      high
        ? loadSuperresModel(fileOf(folder, "superres"), run)
        : Promise.resolve(undefined),
    ],
    ([base, tokenizer, larger]) => {
      const parts = [base, tokenizer, larger];
      const release = async () => {
        await Promise.all(parts.map((part) => part?.release()));
      };
      return {
        ...{ name, hash: "", base, tokenizer, release },
        encoder: randomStates(textLength, textWidth),
        ...(larger && { superres: { model: larger, tokenizer, release } }),
      };
    },
  );
}

/** In the place of T5-XXL, whose 4.8 billion parameters are another system. */
function randomStates(length: number, width: number): PromptEncoder {
  const rng = createRng("random prompt");
  return {
    tokenizer: { padId: 0, encode: () => [1], pieces: () => [""] },
    length,
    width,
    encode: (ids) =>
      Promise.resolve({
        states: Float32Array.from(
          { length: ids.length * width },
          () => rng.normal(),
        ),
      }),
    release: () => Promise.resolve(),
  };
}
