/** How each step of a decode predicts and chooses, and whether that can be. */

import { choiceTemperatureAt } from "./choose.ts";
import { type Guidance, guidanceAt } from "./guidance.ts";
import { checkKind, type OptionNames } from "./known_options.ts";
import { atStep, type PerStep } from "./per_step.ts";
import { type Remask, REMASK_NAMES } from "./remask.ts";
import { checkSchedule, checkStepCount, type Schedule } from "./schedule.ts";
import { type Sampler, samplerFault } from "./sampler.ts";

/** How each step predicts and chooses. */
export interface StepOptions {
  /** Scale of the guidance over the steps. */
  readonly guidance: Guidance;
  /** Temperature of the tokens' distribution; 0 takes the likeliest. */
  readonly temperature: PerStep;
  /**
   * Temperature of the Gumbel noise on the confidence. More of it spreads the
   * kept tokens out. A single number is that of the first step and falls to 0
   * in the last.
   */
  readonly choiceTemperature: PerStep;
  /** Draw from the k likeliest codes only; from all by default. */
  readonly topK?: number;
  /**
   * Draw from the fewest likeliest codes that together are above this share of
   * the probability at the temperature, in (0, 1]; from all by default.
   */
  readonly topP?: number;
  /** The order in which positions are kept; by confidence by default. */
  readonly sampler?: Sampler;
  /** Hide some of the found tokens again in every step; none by default. */
  readonly remask?: Remask;
}

/** The names of them. */
export const STEP_NAMES: OptionNames<StepOptions> = {
  guidance: true,
  temperature: true,
  choiceTemperature: true,
  topK: true,
  topP: true,
  sampler: true,
  remask: true,
};

/** What the options come to in one step. */
export interface StepNumbers {
  readonly guidance: number;
  readonly temperature: number;
  readonly choiceTemperature: number;
}

/**
 * The numbers of a step.
 *
 * @param step number of the step, counted from 0
 * @throws RangeError for options out of range, naming the step
 */
export function stepNumbers(
  options: StepOptions,
  step: number,
  steps: number,
): StepNumbers {
  const numbers = {
    guidance: guidanceAt(options.guidance, step, steps),
    temperature: atStep("temperature", options.temperature, step, steps),
    choiceTemperature: choiceTemperatureAt(
      options.choiceTemperature,
      step,
      steps,
    ),
  };
  const { topK, topP } = options;
  const refuse = (found: string, wanted: string) => {
    throw new RangeError(
      `Cannot decode step ${step + 1}: found the ${found}, wanted ${wanted}`,
    );
  };
  if (!Number.isFinite(numbers.guidance)) {
    refuse(`guidance ${numbers.guidance}`, "a finite number");
  }
  for (const name of ["temperature", "choiceTemperature"] as const) {
    if (numbers[name] >= 0 && numbers[name] < Infinity) continue;
    refuse(`${name} ${numbers[name]}`, "a finite number of at least 0");
  }
  if (topK !== undefined && !(Number.isInteger(topK) && topK >= 1)) {
    refuse(`top k ${topK}`, "a whole number of at least 1");
  }
  if (topP !== undefined && !(topP > 0 && topP <= 1)) {
    refuse(`top p ${topP}`, "a number above 0 and up to 1");
  }
  const { remask } = options;
  if (remask) {
    checkKind("remask", remask, REMASK_NAMES, '{ kind: "cap", rate: 0.05 }');
  }
  if (remask && !(remask.rate >= 0 && remask.rate <= 1)) {
    refuse(`rate ${remask.rate} of re-masking`, "a number from 0 to 1");
  }
  const fault = options.sampler && samplerFault(options.sampler);
  if (fault) refuse(fault.found, fault.wanted);
  return numbers;
}

/**
 * Checks the options for all steps of a decode, before the first.
 * @throws RangeError naming the step and the option
 */
export function checkSteps(
  options: StepOptions & { readonly schedule?: Schedule },
  steps: number,
): void {
  checkStepCount(steps);
  const { schedule } = options;
  if (schedule !== undefined) checkSchedule(schedule, steps);
  for (let step = 0; step < steps; step++) stepNumbers(options, step, steps);
}
