/** Whether networks of the paper's sizes run here, and what they take. */

import { createRng } from "../lib/run/random.ts";
import { maskId, tokenCount } from "../lib/muse/config.ts";
import type { BaseConfig } from "../lib/muse/config.ts";
import { decode } from "../lib/muse/decode.ts";
import { blankTokens, startDecode } from "../lib/muse/decode_state.ts";
import { createBaseModel } from "../lib/muse/model.ts";
import { DEFAULTS } from "../lib/muse/options.ts";
import { superResolve } from "../lib/muse/super_resolve.ts";
import type { SuperresConfig } from "../lib/muse/superres_config.ts";
import { SUPERRES_DEFAULTS } from "../lib/muse/superres_defaults.ts";
import { createSuperresModel } from "../lib/muse/superres_model.ts";
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
export interface PaperRunOptions {
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
  { base, superres, tokenizer, storage }: PaperSizes,
  { steps, superresSteps, onPart = () => {} }: PaperRunOptions,
): Promise<PaperFigures> {
  const parts: PaperPart[] = [];
  let parameters = 0;
  async function part<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    onPart(name);
    const began = performance.now();
    const result = await work();
    const seconds = (performance.now() - began) / 1000;
    parts.push({ name, seconds, residentMb: Deno.memoryUsage().rss / 1e6 });
    return result;
  }
  const weightsOf = (shapes: Map<string, readonly number[]>) => {
    for (const shape of shapes.values()) {
      parameters += shape.reduce((a, b) => a * b, 1);
    }
    return tiledWeights(shapes, storage);
  };
  const { models, prompts } = await part("weights", () => ({
    models: {
      base: createBaseModel(base, weightsOf(networkShapes("base", base))),
      superres: createSuperresModel(
        superres,
        weightsOf(networkShapes("superres", superres)),
      ),
      tokenizer: createTokenizer(
        tokenizer,
        weightsOf(networkShapes("tokenizer", tokenizer)),
      ),
    },
    prompts: randomPrompt(base),
  }));
  try {
    const low = await part("base", async () => {
      const predict = await models.base.predictor(prompts, undefined, true);
      const [length, id] = [tokenCount(base), maskId(base)];
      const start = startDecode({
        tokens: blankTokens(1, length, id),
        length,
        grid: base.grid,
        maskId: id,
        seed: 0,
        schedule: "cosine",
        steps,
      });
      const guidance = { kind: "constant", scale: 4 } as const;
      let { tokens } = start;
      const options = { ...DEFAULTS, guidance };
      for await (const state of decode(start, predict, options)) {
        tokens = state.tokens;
      }
      return tokens;
    });
    const high = await part("super-resolution", async () => {
      let tokens = low;
      const options = { ...SUPERRES_DEFAULTS, steps: superresSteps };
      const input = { low, prompts, seed: 0 };
      for await (const state of superResolve(models.superres, input, options)) {
        tokens = state.tokens;
      }
      return tokens;
    });
    const pixels = await part("picture", () => models.tokenizer.decode(high));
    return { parameters, size: Math.sqrt(pixels.length / 3), parts };
  } finally {
    const all = [models.base, models.superres, models.tokenizer];
    await Promise.all(all.map((model) => model.release()));
  }
}

function randomPrompt({ textLength, textWidth }: BaseConfig) {
  const rng = createRng("random prompt");
  return {
    states: Float32Array.from(
      { length: textLength * textWidth },
      () => rng.normal(),
    ),
    mask: new Float32Array(textLength).fill(1),
  };
}
