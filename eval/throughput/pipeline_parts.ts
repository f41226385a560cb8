/** The parts of a model that draws: of mini, aMUSEd, and the paper's sizes. */

import type { Node } from "../../lib/graph/node.ts";
import { input } from "../../lib/graph/ops.ts";
import { maskId, tokenCount } from "../../lib/muse/config.ts";
import type { Predict } from "../../lib/muse/decode.ts";
import { blankTokens } from "../../lib/muse/decode_state.ts";
import type { Superres } from "../../lib/muse/enlarge.ts";
import { generate, type Model, openMuse } from "../../lib/muse/pipeline.ts";
import { createRng } from "../../lib/run/random.ts";
import type { SamplerOptions } from "../../lib/muse/sample_graph.ts";
import { stepOutputs } from "../../lib/muse/superres_model.ts";
import { encodeText } from "../../lib/text/encode.ts";
import type { Extent } from "../../lib/vqgan/config.ts";
import type { Tokenizer } from "../../lib/vqgan/model.ts";
import { tokenPictures } from "../../lib/vqgan/network.ts";
import type { OpenSystem, Part, PartName } from "./part.ts";

/** Steps of the base are guided; those of super-resolution are not. */
export const GUIDED: SamplerOptions = { guided: true, truncated: false };
const PLAIN: SamplerOptions = { guided: false, truncated: false };
const SCALE = 4;

/** Graphs that a model doesn't give away. */
export interface PipelineGraphs {
  /** Texts [B,T] -> states. */
  readonly text: Iterable<Node>;
  /** A guided step of the base. */
  readonly step: Iterable<Node>;
}

/** All parts of a model. */
export function pipelineParts(
  model: Model,
  graphs: PipelineGraphs,
): OpenSystem {
  const { superres, tokenizer, base } = model;
  const parts: Partial<Record<PartName, Part>> = {
    "text": {
      outputs: graphs.text,
      prepare: ({ batch }) =>
        Promise.resolve(() => encodeText(model.encoder, freshPrompts(batch))),
    },
    "base step": { outputs: graphs.step, prepare: baseStep(model) },
    ...(superres && {
      "super-res step": {
        outputs: Object.values(stepOutputs(superres.model.config, PLAIN)),
        prepare: superresStep(model, superres),
      },
    }),
    "VQGAN decode": superres
      ? vqganDecode(superres.tokenizer, superres.model.config.grid)
      : vqganDecode(tokenizer, base.config.grid),
    "picture": {
      async prepare({ batch, steps }) {
        const options = steps === undefined ? {} : { steps };
        await openMuse(model, options);
        return () => generate(model, freshPrompts(batch), options);
      },
    },
  };
  return { parts, release: () => model.release() };
}

let prompts = 0;
const start = Date.now();

/** Prompts that nobody asked for yet: encoders remember what they read. */
function freshPrompts(count: number): string[] {
  return Array.from(
    { length: count },
    () => `picture ${start + prompts++} of a red apple beside two green pears`,
  );
}

function baseStep({ encoder, base }: Model): Part["prepare"] {
  return async ({ batch }) => {
    const text = await encodeText(encoder, freshPrompts(batch));
    const negative = base.emptyText === undefined
      ? undefined
      : await encodeText(encoder, [base.emptyText]);
    const predict = await base.predictor(text, negative, true);
    return stepOf(predict, batch, base.config, SCALE);
  };
}

function superresStep(
  { encoder, base }: Model,
  { model }: Superres,
): Part["prepare"] {
  return async ({ batch }) => {
    const text = await encodeText(encoder, freshPrompts(batch));
    const low = randomIds(batch * tokenCount(base.config), base.config.codes);
    const predict = await model.predictor(low, text);
    return stepOf(predict, batch, model.config, 0);
  };
}

/** A step in which all tokens are unknown yet. */
function stepOf(
  predict: Predict,
  batch: number,
  sizes: { readonly codes: number; readonly grid: Extent },
  guidance: number,
): () => Promise<unknown> {
  const count = tokenCount(sizes);
  const tokens = blankTokens(batch, count, maskId(sizes));
  const rng = createRng("throughput");
  const uniforms = Float32Array.from(tokens, () => rng.uniform());
  return () => predict(tokens, { guidance, temperature: 1, uniforms });
}

function vqganDecode(tokenizer: Tokenizer, grid: Extent): Part {
  const { config } = tokenizer;
  const count = grid[0] * grid[1];
  const ids = input("ids", ["1B", count], "int32");
  return {
    outputs: [tokenPictures(config, ids, grid[0])],
    prepare({ batch }) {
      const ids = randomIds(batch * count, config.codes);
      return Promise.resolve(() => tokenizer.decode(ids, grid));
    },
  };
}

function randomIds(count: number, codes: number): Int32Array {
  const rng = createRng("throughput");
  return Int32Array.from({ length: count }, () => rng.integer(codes));
}
