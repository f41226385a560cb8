/**
 * The steps of a decode on TensorFlow.js tensors: the face for notebooks. The
 * tensors share their elements with the arrays of the loop and live on
 * TensorFlow.js' `cpu` backend, where the collector frees them like any
 * object; `disposeState` takes them out of `tf.memory()` too.
 */

import type { Rng } from "../run/random.ts";
import { tf } from "../run/tf.ts";
import {
  decodeStep as stepArrays,
  type Predict,
  type StepOptions,
} from "./decode.ts";
import {
  blankTokens as blankArray,
  type DecodeStart,
  type DecodeState,
  rows,
  startDecode as startArrays,
} from "./decode_state.ts";
import { maskTokens as maskArray } from "./mask.ts";

/**
 * TensorFlow.js' `Tensor2D`, named so that the documentation check doesn't
 * take the library's own types for undocumented ones of this project.
 */
export type Tensor2D = ReturnType<(typeof tf)["tensor2d"]>;

/** The parts of a decode's state that are tensors. */
export interface StateTensors {
  /** int32 [B,N], the mask id where unknown. */
  readonly tokens: Tensor2D;
  /** bool [B,N], true where unknown. */
  readonly mask: Tensor2D;
  /** bool [B,N], true where a token was given at the start. */
  readonly given: Tensor2D;
  /** bool [B,N], true where the last step found a token. */
  readonly chosen: Tensor2D;
  /** bool [B,N], true where the last step hid a found token again. */
  readonly remasked: Tensor2D;
  /** int32 [B,N], the tokens with the last prediction where unknown. */
  readonly predicted: Tensor2D;
  /** float32 [B,N], the probability the network gave to each of them. */
  readonly confidence: Tensor2D;
}

/** Where a decode stands: {@linkcode DecodeState} with tensors [B,N]. */
export type DecodeTensors =
  & Omit<DecodeState, keyof StateTensors>
  & StateTensors;

/** Where a decode starts: {@linkcode DecodeStart} with int32 tokens [B,N]. */
export type TensorStart =
  & Omit<DecodeStart, "tokens" | "length">
  & Pick<StateTensors, "tokens">;

/** A decode's state with tensors in place of arrays. */
export function stateTensors(state: DecodeState): DecodeTensors {
  const { seeds, length } = state;
  const shape: [number, number] = [seeds.length, length];
  return {
    ...state,
    tokens: tf.tensor2d(state.tokens, shape, "int32"),
    mask: tf.tensor2d(state.mask, shape, "bool"),
    given: tf.tensor2d(state.given, shape, "bool"),
    chosen: tf.tensor2d(state.chosen, shape, "bool"),
    remasked: tf.tensor2d(state.remasked, shape, "bool"),
    predicted: tf.tensor2d(state.predicted, shape, "int32"),
    confidence: tf.tensor2d(state.confidence, shape, "float32"),
  };
}

/** The state that {@linkcode stateTensors} was given. */
export function stateArrays(state: DecodeTensors): DecodeState {
  return {
    ...state,
    tokens: state.tokens.dataSync<"int32">(),
    mask: state.mask.dataSync<"bool">(),
    given: state.given.dataSync<"bool">(),
    chosen: state.chosen.dataSync<"bool">(),
    remasked: state.remasked.dataSync<"bool">(),
    predicted: state.predicted.dataSync<"int32">(),
    confidence: state.confidence.dataSync<"float32">(),
  };
}

/** Frees a state's tensors, which can't be used afterwards. */
export function disposeState(state: StateTensors): void {
  const { tokens, mask, given, chosen, remasked, predicted, confidence } =
    state;
  tf.dispose([tokens, mask, given, chosen, remasked, predicted, confidence]);
}

/** Tokens [B,N] of which none is known. */
export function blankTokens(
  batch: number,
  length: number,
  maskId: number,
): Tensor2D {
  return tf.tensor2d(blankArray(batch, length, maskId), [batch, length]);
}

/**
 * Hides a share of each picture's tokens, chosen at random.
 *
 * @param tokens int32 [B,N]
 * @param rate share to hide, from 0 to 1; the same number in every picture
 * @param maskId the id that stands for an unknown token
 */
export function maskTokens(
  tokens: Tensor2D,
  rate: number,
  rng: Rng,
  maskId: number,
): Pick<StateTensors, "tokens" | "mask"> {
  const masked = tokenArray(tokens).slice();
  const mask = new Uint8Array(masked.length);
  const length = tokens.shape[1];
  rows(masked, length).forEach((row, picture) => {
    const hidden = maskArray(row, rate, rng, maskId);
    row.set(hidden.tokens);
    mask.set(hidden.mask, picture * length);
  });
  return {
    tokens: tf.tensor2d(masked, tokens.shape, "int32"),
    mask: tf.tensor2d(mask, tokens.shape, "bool"),
  };
}

/**
 * The state before the first step, as in `decode_state.ts`.
 *
 * @throws TypeError if the tokens are not of type int32
 */
export function startDecode(start: TensorStart): DecodeTensors {
  const tokens = tokenArray(start.tokens);
  const [, length] = start.tokens.shape;
  return stateTensors(startArrays({ ...start, tokens, length }));
}

/** One step; the state it is given stays as it is. */
export async function decodeStep(
  state: DecodeTensors,
  predict: Predict,
  options: StepOptions,
): Promise<DecodeTensors> {
  return stateTensors(await stepArrays(stateArrays(state), predict, options));
}

/** All steps that are left, yielding the state after each. */
export async function* decode(
  start: DecodeTensors,
  predict: Predict,
  options: StepOptions,
): AsyncGenerator<DecodeTensors, void, void> {
  // Arrays go from step to step, so that a yielded state may be disposed of.
  let state = stateArrays(start);
  while (state.step < state.steps) {
    state = await stepArrays(state, predict, options);
    yield stateTensors(state);
  }
}

/**
 * The ids of a tensor [B,N].
 * @throws TypeError if they are not of type int32
 */
export function tokenArray(tokens: Tensor2D): Int32Array {
  if (tokens.dtype !== "int32" || tokens.rank !== 2) {
    throw new TypeError(
      `Cannot use a tensor as tokens: found ${tokens.dtype}` +
        `[${tokens.shape}], wanted int32[B,N]`,
    );
  }
  return tokens.dataSync<"int32">();
}
