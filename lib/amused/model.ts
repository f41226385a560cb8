/** A U-ViT with its weights, as the function the decode loop calls. */

import type { Node } from "../graph/node.ts";
import type { TokenModel } from "../muse/model.ts";
import { memoryFeeds, predictWith } from "../muse/predict_with.ts";
import {
  countPrompts,
  joinPrompts,
  type PromptStates,
} from "../muse/prompt_batch.ts";
import type { SamplerOptions } from "../muse/sample_graph.ts";
import { stepSamples } from "../muse/step_graph.ts";
import { variantName } from "../muse/step_variant.ts";
import { lazySessions } from "../run/lazy_sessions.ts";
import { runOnce } from "../run/run_once.ts";
import type { HostTensor, Session, ThreadOptions } from "../run/session.ts";
import type { Weights } from "../run/weights.ts";
import {
  type Condition,
  conditionInputs,
  conditionNodes,
  conditionOutputs,
  fedCondition,
} from "./condition.ts";
import type { UVitConfig } from "./config.ts";
import { uVitLogits } from "./u_vit.ts";

/** Height and width of a grid of tokens. */
export type Grid = readonly [height: number, width: number];

/** What a picture is said to be, beside its text (SDXL's micro-conditions). */
export interface MicroConditions {
  /** Width and height in pixels. */
  readonly size: readonly [width: number, height: number];
  /** What was cut from it at the left and the top, in pixels. */
  readonly crop: readonly [left: number, top: number];
  /** How well it looks, of LAION's aesthetic predictor; about 0 to 10. */
  readonly score: number;
}

/** How a model is run. */
export interface UVitOptions extends ThreadOptions {
  /** Of the pictures' tokens; both sides even if the trunk halves them. */
  readonly grid: Grid;
  /** Text length T. */
  readonly textLength: number;
  readonly micro: MicroConditions;
  /**
   * Frees what reads the conditions before the steps' own weights are loaded;
   * false by default.
   */
  readonly lowMemory?: boolean;
  /** Changes the networks' outputs, as adapters do; nothing by default. */
  readonly adapt?: (outputs: Outputs) => Outputs;
}

type Outputs = Readonly<Record<string, Node>>;

/**
 * Makes a model of the given weights. Where any step of a decode is guided,
 * all of them run the guided network: another session would hold the weights
 * once more.
 *
 * @throws RangeError for a grid that the trunk can't halve
 */
export function createUVitModel(
  config: UVitConfig,
  weights: Weights,
  options: UVitOptions,
): TokenModel {
  const { grid, textLength, lowMemory, threads, device } = options;
  const run = { threads, device };
  const { adapt = (outputs) => outputs } = options;
  checkGrid(config, grid);
  const length = grid[0] * grid[1];
  const sizes = { textLength, textWidth: config.textWidth };
  const nodes = conditionNodes(config, conditionInputs(config, textLength));
  const conditions = conditionReader(
    config,
    adapt(conditionOutputs(nodes)),
    weights,
    options,
  );
  const steps = lazySessions("U-ViT", weights, { ...run, most: 1 });
  const openStep = (variant: SamplerOptions) =>
    steps.open(
      variantName(variant),
      () => adapt(stepOutputs(config, nodes, grid, variant)),
    );

  return {
    config: { codes: config.codes, grid },
    emptyText: "",
    async open(variant) {
      // What makes room for something else is loaded when it is its turn.
      if (lowMemory) return;
      await conditions.open();
      await openStep(variant);
    },
    async predictor(prompts, negative, always = false) {
      const batch = countPrompts(sizes, prompts);
      const guided = negative !== undefined;
      const texts = guided ? joinPrompts(sizes, prompts, negative) : prompts;
      return predictWith({
        feeds: memoryFeeds(await conditions.read(texts), guided),
        batch,
        length,
        codes: config.codes,
        always: always || guided,
        openStep,
      });
    },
    async release() {
      await Promise.all([conditions.release(), steps.release()]);
    },
  };
}

/** Reads what all steps of a decode have in common. */
interface ConditionReader {
  open(): Promise<Session>;
  read(prompts: PromptStates): Promise<Record<string, HostTensor>>;
  release(): Promise<void>;
}

function conditionReader(
  { pooledWidth }: UVitConfig,
  outputs: Outputs,
  weights: Weights,
  { micro, lowMemory, threads, device }: UVitOptions,
): ConditionReader {
  const run = { threads, device };
  const sessions = lazySessions("U-ViT", weights, run);
  const open = () => sessions.open("conditions", () => outputs);
  return {
    open,
    async read({ states, pooled }) {
      if (!pooled) {
        throw new TypeError(
          "Cannot read the prompts: found no vector for each whole text, " +
            "wanted the states of a text encoder that gives one",
        );
      }
      const count = pooled.length / pooledWidth;
      const feeds = { states, pooled, micro: microFeed(micro, count) };
      return lowMemory
        ? await runOnce(outputs, feeds, weights, run)
        : await (await open()).run(feeds);
    },
    release: () => sessions.release(),
  };
}

/** A step's graph: tokens [B,N] -> drawn ids and confidence, both [B,N]. */
export function stepOutputs(
  config: UVitConfig,
  condition: Condition,
  grid: Grid,
  variant: SamplerOptions,
): Outputs {
  const { ids, confidence } = stepSamples(
    grid[0] * grid[1],
    variant,
    (ids, batch) =>
      uVitLogits(config, ids, grid, fedCondition(condition, batch)),
  );
  return { ids, confidence };
}

/** The conditions of as many texts, [B,5]. */
function microFeed(
  { size, crop, score }: MicroConditions,
  count: number,
): Float32Array {
  const one = [...size, ...crop, score];
  return Float32Array.from(
    { length: count * one.length },
    (_, i) => one[i % one.length],
  );
}

function checkGrid({ halved }: UVitConfig, grid: Grid): void {
  const unit = halved ? 2 : 1;
  const fits = grid.every((side) => Number.isInteger(side / unit) && side > 0);
  if (fits) return;
  throw new RangeError(
    `Cannot draw tokens on a grid of ${
      grid.join("x")
    }: wanted a height and a ` +
      `width that are multiples of ${unit}`,
  );
}
