/** Reading the values of options, and printing them in the same form. */

import type { Guidance } from "../muse/guidance.ts";
import { type Schedule, SCHEDULE_NAMES } from "../muse/schedule.ts";
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const ONE_NUMBER = new RegExp(`^${NUMBER}$`, "i");
const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})$`, "i");

/** A whole number within limits. */
export function readWhole(
  name: string,
  text: string,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  const value = Number(text);
  if (/^[-+]?\d+$/.test(text) && value >= least && value <= most) return value;
  const end = most === Number.MAX_SAFE_INTEGER ? "up" : `to ${most}`;
  throw new UsageError(
    `--${name} is a whole number from ${least} ${end}, not "${text}".`,
  );
}

/** A number within limits, which infinities and NaN are not. */
export function readNumber(
  name: string,
  text: string,
  least: number,
  most: number,
): number {
  const value = Number(text);
  if (ONE_NUMBER.test(text) && value >= least && value <= most) return value;
  throw new UsageError(
    `--${name} is a number from ${least} to ${most}, not "${text}".`,
  );
}

/** A share above 0 and up to 1. */
export function readShare(name: string, text: string): number {
  const value = Number(text);
  if (ONE_NUMBER.test(text) && value > 0 && value <= 1) return value;
  throw new UsageError(
    `--${name} is a number above 0 and up to 1, not "${text}".`,
  );
}

/** A text that is not blank, if there is one. */
export function readText(
  name: string,
  text: string | undefined,
): string | undefined {
  if (text?.trim() === "") throw new UsageError(`--${name} is empty.`);
  return text;
}

/** No larger scale is of use; at 1 the unguided logits count as much again. */
const MOST_GUIDANCE = 100;

/** "4": the same scale in every step; "0..4": from the first to the last. */
export function readGuidance(text: string): Guidance {
  const ends = RANGE.exec(text);
  if (ends) {
    const [from, to] = ends.slice(1).map((end) =>
      readNumber("guidance", end, 0, MOST_GUIDANCE)
    );
    return { kind: "linear", from, to };
  }
  if (!ONE_NUMBER.test(text)) {
    throw new UsageError(
      `--guidance is a scale like 4, or the first and the last step's like ` +
        `0..4, not "${text}".`,
    );
  }
  return {
    kind: "constant",
    scale: readNumber("guidance", text, 0, MOST_GUIDANCE),
  };
}

/** The form that {@linkcode readGuidance} reads. */
export function guidanceText(guidance: Guidance): string {
  return guidance.kind === "constant"
    ? String(guidance.scale)
    : `${guidance.from}..${guidance.to}`;
}

/** Whether any step is guided. */
export function isGuided(guidance: Guidance): boolean {
  return guidance.kind === "constant"
    ? guidance.scale !== 0
    : guidance.from !== 0 || guidance.to !== 0;
}

/**
 * A name, in any case and with or without hyphens; or a list of what is still
 * unknown after each step: as fractions if no number is above 1, else as
 * counts.
 */
export function readSchedule(text: string): Schedule {
  const plain = (name: string) => name.toLowerCase().replace(/[-_ ]/g, "");
  const known = SCHEDULE_NAMES.find((name) => plain(name) === plain(text));
  if (known) return known;
  if (/^[\d\s.,]+$/.test(text)) return readList(text);
  const meant = nearest(text, SCHEDULE_NAMES);
  throw new UsageError(
    `there is no schedule "${text}"; ` +
      (meant
        ? `did you mean "${meant}"?`
        : `there are ${SCHEDULE_NAMES.join(", ")}, and lists of numbers.`),
  );
}

function readList(text: string): Schedule {
  const list = text.split(",").map((part) => part.trim());
  const odd = list.find((part) => !ONE_NUMBER.test(part));
  if (odd !== undefined) {
    throw new UsageError(
      `--schedule is a list of numbers with commas between them, but ` +
        `"${odd}" is not a number.`,
    );
  }
  const numbers = list.map(Number);
  return numbers.every((value) => value <= 1)
    ? { fractions: numbers }
    : { counts: numbers };
}

/** How many steps an explicit schedule has; undefined for a formula. */
export function scheduleSteps(schedule: Schedule): number | undefined {
  return typeof schedule === "string" ? undefined : scheduleList(schedule)
    .length;
}

/** The form that {@linkcode readSchedule} reads. */
export function scheduleText(schedule: Schedule): string {
  return typeof schedule === "string"
    ? schedule
    : scheduleList(schedule).join(",");
}

function scheduleList(
  schedule: Exclude<Schedule, string>,
): readonly number[] {
  return "counts" in schedule ? schedule.counts : schedule.fractions;
}
