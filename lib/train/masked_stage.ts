/** Training of a transformer on masked tokens as a stage of the loop. */

import type { Values } from "../graph/op.ts";
import { countMasked, randomMask } from "../muse/mask.ts";
import { maskRateAt, type MaskRates, PAPER_RATES } from "../muse/mask_rates.ts";
import { createRng } from "../run/random.ts";
import { runOnce } from "../run/run_once.ts";
import type { HostTensor, ThreadOptions } from "../run/session.ts";
import type { Weights } from "../run/weights.ts";
import { oddId } from "../vqgan/model.ts";
import { averagedWeights } from "./averages.ts";
import type { Stage } from "./loop.ts";
import type { MaskedGraph } from "./masked_loss.ts";
import type { TrainState } from "./state.ts";
import {
  createTrainStep,
  type OptimizerOptions,
  trainsAll,
  type TrainStep,
} from "./step.ts";
import { noisyStates } from "./text_noise.ts";

/** How to train a transformer on masked tokens. */
export interface MaskedTraining {
  /** Which tokens are hidden, and of what weights it starts. */
  readonly seed: number;
  /** Samples in a batch. */
  readonly batch: number;
  /** Weight of the old average in the averaged weights. */
  readonly averaging: number;
  /** How parameters are updated. */
  readonly optimizer: OptimizerOptions;
  /** Share of the target that goes to all codes alike. */
  readonly labelSmoothing: number;
  /** Share of the samples whose text is dropped (paper, section 2.7: 0.1). */
  readonly textDropout: number;
  /** Most noise on a text's states, for noisyStates(); none by default. */
  readonly textNoise?: number;
  /** How much of each sample is hidden; the paper's by default. */
  readonly maskRates?: MaskRates;
}

/** Pairs ready for the transformer. */
export interface TokenBatch {
  /** Of the pictures, [B,N]. */
  readonly tokens: Int32Array;
  /** Of the captions, [B,T,E]. */
  readonly states: Float32Array;
  /** 1 where a state belongs to the text, else 0, [B,T]. */
  readonly textMask: Float32Array;
}

/** Batches by number. */
export interface TokenSource<Batch extends TokenBatch = TokenBatch> {
  /** The batch at a place: a pure function of that. */
  at(position: number): Promise<Batch>;
  /** Pairs that are never trained on, if any. */
  shown?(): Promise<Batch>;
}

/** What the tokens of pictures are. */
export interface TokenCounts {
  /** Tokens of a picture N. */
  readonly count: number;
  /** Codes K that each can be. */
  readonly codes: number;
}

/** A network that predicts masked tokens. */
export interface MaskedNetwork<Batch extends TokenBatch> extends TokenCounts {
  /** What is minimized, for a batch of this size. */
  graph(batch: number, labelSmoothing: number): MaskedGraph;
  /**
   * What it is fed of a batch besides tokens and texts.
   *
   * @param step of the training; none where the network is only judged
   */
  more(pairs: Batch, step?: number): Readonly<Record<string, Values>>;
}

/** Builds the stage; `draw` makes a picture of what the averages can do. */
export async function maskedStage<Batch extends TokenBatch>(
  network: MaskedNetwork<Batch>,
  training: MaskedTraining,
  source: TokenSource<Batch>,
  draw: (averages: Weights, path: string) => Promise<void>,
): Promise<Stage> {
  const step = await maskedStep(network, training);
  return {
    parameters: step.parameters,
    stepAt: () => Promise.resolve(step),
    async feeds(number) {
      const pairs = await source.at(number);
      return {
        ...hideTokens(network, pairs, training, number),
        ...network.more(pairs, number),
      };
    },
    observe: (_, results) => maskedNumbers(results),
    extra: () => new Map(),
    ...(source.shown && {
      async validate(state: TrainState) {
        const pairs = await source.shown!();
        const samples = pairs.tokens.length / network.count;
        // The same tokens are hidden each time.
        const told = {
          ...training,
          batch: samples,
          textDropout: 0,
          textNoise: 0,
        };
        return await validateMasked(
          network.graph(samples, 0),
          averagedWeights(step.parameters, state),
          { ...hideTokens(network, pairs, told, 0), ...network.more(pairs) },
        );
      },
    }),
    sample: (state, path) =>
      draw(averagedWeights(step.parameters, state), path),
    close: () => step.release(),
  };
}

/** One update of a network by a batch. */
export function maskedStep<Batch extends TokenBatch>(
  network: MaskedNetwork<Batch>,
  { batch, labelSmoothing, optimizer, averaging }: MaskedTraining,
  options: ThreadOptions = {},
): Promise<TrainStep> {
  const { loss, outputs } = network.graph(batch, labelSmoothing);
  return createTrainStep({
    losses: [{ value: loss, trains: trainsAll }],
    outputs,
    optimizer,
    averaging,
  }, options);
}

/** What such a step gives, as numbers. */
export function maskedNumbers(
  { loss, crossEntropy, gradientNorm }: Readonly<Record<string, HostTensor>>,
): { loss: number; crossEntropy: number; gradientNorm: number } {
  return {
    loss: loss.data[0],
    crossEntropy: crossEntropy.data[0],
    gradientNorm: gradientNorm.data[0],
  };
}

/** The cross-entropy of hidden tokens, by weights that stay as they are. */
async function validateMasked(
  { outputs: { crossEntropy } }: MaskedGraph,
  weights: Weights,
  feeds: Readonly<Record<string, Values>>,
): Promise<Record<string, number>> {
  const found = await runOnce({ crossEntropy }, feeds, weights);
  return { validationCrossEntropy: found.crossEntropy.data[0] };
}

/**
 * What a step is fed: some of the tokens hidden, some texts dropped, and noise
 * on their states where that is wanted, by the number of the step (paper,
 * sections 2.6 and 2.7).
 *
 * @throws RangeError if the tokens don't fill the batch or one is no code
 */
export function hideTokens(
  sizes: TokenCounts,
  { tokens, states, textMask }: TokenBatch,
  { seed, batch, textDropout, textNoise = 0, maskRates = PAPER_RATES }:
    MaskedTraining,
  number: number,
): Record<string, Values> {
  checkTokens(sizes, tokens, batch);
  const { count } = sizes;
  const rng = createRng("mask", seed, number);
  const mask = new Uint8Array(tokens.length);
  const textFactor = new Float32Array(batch);
  for (let i = 0; i < batch; i++) {
    // One rate from each part of their distribution: every batch holds easy
    // and hard samples, which takes noise out of its gradient.
    const rate = maskRateAt(maskRates, (i + rng.uniform()) / batch);
    const masked = countMasked(rate, count);
    mask.set(randomMask(count, masked, rng), i * count);
    textFactor[i] = rng.uniform() < textDropout ? 0 : 1;
  }
  const textStates = textNoise > 0
    ? noisyStates({ states, textMask }, batch, textNoise, rng)
    : states;
  return { tokens, mask, textStates, textMask, textFactor };
}

/** A token that is no code would be looked up in the logits of another one. */
function checkTokens(
  { count, codes }: TokenCounts,
  tokens: Int32Array,
  batch: number,
): void {
  const odd = oddId(tokens, codes);
  if (tokens.length === batch * count && odd === undefined) return;
  throw new RangeError(
    `Cannot train on tokens: found ${odd ?? `${tokens.length} of them`}, ` +
      `wanted ${batch} pictures of ${count} each with ids from 0 to ` +
      `${codes - 1}; encode the pictures by the network's own tokenizer`,
  );
}
