/**
 * Iterative parallel decoding (Muse, section 2.8): every step predicts all
 * unknown tokens at once, keeps those that the sampler chooses, the most
 * confident in the paper, and hides the others again. What is kept never
 * changes, unless re-masking is asked for; what was given never does.
 *
 * The network is a function that is passed in. The loop holds arrays of one
 * entry a token; logits stay with the network.
 */

import { createRng, type Rng } from "../run/random.ts";
import { keepHighest } from "./choose.ts";
import { countOnes, type DecodeState, rows } from "./decode_state.ts";
import { type Remasked, remaskOf } from "./remask.ts";
import { type Sampler, samplerScores } from "./sampler.ts";
import { stepNumbers, type StepOptions } from "./step_options.ts";

export type { StepOptions } from "./step_options.ts";

/** What a step wants of the network. */
export interface PredictRequest {
  /** Scale t of the guidance. */
  readonly guidance: number;
  /** Temperature of the tokens' distribution; 0 for the likeliest. */
  readonly temperature: number;
  /** Draw from the k likeliest codes only; from all by default. */
  readonly topK?: number;
  /**
   * Draw from the fewest likeliest codes that together are above this share of
   * the probability, in (0, 1]; from all by default.
   */
  readonly topP?: number;
  /** One number in [0, 1) for every position, [B,N]. */
  readonly uniforms: Float32Array;
}

/** What the network gives for every position. */
export interface Prediction {
  /** A token drawn from the network's distribution, [B,N]. */
  readonly ids: Int32Array;
  /** Probability of that token, [B,N]. */
  readonly confidence: Float32Array;
  /**
   * What a sampler by confidence ranks positions by in place of the logarithm
   * of that, [B,N]; absent for most networks.
   */
  readonly scores?: Float32Array;
}

/**
 * A network with its sampler: tokens [B,N], the mask id where unknown. For
 * the same picture it must give the same in every batch.
 */
export type Predict = (
  tokens: Int32Array,
  request: PredictRequest,
) => Promise<Prediction>;

/**
 * The random numbers of a picture in a step: first one for every position to
 * draw its token by, then what the sampler takes.
 */
export type Streams = (seed: number, step: number) => Rng;

/** By the seed and the number of the step alone. */
const ownStreams: Streams = (seed, step) => createRng("decode", seed, step);

/**
 * One step. Its random numbers depend on the picture's seed and the number
 * of the step alone, so that a picture doesn't depend on its batch.
 *
 * A step that finds no token, as there are when steps outnumber tokens,
 * doesn't ask the network.
 *
 * @throws RangeError after the last step and for options out of range; Error
 * if the network's answer is not a token and a probability for every position
 */
export async function decodeStep(
  state: DecodeState,
  predict: Predict,
  options: StepOptions,
  streamOf: Streams = ownStreams,
): Promise<DecodeState> {
  const { step, steps, length } = state;
  if (step >= steps) {
    throw new RangeError(
      `Cannot decode further: all ${steps} steps are done; ` +
        `start with more steps`,
    );
  }
  const numbers = stepNumbers(options, step, steps);
  const began = performance.now();
  const next = { ...state, ...numbers, step: step + 1 };
  const moves = planMoves(state, options);
  if (moves.every(({ finds }) => finds === 0)) {
    const none = new Uint8Array(state.mask.length);
    return { ...next, chosen: none, remasked: none, seconds: 0 };
  }
  const streams = state.seeds.map((seed) => streamOf(seed, step));
  const uniforms = new Float32Array(state.tokens.length);
  rows(uniforms, length).forEach((row, i) => streams[i].fill(row));
  const prediction = await predict(state.tokens, {
    guidance: numbers.guidance,
    temperature: numbers.temperature,
    topK: options.topK,
    topP: options.topP,
    uniforms,
  });
  checkPrediction(prediction, state);
  return {
    ...makeMoves(next, prediction, moves, streams, options.sampler),
    seconds: (performance.now() - began) / 1000,
  };
}

/** What a step does to one picture. */
interface Move {
  /** How many unknown tokens it finds. */
  readonly finds: number;
  /** Which found tokens it hides again, if any. */
  readonly hides?: Remasked;
}

/** As many finds for each picture that the schedule's count is left masked. */
function planMoves(state: DecodeState, { remask }: StepOptions): Move[] {
  const { step, length, mask, given, plan, seeds } = state;
  const known = rows(given, length);
  return rows(mask, length).map((row, i) => {
    const left = plan[i][step];
    const finds = countOnes(row, length)[0] - left;
    if (!remask) return { finds };
    const found = row.map((bit, at) => 1 - bit - known[i][at]);
    const hides = remaskOf(remask, found, left, seeds[i], step);
    return { finds: finds + hides.count, hides };
  });
}

/** Takes over some predictions of each picture, and hides some tokens. */
function makeMoves(
  state: DecodeState,
  prediction: Prediction,
  moves: readonly Move[],
  streams: readonly Rng[],
  sampler: Sampler = { kind: "confidence" },
): DecodeState {
  const { length, tokens, mask, maskId } = state;
  const confidence = rows(prediction.confidence, length);
  const ranked = prediction.scores && rows(prediction.scores, length);
  const before = rows(state.confidence, length);
  const chosen = new Uint8Array(mask.length);
  const remasked = new Uint8Array(mask.length);
  rows(mask, length).forEach((row, i) => {
    const { finds, hides } = moves[i];
    const scores = samplerScores(sampler, {
      ...state,
      confidence: confidence[i],
      scores: ranked?.[i],
      seed: state.seeds[i],
      step: state.step - 1,
      rng: streams[i],
    });
    chosen.set(keepHighest(row, scores, finds), i * length);
    if (hides) remasked.set(hides.choose(before[i]), i * length);
  });
  // A picture whose step finds nothing stays as it is, as it would alone.
  const fresh = mask.map((bit, i) =>
    moves[Math.floor(i / length)].finds && bit
  );
  return {
    ...state,
    chosen,
    remasked,
    tokens: tokens.map((id, i) =>
      chosen[i] ? prediction.ids[i] : remasked[i] ? maskId : id
    ),
    mask: mask.map((bit, i) => bit - chosen[i] + remasked[i]),
    predicted: state.predicted.map((id, i) =>
      fresh[i] ? prediction.ids[i] : id
    ),
    confidence: state.confidence.map((p, i) =>
      fresh[i] ? prediction.confidence[i] : p
    ),
  };
}

/** All steps that are left, yielding the state after each. */
export async function* decode(
  start: DecodeState,
  predict: Predict,
  options: StepOptions,
  streamOf: Streams = ownStreams,
): AsyncGenerator<DecodeState, void, void> {
  let state = start;
  while (state.step < state.steps) {
    state = await decodeStep(state, predict, options, streamOf);
    yield state;
  }
}

function checkPrediction(
  { ids, confidence, scores }: Prediction,
  state: DecodeState,
): void {
  const wanted = state.tokens.length;
  const lists = [ids, confidence, ...scores ? [scores] : []];
  if (lists.some(({ length }) => length !== wanted)) {
    const ofScores = scores ? `, and ${scores.length} scores` : "";
    throw new Error(
      `Cannot decode step ${state.step + 1}: the network gave ` +
        `${ids.length} tokens and ${confidence.length} ` +
        `probabilities${ofScores}, wanted ${wanted} of each`,
    );
  }
  // Not a number fails every comparison.
  const odd = ids.findIndex((id, i) =>
    !(id >= 0 && id < state.maskId && confidence[i] >= 0 &&
      (!scores || scores[i] < Infinity))
  );
  if (odd >= 0) {
    const ofScore = scores ? ` and the score ${scores[odd]}` : "";
    throw new Error(
      `Cannot decode step ${state.step + 1}: at position ` +
        `${odd % state.length} of picture ${Math.floor(odd / state.length)} ` +
        `the network gave the token ${ids[odd]} with the probability ` +
        `${confidence[odd]}${ofScore}, wanted a token below ` +
        `${state.maskId}; check the weights`,
    );
  }
}
