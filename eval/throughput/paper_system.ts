/** The paper's sizes by random weights, for text states that are random too. */

import { createBaseModel } from "../../lib/muse/model.ts";
import type { Muse } from "../../lib/muse/pipeline.ts";
import { createSuperresModel } from "../../lib/muse/superres_model.ts";
import { createRng } from "../../lib/run/random.ts";
import type { ThreadOptions } from "../../lib/run/session.ts";
import type { PromptEncoder } from "../../lib/text/encode.ts";
import { networkShapes } from "../../lib/train/shapes.ts";
import { createTokenizer } from "../../lib/vqgan/model.ts";
import type { PaperSizes } from "../paper_run.ts";
import { tiledWeights } from "../tiled_weights.ts";
import type { System } from "./part.ts";
import { pipelineParts } from "./pipeline_parts.ts";
import { baseGraph } from "./pipelines.ts";

/** Those of the base's own pictures have no super-resolution. */
type Sizes =
  & Omit<PaperSizes, "superres">
  & Partial<Pick<PaperSizes, "superres">>;

/** Networks of these sizes, in memory alone. */
export function paperSystem(title: string, sizes: Sizes): System {
  return {
    title,
    parts: {
      "base step": 1,
      ...(sizes.superres && { "super-res step": 1 }),
      "VQGAN decode": 1,
      picture: 1,
    },
    precisions: ["fp32"],
    bytes: 0,
    find: () => Promise.resolve({ path: "", isRandom: true }),
    write: () => Promise.reject(new Error("these weights are in memory")),
    open(_, { threads, device }) {
      const model = paperModel(title, sizes, { threads, device });
      const step = baseGraph(model.base);
      return Promise.resolve(pipelineParts(model, { text: [], step }));
    },
  };
}

function paperModel(
  name: string,
  { base: config, superres: high, tokenizer: pixels, storage }: Sizes,
  run: ThreadOptions,
): Muse {
  const base = createBaseModel(
    config,
    tiledWeights(networkShapes("base", config), storage),
    run,
  );
  const larger = high && createSuperresModel(
    high,
    tiledWeights(networkShapes("superres", high), storage),
    run,
  );
  const tokenizer = createTokenizer(
    pixels,
    tiledWeights(networkShapes("tokenizer", pixels), storage),
    run,
  );
  const parts = [base, tokenizer, ...larger ? [larger] : []];
  const release = async () => {
    await Promise.all(parts.map((part) => part.release()));
  };
  return {
    ...{ name, hash: "", base, tokenizer, release },
    encoder: randomStates(config.textLength, config.textWidth),
    ...(larger && { superres: { model: larger, tokenizer, release } }),
  };
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
