/** A super-resolution transformer with its weights, for the decode loop. */

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
import { oddId } from "../vqgan/model.ts";
import { tokenCount } from "./config.ts";
import type { Predict } from "./decode.ts";
import { memoryInputs, memoryOutputs } from "./layer_memory.ts";
import { networkWeights } from "./network_weights.ts";
import { memoryFeeds, predictWith, twice } from "./predict_with.ts";
import {
  countPrompts,
  joinPrompts,
  type PromptStates,
} from "./prompt_batch.ts";
import type { SamplerOptions } from "./sample_graph.ts";
import { stepSamples } from "./step_graph.ts";
import { variantName } from "./step_variant.ts";
import {
  type SuperresCondition,
  superresLogits,
  superresMemory,
  superresPositions,
  wholeSuperres,
} from "./superres.ts";
import {
  parseSuperresConfig,
  SUPERRES_FORM,
  type SuperresConfig,
} from "./superres_config.ts";

/** A loaded super-resolution transformer. */
export interface SuperresModel {
  /** What the network looks like. */
  readonly config: SuperresConfig;
  /** What it was made of, for other graphs over the same network. */
  readonly weights: Weights;
  /**
   * The network for the base's tokens [B,N] and their prompts. With
   * `negative`, guidance leads away from those prompts, or from the one for
   * all, else away from the same tokens without a text.
   *
   * @param always runs steps of scale 0 as guided ones, which saves a session
   * where others of the same decode are guided
   * @throws RangeError if the numbers of prompts or their states don't fit, or
   * `low` doesn't; the function, for tokens that are neither codes nor the
   * mask id, or don't fit the number of prompts
   */
  predictor(
    low: Int32Array,
    prompts: PromptStates,
    negative?: PromptStates,
    always?: boolean,
  ): Promise<Predict>;
  /** Compiles now what `predictor` and steps of a variant need. */
  open(variant: SamplerOptions): Promise<void>;
  /** Frees the native memory; the model can't be used afterwards. */
  release(): Promise<void>;
}

/**
 * Makes a model of the given weights.
 * @throws RangeError for sizes that no network can have
 */
export function createSuperresModel(
  config: SuperresConfig,
  weights: Weights,
  run: ThreadOptions = {},
): SuperresModel {
  checkNetwork(SUPERRES_FORM, "make a super-resolution transformer", config);
  const sessions = lazySessions("super-resolution transformer", weights, run);
  const openMemory = () => sessions.open("memory", () => knownOutputs(config));
  const openStep = (variant: SamplerOptions) =>
    sessions.open(variantName(variant), () => stepOutputs(config, variant));

  return {
    config,
    weights,
    async open(variant) {
      await openMemory();
      await openStep(variant);
    },
    async predictor(low, prompts, negative, always = false) {
      const batch = countPrompts(config, prompts);
      checkLow(config, low, batch);
      const both = joinPrompts(config, prompts, negative ?? prompts);
      const memory = await (await openMemory()).run(
        negative
          ? { low: twice(low), states: both.states }
          : { low, states: prompts.states },
      );
      const textFactor = new Float32Array(2 * batch).fill(1);
      if (!negative) textFactor.fill(0, batch);
      return predictWith({
        feeds: {
          ...memoryFeeds(memory, negative !== undefined),
          textFactor,
          textMask: both.mask,
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

function checkLow(
  { lowGrid, lowCodes }: SuperresConfig,
  low: Int32Array,
  batch: number,
): void {
  const wanted = batch * lowGrid[0] * lowGrid[1];
  const odd = oddId(low, lowCodes);
  if (low.length === wanted && odd === undefined) return;
  const found = odd ?? `${low.length} of them`;
  throw new RangeError(
    `Cannot enlarge tokens: found ${found}, wanted ${wanted} for ${batch} ` +
      `prompts, with ids from 0 to ${lowCodes - 1}`,
  );
}

/** Feed and output for what is added to the embeddings. */
const LOW_MEMORY = "known";

/** Low-resolution tokens and text states -> the memory of every layer. */
function knownOutputs(config: SuperresConfig): Record<string, Node> {
  const { lowGrid, textLength, textWidth } = config;
  const low = input("low", [B, lowGrid[0] * lowGrid[1]], "int32");
  const states = input("states", [B, textLength, textWidth]);
  const positions = superresPositions(config);
  const memory = superresMemory(config, positions, low, states);
  return {
    ...memoryOutputs(memory.layers),
    ...(memory.low && { [LOW_MEMORY]: memory.low }),
  };
}

/** A step's graph: tokens [B,M] -> drawn ids and confidence, both [B,M]. */
export function stepOutputs(
  config: SuperresConfig,
  variant: SamplerOptions,
): Record<string, Node> {
  const positions = superresPositions(config);
  const { ids, confidence } = stepSamples(
    tokenCount(config),
    variant,
    (ids, batch) =>
      superresLogits(config, positions, ids, conditionInputs(config, batch)),
  );
  return { ids, confidence };
}

function conditionInputs(
  config: SuperresConfig,
  batch: Dim,
): SuperresCondition {
  const { grid, lowGrid, textLength, layers, heads, width, lowAdded } = config;
  const count = lowGrid[0] * lowGrid[1];
  const shape = [batch, heads, count + textLength, width / heads];
  return {
    memory: {
      layers: memoryInputs(layers, shape),
      ...(lowAdded &&
        { low: input(LOW_MEMORY, [batch, grid[0] * grid[1], width]) }),
    },
    textMask: input("textMask", [batch, textLength]),
    textFactor: input("textFactor", [batch]),
  };
}

/**
 * Loads a super-resolution transformer from a safetensors file that our own
 * trainer wrote, with its configuration in the metadata.
 *
 * @throws Error if the file is damaged, is not that of such a transformer, or
 * holds other tensors than the network needs
 */
export async function loadSuperresModel(
  path: string,
  run: RunOptions = {},
): Promise<SuperresModel> {
  const header = await readSafetensorsHeader(path);
  const config = parseSuperresConfig(readNetwork(header, "superres"), path);
  const weights = await networkWeights(path, wholeSuperres(config), run, {
    textMask: 1,
    textFactor: 1,
  });
  return createSuperresModel(config, weights, run);
}
