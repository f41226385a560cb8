/** What a decode plans and does, as panels of figures. */

import type { Picture } from "../image/picture.ts";
import { type Guidance, guidanceAt } from "../muse/guidance.ts";
import {
  maskedCounts,
  maskedFraction,
  type Schedule,
  type ScheduleName,
} from "../muse/schedule.ts";
import type { Frame } from "./film.ts";
import type { Chart, StateScale, TokenMap, ValueScale } from "./panel.ts";
import { type Grid, TOKEN_COLOURS } from "./token_maps.ts";
import type { TraceStep } from "./trace.ts";

/** Points of a smooth curve. */
const POINTS = 101;

/** Schedules as curves: the share of tokens that is masked, over a decode. */
export function scheduleChart(names: readonly ScheduleName[]): Chart {
  return {
    kind: "chart",
    title: "Schedules",
    x: { title: "share of the steps done" },
    y: { title: "share of the tokens masked" },
    draw: "lines",
    series: names.map((name) => ({
      name,
      points: Array.from({ length: POINTS }, (_, i) => {
        const x = i / (POINTS - 1);
        return { x, y: maskedFraction(name, x) };
      }),
    })),
  };
}

/**
 * How many tokens each step keeps.
 *
 * @param schedules by the name that the legend has
 * @param tokens N, all masked at the start
 */
export function keptChart(
  schedules: Readonly<Record<string, Schedule>>,
  tokens: number,
  steps: number,
): Chart {
  return {
    kind: "chart",
    title: `Tokens kept by each of ${steps} steps`,
    x: { title: "step" },
    y: { title: `tokens kept, of ${tokens}` },
    draw: "both",
    series: Object.entries(schedules).map(([name, schedule]) => {
      const masked = [tokens, ...maskedCounts(schedule, tokens, steps)];
      return {
        name,
        points: masked.slice(1).map((count, i) => ({
          x: i + 1,
          y: masked[i] - count,
        })),
      };
    }),
  };
}

/**
 * The scale t of guidance in each step.
 *
 * @param guidances by the name that the legend has
 */
export function guidanceChart(
  guidances: Readonly<Record<string, Guidance>>,
  steps: number,
): Chart {
  return {
    kind: "chart",
    title: "Guidance",
    x: { title: "step" },
    y: { title: "scale t" },
    draw: "both",
    series: Object.entries(guidances).map(([name, guidance]) => ({
      name,
      points: Array.from({ length: steps }, (_, step) => ({
        x: step + 1,
        y: guidanceAt(guidance, step, steps),
      })),
    })),
  };
}

const STATES: StateScale = {
  title: "tokens",
  states: [
    { name: "known", colour: TOKEN_COLOURS.known },
    { name: "just found", colour: TOKEN_COLOURS.found },
    { name: "unknown", colour: TOKEN_COLOURS.unknown },
  ],
};

const CONFIDENCE: ValueScale = { title: "probability", from: 0, to: 1 };

/** What {@linkcode decodeFrames} reads of a step: a `TraceStep` has it. */
export type DecodedStep =
  & Pick<TraceStep, "step" | "mask" | "chosen" | "confidence" | "guess">
  & {
    /** [N], of what the network expects of each token, in nats. */
    readonly entropy?: Float32Array;
  };

/**
 * A decode for `animate`: in each step the best guess, which tokens are known,
 * their confidence, and the entropy where it is given.
 */
export function decodeFrames(
  steps: readonly DecodedStep[],
  grid: Grid,
): Frame[] {
  const most = steps.reduce(
    (most, { entropy = [] }) => Math.max(most, ...entropy),
    0,
  );
  return steps.map((step) => ({
    name: `step ${step.step}`,
    panels: [
      { kind: "picture", title: "best guess", picture: step.guess },
      stateMap(step, grid),
      {
        kind: "map",
        title: "confidence",
        values: step.confidence,
        grid,
        scale: CONFIDENCE,
      },
      ...step.entropy
        ? [{
          kind: "map" as const,
          title: "entropy",
          values: step.entropy,
          grid,
          scale: { title: "entropy (nats)", from: 0, to: round(most) },
        }]
        : [],
    ],
  }));
}

/** Which tokens are known, were just found, or are unknown. */
function stateMap(
  { mask, chosen }: Pick<DecodedStep, "mask" | "chosen">,
  grid: Grid,
): TokenMap {
  const values = Array.from(
    mask,
    (unknown, i) => unknown ? 2 : chosen[i] ? 1 : 0,
  );
  return { kind: "map", title: "tokens", values, grid, scale: STATES };
}

/**
 * How much the tokens look at a word, over the picture: the brighter, the more.
 *
 * @param weights [N], as `attentionMaps` gives for one piece of the text
 * @param most is brightest: the largest of several maps that are compared; of
 * this one by default
 */
export function attentionPanel(
  title: string,
  weights: ArrayLike<number>,
  grid: Grid,
  beneath: Picture,
  most: number = Array.from(weights).reduce((a, b) => Math.max(a, b), 0),
): TokenMap {
  const values = Array.from(weights, (weight) => weight / (most || 1));
  const scale = { title: "attention (1: the most)", from: 0, to: 1 };
  return { kind: "map", title, values, grid, beneath, scale };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
