/** Guidance on the command line, read and printed in the same form. */

import { countGuided, type Guidance } from "../muse/guidance.ts";
import {
  type DrawOptions,
  type Enlarging,
  isSuperresGuided,
} from "../muse/options.ts";
import { UsageError } from "./errors.ts";
import { readPerStep } from "./per_step_text.ts";
import { NUMBER, readNumber } from "./values.ts";

/** The settings that say where guidance leads, and how often. */
type Guided = Pick<DrawOptions, "negative" | "guidance"> & Enlarging;

/** No larger scale is of use; at 1 the unguided logits count as much again. */
const MOST_GUIDANCE = 100;

const COSINE = new RegExp(`^cosine:(${NUMBER})(?:\\^(${NUMBER}))?$`, "i");
const INTERVAL = new RegExp(`^(${NUMBER})@(${NUMBER})\\.\\.(${NUMBER})$`, "i");
const FORMS = /^[-+.\de,]+$/i;

/**
 * "4": the same scale in every step; "0..4": from the first to the last;
 * "0,2,4": one for each step; "cosine:7^3": a power cosine; "4@0.2..0.8": in an
 * interval of the progress.
 */
export function readGuidance(text: string, option = "guidance"): Guidance {
  const scale = (text: string) => readNumber(option, text, 0, MOST_GUIDANCE);
  const [, peak, power] = COSINE.exec(text) ?? [];
  if (peak !== undefined) return readCosine(option, scale(peak), power ?? "1");
  const [, inside, from, to] = INTERVAL.exec(text) ?? [];
  if (inside !== undefined) {
    return readInterval(option, scale(inside), from, to);
  }
  if (!FORMS.test(text)) {
    throw new UsageError(
      `--${option} is a scale like 4, the first and the last step's like 0..4, ` +
        `a list like 0,2,4, cosine:7^3 or 4@0.2..0.8, not "${text}".`,
    );
  }
  const scales = readPerStep(option, text, 0, MOST_GUIDANCE);
  if (typeof scales === "number") return { kind: "constant", scale: scales };
  return "steps" in scales
    ? { kind: "list", scales: scales.steps }
    : { kind: "linear", ...scales };
}

function readCosine(option: string, scale: number, text: string): Guidance {
  const power = readNumber(option, text, 0, 100);
  if (power > 0) return { kind: "powerCosine", scale, power };
  throw new UsageError(`--${option} cosine:T^P has a power P above 0.`);
}

function readInterval(
  option: string,
  scale: number,
  first: string,
  last: string,
): Guidance {
  const [from, to] = [first, last].map((end) => readNumber(option, end, 0, 1));
  if (from <= to) return { kind: "interval", scale, from, to };
  throw new UsageError(
    `--${option} T@A..B goes from A to B, but ${from} is above ${to}.`,
  );
}

type Texts = {
  readonly [K in Guidance["kind"]]: (
    guidance: Extract<Guidance, { kind: K }>,
  ) => string;
};

const TEXTS: Texts = {
  constant: ({ scale }) => String(scale),
  linear: ({ from, to }) => `${from}..${to}`,
  powerCosine: ({ scale, power }) => `cosine:${scale}^${power}`,
  interval: ({ scale, from, to }) => `${scale}@${from}..${to}`,
  list: ({ scales }) => scales.join(),
};

/** The form that {@linkcode readGuidance} reads. */
export function guidanceText(guidance: Guidance): string {
  return TEXTS[guidance.kind](guidance as never);
}

/** How many steps a list has; undefined if it is none. */
export function guidanceSteps(guidance: Guidance): number | undefined {
  return guidance.kind === "list" ? guidance.scales.length : undefined;
}

/**
 * Refuses a negative prompt that no guidance leads away from.
 *
 * @param steps of the base
 * @throws UsageError
 */
export function checkNegative(
  { negative, guidance, ...superres }: Guided,
  steps: number,
): void {
  if (negative === undefined || countGuided(guidance, steps) > 0) return;
  if (isSuperresGuided(superres)) return;
  throw new UsageError(
    "--negative needs a --guidance above 0, or a --superres-guidance.",
  );
}
