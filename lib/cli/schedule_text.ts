/** Schedules on the command line, read and printed in the same form. */

import {
  FLOAT32_SCHEDULE_NAMES,
  type Schedule,
  SCHEDULE_NAMES,
} from "../muse/schedule.ts";
import { UsageError } from "./errors.ts";
import { didYouMean } from "../run/nearest.ts";
import { readNumbers } from "./values.ts";

const NAMES = [...SCHEDULE_NAMES, ...FLOAT32_SCHEDULE_NAMES];

/**
 * A name, in any case and with or without hyphens; or a list of what is still
 * unknown after each step: as fractions if no number is above 1, else as
 * counts.
 */
export function readSchedule(text: string): Schedule {
  const plain = (name: string) => name.toLowerCase().replace(/[-_ ]/g, "");
  const known = NAMES.find((name) => plain(name) === plain(text));
  if (known) return known;
  if (/^[\d\s.,]+$/.test(text)) return readList(text);
  throw new UsageError(
    `there is no schedule "${text}"; ` + didYouMean(
      text,
      NAMES,
      `there are ${SCHEDULE_NAMES.join(", ")}, and lists of numbers.`,
    ),
  );
}

function readList(text: string): Schedule {
  const numbers = readNumbers("schedule", text);
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
