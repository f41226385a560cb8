/** A base transformer with its weights, as the function the decode loop calls. */

import { B, type Dim } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { lazySessions } from "../run/lazy_sessions.ts";
import { checkNetwork } from "../run/network_form.ts";
import { readNetwork } from "../run/network_metadata.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import type { ThreadOptions } from "../run/session.ts";
import type { Weights } from "../run/weights.ts";
import {
  BASE_FORM,
  type BaseConfig,
  parseBaseConfig,
  tokenCount,
  type TokenSizes,
} from "./config.ts";
import type { Predict } from "./decode.ts";
import { memoryInputs, memoryOutputs } from "./layer_memory.ts";
import { networkWeights } from "./network_weights.ts";
import { memoryFeeds, predictWith } from "./predict_with.ts";
import {
  countPrompts,
  joinPrompts,
  type PromptStates,
} from "./prompt_batch.ts";
import type { SamplerOptions } from "./sample_graph.ts";
import { stepSamples } from "./step_graph.ts";
import { variantName } from "./step_variant.ts";
import {
  baseLogits,
  type TextCondition,
  textMemory,
  wholeBase,
} from "./transformer.ts";

export type { PromptStates } from "./prompt_batch.ts";

/** A loaded network that finds the tokens of pictures. */
export interface TokenModel {
  /** Of what tokens. */
  readonly config: TokenSizes;
  /**
   * The text that guidance leads away from unless another is given, for
   * networks that were not trained without any.
   */
  readonly emptyText?: string;
  /**
   * The network for a batch of prompts. With `negative`, guidance leads away
   * from those prompts, or from the one for all, else away from no text at all
   * (paper, section 2.7).
   *
   * A step of scale 0 needs the network for the prompts alone, which is one
   * more session to open; `always` saves that, by guidance of scale 0, which
   * changes nothing.
   *
   * @throws RangeError if the numbers of prompts or their states don't fit;
   * the function, for tokens that are neither codes nor the mask id, or don't
   * fit the number of prompts
   */
  predictor(
    prompts: PromptStates,
    negative?: PromptStates,
    always?: boolean,
  ): Promise<Predict>;
  /**
   * Compiles now what `predictor` and steps of a variant need, so that the
   * first ones are no slower.
   */
  open(variant: SamplerOptions): Promise<void>;
  /** Frees the native memory; the model can't be used afterwards. */
  release(): Promise<void>;
}

/** A loaded base transformer. */
export interface BaseModel extends TokenModel {
  /** What the network looks like. */
  readonly config: BaseConfig;
  /** What it was made of, for other graphs over the same network. */
  readonly weights: Weights;
}

/** Whether a network is a base transformer. */
export function isBaseModel(model: TokenModel): model is BaseModel {
  return "weights" in model;
}

/**
 * Makes a model of the given weights.
 * @throws RangeError for sizes that no network can have
 */
export function createBaseModel(
  config: BaseConfig,
  weights: Weights,
  run: ThreadOptions = {},
): BaseModel {
  checkNetwork(BASE_FORM, "make a base transformer", config);
  const sessions = lazySessions("base transformer", weights, run);
  const openText = () => sessions.open("text", () => textOutputs(config));
  const openStep = (variant: SamplerOptions) =>
    sessions.open(variantName(variant), () => stepOutputs(config, variant));

  return {
    config,
    weights,
    async open(variant) {
      await openText();
      await openStep(variant);
    },
    async predictor(prompts, negative, always = false) {
      const batch = countPrompts(config, prompts);
      const both = joinPrompts(config, prompts, negative ?? prompts);
      const text = await openText();
      const { states } = negative ? both : prompts;
      const memory = await text.run({ states });
      const factor = new Float32Array(2 * batch).fill(1);
      if (!negative) factor.fill(0, batch);
      return predictWith({
        feeds: {
          ...memoryFeeds(memory, negative !== undefined),
          factor,
          mask: both.mask,
        },
        batch,
        length: tokenCount(config),
        codes: config.codes,
        always,
        openStep,
      });
    },
    release: () => sessions.release(),
  };
}

/** Text states [B,T,E] -> the text memory of every layer. */
function textOutputs(config: BaseConfig): Record<string, Node> {
  const { textLength, textWidth } = config;
  const states = input("states", [B, textLength, textWidth]);
  return memoryOutputs(textMemory(config, states));
}

/** A step's graph: tokens [B,N] -> drawn ids and confidence, both [B,N]. */
export function stepOutputs(
  config: BaseConfig,
  variant: SamplerOptions,
): Record<string, Node> {
  const { ids, confidence } = stepSamples(
    tokenCount(config),
    variant,
    (ids, batch) => baseLogits(config, ids, textInputs(config, batch)),
  );
  return { ids, confidence };
}

function textInputs(config: BaseConfig, batch: Dim): TextCondition {
  const { textLength, width, heads } = config;
  const shape = [batch, heads, textLength, width / heads];
  return {
    memory: memoryInputs(config.layers, shape),
    mask: input("mask", [batch, textLength]),
    factor: input("factor", [batch]),
  };
}

/**
 * Loads a base transformer from a safetensors file that our own trainer wrote,
 * with its configuration in the metadata.
 *
 * @throws Error if the file is damaged, is not that of a base transformer, or
 * holds other tensors than the network needs
 */
export async function loadBaseModel(
  path: string,
  run: RunOptions = {},
): Promise<BaseModel> {
  const header = await readSafetensorsHeader(path);
  const config = parseBaseConfig(readNetwork(header, "base"), path);
  const weights = await networkWeights(path, wholeBase(config).logits, run, {
    textMask: 1,
    textFactor: 1,
  });
  return createBaseModel(config, weights, run);
}
