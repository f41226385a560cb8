/** How aMUSEd's own pipelines draw, in the library's terms. */

import type { Guidance } from "../muse/guidance.ts";
import type { GenerateOptions } from "../muse/options.ts";

/**
 * Guidance by the scale s of diffusers' pipelines, in s·cond + (1-s)·uncond:
 * that is t = s - 1.
 */
export function guidanceOf(scale: number): Guidance {
  return { kind: "constant", scale: scale - 1 };
}

/**
 * What diffusers' AmusedPipeline draws with: 12 steps, the scale 10, tokens
 * drawn from the whole distribution, noise on the confidence from 2 to 0.
 */
export const AMUSED_DEFAULTS: Readonly<
  Omit<GenerateOptions, "seed" | "bestOf">
> = {
  steps: 12,
  schedule: "cosine32",
  guidance: guidanceOf(10),
  temperature: 1,
  choiceTemperature: 2,
  sampler: { kind: "confidence" },
};

/** What its inpainting pipeline does otherwise. */
export const AMUSED_INPAINT: Readonly<Partial<GenerateOptions>> = {
  schedule: "linear32",
};

/**
 * What scores best in its authors' own measurements (open-muse,
 * benchmark/model_quality.py): by the side of the model's own pictures. The
 * smaller model is best near the scale 4 (FID) to 5 (CLIP); the larger one
 * gets better up to 20, the largest that was tried.
 */
export function amusedBest(side: number): Partial<GenerateOptions> {
  return { ...AMUSED_DEFAULTS, guidance: guidanceOf(side > 256 ? 20 : 4) };
}
