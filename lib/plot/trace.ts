/** One picture's drawing, step by step: what a trace shows. */

import type { Picture } from "../image/picture.ts";
import { type DecodeState, rows } from "../muse/decode_state.ts";
import {
  confidenceMap,
  coverUnknown,
  type Grid,
  tokenMap,
} from "./token_maps.ts";

/** What is known of one picture after a step. */
export interface TraceStep {
  /** Steps of its stage that are done, from 1. */
  readonly step: number;
  /** Scale t of the guidance in this step. */
  readonly guidance: number;
  /** Temperature of the noise on the choice of tokens. */
  readonly choiceTemperature: number;
  /** What the step took. */
  readonly seconds: number;
  /** [N], the known tokens and the network's guess where unknown. */
  readonly predicted: Int32Array;
  /** [N], the probability the network gave to each of them. */
  readonly confidence: Float32Array;
  /** [N], 1 where a token is unknown. */
  readonly mask: Uint8Array;
  /** [N], 1 where this step found a token. */
  readonly chosen: Uint8Array;
  /** The predicted tokens as a picture. */
  readonly guess: Picture;
}

/** One decode of several: that of the base, or of super-resolution. */
export interface TraceStage {
  /** What is drawn in it, or how. */
  readonly name: string;
  /** Tokens down and across. */
  readonly grid: Grid;
  /** All steps, in order. */
  readonly steps: readonly TraceStep[];
}

/** A whole drawing. */
export interface Trace {
  /** What is drawn. */
  readonly prompt: string;
  /** Settings to print beside it, by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** In order. */
  readonly stages: readonly TraceStage[];
}

/** What a trace reads of the state of a decode. */
export type TracedState = Pick<
  DecodeState,
  | "step"
  | "length"
  | "guidance"
  | "choiceTemperature"
  | "seconds"
  | "predicted"
  | "confidence"
  | "mask"
  | "chosen"
>;

/** The four pictures of a step. */
export interface StepPictures {
  /** The tokens found so far, a pattern over the others. */
  readonly found: Picture;
  /** With the network's guess in place of what is unknown. */
  readonly guess: Picture;
  /** Which tokens are known, just found, or unknown. */
  readonly tokens: Picture;
  /** The probability of each predicted token. */
  readonly confidence: Picture;
}

/**
 * A step of the first picture of a state.
 * @param guess the state's predicted tokens as a picture
 */
export function traceStep(state: TracedState, guess: Picture): TraceStep {
  const { step, length, guidance, choiceTemperature, seconds } = state;
  return {
    step,
    guidance,
    choiceTemperature,
    seconds,
    predicted: rows(state.predicted, length)[0],
    confidence: rows(state.confidence, length)[0],
    mask: rows(state.mask, length)[0],
    chosen: rows(state.chosen, length)[0],
    guess,
  };
}

/**
 * A step in pictures of one size.
 *
 * A tokenizer can't decode an unknown token, and what it draws depends on
 * the neighbours. So the guess fills the gaps, and the pattern covers it.
 */
export function stepPictures(step: TraceStep, grid: Grid): StepPictures {
  const { guess, mask, chosen, confidence } = step;
  return {
    found: coverUnknown(guess, mask, grid),
    guess,
    tokens: tokenMap(mask, chosen, grid, guess),
    confidence: confidenceMap(confidence, grid, guess),
  };
}

/** The numbers of a step that are printed beside its pictures. */
export function stepNumbers(step: TraceStep): {
  /** Tokens that this step found. */
  readonly found: number;
  /** Tokens that are still masked. */
  readonly unknown: number;
  /** Over all tokens. */
  readonly meanConfidence: number;
} {
  const count = (bits: Uint8Array) => bits.reduce((sum, bit) => sum + bit, 0);
  const { confidence } = step;
  return {
    found: count(step.chosen),
    unknown: count(step.mask),
    meanConfidence: confidence.reduce((sum, p) => sum + p, 0) /
      confidence.length,
  };
}
