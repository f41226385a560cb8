/** Whether networks of the paper's sizes run here, and what they take. */

import { createRng } from "../lib/run/random.ts";
import { maskId, tokenCount } from "../lib/muse/config.ts";
import type { BaseConfig } from "../lib/muse/config.ts";
import { decode } from "../lib/muse/decode.ts";
import { blankTokens, startDecode } from "../lib/muse/decode_state.ts";
import { createBaseModel, type TokenModel } from "../lib/muse/model.ts";
import { DEFAULTS } from "../lib/muse/options.ts";
import type { PromptStates } from "../lib/muse/prompt_batch.ts";
import { superResolve } from "../lib/muse/super_resolve.ts";
import type { SuperresConfig } from "../lib/muse/superres_config.ts";
import { SUPERRES_DEFAULTS } from "../lib/muse/superres_defaults.ts";
import {
  createSuperresModel,
  type SuperresModel,
} from "../lib/muse/superres_model.ts";
import type { ThreadOptions } from "../lib/run/session.ts";
import { networkShapes } from "../lib/train/shapes.ts";
import type { VqganConfig } from "../lib/vqgan/config.ts";
import { createTokenizer } from "../lib/vqgan/model.ts";
import { type TiledStorage, tiledWeights } from "./tiled_weights.ts";

/** The networks of a whole drawing. */
export interface PaperSizes {
  readonly base: BaseConfig;
  readonly superres: SuperresConfig;
  /** Draws the tokens of super-resolution. */
  readonly tokenizer: VqganConfig;
  readonly storage: TiledStorage;
}

/** How long the drawing goes on, and who hears of it. */
export interface PaperRunOptions extends ThreadOptions {
  /** Decode steps of the base. */
  readonly steps: number;
  readonly superresSteps: number;
  readonly onPart?: (part: string) => void;
}

/** A part of the drawing. */
export interface PaperPart {
  readonly name: string;
  readonly seconds: number;
  /**
   * Resident memory after it, in MB; the runtime keeps what it once took, so
   * that this is about the most there was.
   */
  readonly residentMb: number;
}

/** What a drawing took. */
export interface PaperFigures {
  /** Of all three networks. */
  readonly parameters: number;
  /** Pixels a side. */
  readonly size: number;
  readonly parts: readonly PaperPart[];
}

/**
 * Draws one picture by random weights: text states, tokens, more tokens,
 * pixels. The states are random too, in the place of T5-XXL's. All networks
 * are in memory at the same time, as they are for a model in use; guidance is
 * on in every step of the base.
 */
export async function runPaper(
  sizes: PaperSizes,
  options: PaperRunOptions,
): Promise<PaperFigures> {
  const { steps, superresSteps, onPart = () => {} } = options;
  const { threads, device } = options;
  const parts: PaperPart[] = [];
  async function part<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    onPart(name);
    const began = performance.now();
    const result = await work();
    const seconds = (performance.now() - began) / 1000;
    parts.push({ name, seconds, residentMb: Deno.memoryUsage().rss / 1e6 });
    return result;
  }
  const { models, parameters, prompts } = await part("weights", () => ({
    ...createModels(sizes, { threads, device }),
    prompts: randomPrompt(sizes.base),
  }));
  const { base, superres, tokenizer } = models;
  try {
    const low = await part(
      "base",
      () => drawLow(base, sizes.base, prompts, steps),
    );
    const high = await part(
      "super-resolution",
      () => drawHigh(superres, low, prompts, superresSteps),
    );
    const pixels = await part("picture", () => tokenizer.decode(high));
    return { parameters, size: Math.sqrt(pixels.length / 3), parts };
  } finally {
    const all = [base, superres, tokenizer];
    await Promise.all(all.map((model) => model.release()));
  }
}

/** The networks of random weights, and how many those are. */
function createModels(
  { base, superres, tokenizer, storage }: PaperSizes,
  run: ThreadOptions,
) {
  const shapes = {
    base: networkShapes("base", base),
    superres: networkShapes("superres", superres),
    tokenizer: networkShapes("tokenizer", tokenizer),
  };
  const weights = (name: keyof typeof shapes) =>
    tiledWeights(shapes[name], storage);
  return {
    models: {
      base: createBaseModel(base, weights("base"), run),
      superres: createSuperresModel(superres, weights("superres"), run),
      tokenizer: createTokenizer(tokenizer, weights("tokenizer"), run),
    },
    parameters: Object.values(shapes)
      .flatMap((network) => [...network.values()])
      .map((shape) => shape.reduce((a, b) => a * b, 1))
      .reduce((a, b) => a + b, 0),
  };
}

async function drawLow(
  model: TokenModel,
  config: BaseConfig,
  prompts: PromptStates,
  steps: number,
): Promise<Int32Array> {
  const predict = await model.predictor(prompts, undefined, true);
  const [length, id] = [tokenCount(config), maskId(config)];
  const start = startDecode({
    tokens: blankTokens(1, length, id),
    length,
    grid: config.grid,
    maskId: id,
    seed: 0,
    schedule: "cosine",
    steps,
  });
  const guidance = { kind: "constant", scale: 4 } as const;
  let { tokens } = start;
  for await (const state of decode(start, predict, { ...DEFAULTS, guidance })) {
    tokens = state.tokens;
  }
  return tokens;
}

async function drawHigh(
  model: SuperresModel,
  low: Int32Array,
  prompts: PromptStates,
  steps: number,
): Promise<Int32Array> {
  let tokens = low;
  const options = { ...SUPERRES_DEFAULTS, steps };
  const input = { low, prompts, seed: 0 };
  for await (const state of superResolve(model, input, options)) {
    tokens = state.tokens;
  }
  return tokens;
}

function randomPrompt({ textLength, textWidth }: BaseConfig): PromptStates {
  const rng = createRng("random prompt");
  return {
    states: Float32Array.from(
      { length: textLength * textWidth },
      () => rng.normal(),
    ),
    mask: new Float32Array(textLength).fill(1),
  };
}
