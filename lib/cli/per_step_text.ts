/** Numbers for every step on the command line, read and printed alike. */

import type { PerStep } from "../muse/per_step.ts";
import { UsageError } from "./errors.ts";
import { isNumber, NUMBER, readNumber, readNumbers } from "./values.ts";

const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})$`, "i");

/**
 * "4": the same in every step; "0..4": from the first to the last; "0,2,4": one
 * for each step.
 */
export function readPerStep(
  name: string,
  text: string,
  least: number,
  most: number,
): PerStep {
  const ends = RANGE.exec(text);
  if (ends) {
    const [from, to] = ends.slice(1).map((end) =>
      readNumber(name, end, least, most)
    );
    return { from, to };
  }
  if (text.includes(",")) {
    const steps = readNumbers(name, text);
    for (const value of steps) readNumber(name, String(value), least, most);
    return { steps };
  }
  if (!isNumber(text)) {
    throw new UsageError(
      `--${name} is a number like 4, the first and the last step's like 0..4 ` +
        `or a list like 0,2,4, not "${text}".`,
    );
  }
  return readNumber(name, text, least, most);
}

/** The form that {@linkcode readPerStep} reads. */
export function perStepText(value: PerStep): string {
  if (typeof value === "number") return String(value);
  return "steps" in value ? value.steps.join() : `${value.from}..${value.to}`;
}

/** How many steps a list has; undefined if it is none. */
export function perStepSteps(value: PerStep): number | undefined {
  return typeof value !== "number" && "steps" in value
    ? value.steps.length
    : undefined;
}
