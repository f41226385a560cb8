/**
 * Schedules: how many tokens are still masked after each step of a decode.
 * All arithmetic is fp64, except where a name says otherwise: the published
 * schedulers work in fp32 and are one token off where a cosine meets a whole
 * number.
 */

import { hint } from "../run/nearest.ts";

/** Name of a schedule given by a formula. */
export type ScheduleName =
  | "cosine"
  | "linear"
  | "square"
  | "cubic"
  | "squareRoot"
  | "arccos";

/** Fraction still masked at a progress r in [0, 1]: from 1 falling to 0. */
const CURVES: Readonly<Record<ScheduleName, (progress: number) => number>> = {
  /** Muse, section 2.8: few tokens at first, while little is known. */
  cosine: (r: number) => Math.cos(Math.PI * r / 2),
  /** The straight line among the candidates of MaskGIT, section 3.3. */
  linear: (r: number) => 1 - r,
  /** MaskGIT, section 3.3: concave, as the cosine is. */
  square: (r: number) => 1 - r ** 2,
  /** MaskGIT, section 3.3: concave, and later than the square. */
  cubic: (r: number) => 1 - r ** 3,
  /** MaskGIT, section 3.3: convex, most tokens in the first steps. */
  squareRoot: (r: number) => 1 - Math.sqrt(r),
  /**
   * What MaskBit (arXiv 2409.16211) and Halton-MaskGIT (arXiv 2503.17076)
   * call arccos. Muse's "arccos distribution" of masking rates (section 2.6)
   * is another thing: the cosine above at a uniform r.
   */
  arccos: (r: number) => Math.acos(r) / (Math.PI / 2),
};

/** Names of all schedules given by a formula. */
export const SCHEDULE_NAMES: readonly ScheduleName[] = Object.keys(
  CURVES,
) as ScheduleName[];

/** Name of a formula in the arithmetic of aMUSEd's scheduler, which is fp32. */
export type Float32ScheduleName = "cosine32" | "linear32";

const { fround } = Math;

/** The same in fp32, operation by operation (diffusers, scheduling_amused.py). */
const FLOAT32_CURVES: Readonly<
  Record<Float32ScheduleName, (progress: number) => number>
> = {
  cosine32: (r) => fround(Math.cos(fround(fround(r * fround(Math.PI)) / 2))),
  linear32: (r) => fround(1 - r),
};

/** Names of all schedules in fp32. */
export const FLOAT32_SCHEDULE_NAMES: readonly Float32ScheduleName[] = Object
  .keys(FLOAT32_CURVES) as Float32ScheduleName[];

/**
 * A formula by its name, or what is still masked after every step: as
 * fractions in [0, 1] of the tokens masked at the start, or as counts. Such
 * a list has one entry a step, never rises and reaches 0 with its last entry
 * only.
 */
export type Schedule =
  | ScheduleName
  | Float32ScheduleName
  | { readonly fractions: readonly number[] }
  | { readonly counts: readonly number[] };

/**
 * Fraction still masked when the share `progress` of the steps is done.
 * @throws RangeError for a progress outside [0, 1]
 */
export function maskedFraction(name: ScheduleName, progress: number): number {
  if (!(progress >= 0 && progress <= 1)) {
    throw new RangeError(
      `Cannot evaluate the schedule ${name}: found the progress ` +
        `${progress}, wanted a number from 0 to 1`,
    );
  }
  return progress === 1 ? 0 : CURVES[name](progress);
}

/**
 * Number of tokens masked after each of the steps, for a decode that starts
 * with `tokens` of them masked.
 *
 * The rule is that of MaskGIT's and aMUSEd's samplers: the schedule's share,
 * rounded down, but every step finds at least one token, and one is left for
 * the last step. So with more steps than tokens the count falls one by one
 * to 1 and waits there.
 *
 * @param length tokens of the whole picture, the known ones included, by which
 * the schedules in fp32 round; as many as are masked by default
 * @throws RangeError if `steps` is not a positive integer, `tokens` not an
 * integer of at least 0, or an explicit list doesn't fit
 */
export function maskedCounts(
  schedule: Schedule,
  tokens: number,
  steps: number,
  length = tokens,
): number[] {
  checkStepCount(steps);
  checkInteger("tokens", tokens, 0);
  const planned = plannedCounts(schedule, { tokens, steps, length });
  let masked = tokens;
  return planned.map((count, step) => {
    const atLeast = step === steps - 1 ? 0 : Math.min(1, tokens);
    return masked = Math.max(atLeast, Math.min(count, masked - 1));
  });
}

/**
 * What the schedule alone says of each step, before the limits of the rule of
 * {@linkcode maskedCounts}.
 *
 * @param picture how many tokens are masked first, how many steps there are,
 * and how many tokens the picture has
 */
export function plannedCounts(
  schedule: Schedule,
  { tokens, steps, length }: {
    readonly tokens: number;
    readonly steps: number;
    readonly length: number;
  },
): readonly number[] {
  checkSchedule(schedule, steps);
  if (typeof schedule === "string") {
    const progress = Array.from(
      { length: steps },
      (_, step) => (step + 1) / steps,
    );
    return isFloat32(schedule)
      ? progress.map((r) => float32Count(schedule, fround(r), tokens, length))
      : progress.map((r) => roundDown(tokens * maskedFraction(schedule, r)));
  }
  if ("counts" in schedule) return schedule.counts;
  return schedule.fractions.map((fraction) => roundDown(tokens * fraction));
}

/**
 * Whether there may be so many steps.
 * @throws RangeError if not
 */
export function checkStepCount(steps: number): void {
  checkInteger("steps", steps, 1);
}

/**
 * Whether it is a schedule that there is, or lists one of so many steps.
 * @throws RangeError naming those that there are, or what is wrong in the list
 */
export function checkSchedule(schedule: Schedule, steps: number): void {
  const names = [...SCHEDULE_NAMES, ...FLOAT32_SCHEDULE_NAMES];
  if (typeof schedule === "string" && names.includes(schedule)) return;
  const { counts, fractions } = Object(schedule);
  if (Array.isArray(counts)) return checkCounts(counts, steps);
  if (Array.isArray(fractions)) return checkFractions(fractions, steps);
  throw new RangeError(
    `Cannot plan a decode: found the schedule ${Deno.inspect(schedule)}, ` +
      `wanted ${names.join(", ")}, or a list like { fractions: [0.5, 0] }` +
      hint(schedule, names),
  );
}

function isFloat32(
  schedule: ScheduleName | Float32ScheduleName,
): schedule is Float32ScheduleName {
  return schedule in FLOAT32_CURVES;
}

/** A part of the picture is masked first, and the formula's share of that. */
function float32Count(
  schedule: Float32ScheduleName,
  progress: number,
  tokens: number,
  length: number,
): number {
  if (tokens === 0) return 0;
  const fraction = FLOAT32_CURVES[schedule](progress);
  const share = fround(fround(tokens / length) * fraction);
  return Math.max(0, Math.floor(fround(length * share)));
}

/** Rounds down; 1 - 0.9 lies a rounding error below the tenth it means. */
function roundDown(count: number): number {
  return Math.floor(count + 1e-9);
}

function checkInteger(what: string, found: number, least: number): void {
  if (!Number.isSafeInteger(found) || found < least) {
    throw new RangeError(
      `Cannot plan a decode: found ${found} ${what}, ` +
        `wanted a whole number of at least ${least}`,
    );
  }
}

function checkCounts(counts: readonly number[], steps: number): void {
  checkList("counts", counts, steps);
  const odd = counts.find((count) => !Number.isInteger(count));
  if (odd === undefined) return;
  throw listError("counts", `the count ${odd}`, "whole numbers");
}

function checkFractions(fractions: readonly number[], steps: number): void {
  checkList("fractions", fractions, steps);
  const [first] = fractions;
  if (first <= 1) return;
  throw listError("fractions", `the fraction ${first}`, "numbers from 0 to 1");
}

function checkList(
  what: string,
  list: readonly number[],
  steps: number,
): void {
  if (list.length !== steps) {
    const found = `${list.length} ${what} for ${steps} steps`;
    throw listError(what, found, "one for each step");
  }
  const falls = list.every((value, i) =>
    (i === 0 || value <= list[i - 1]) && value >= 0 &&
    (value === 0) === (i === steps - 1)
  );
  if (!falls) {
    const wanted = "numbers that never rise, with 0 as the last one only";
    throw listError(what, `[${list}]`, wanted);
  }
}

function listError(what: string, found: string, wanted: string): RangeError {
  return new RangeError(
    `Cannot plan a decode by explicit ${what}: found ${found}, ` +
      `wanted ${wanted}`,
  );
}
