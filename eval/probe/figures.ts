/** How often pictures show what they should, and what chance would give. */

import { BACKGROUND_NAMES, TINT_NAMES } from "../../datasets/emoji/colours.ts";
import { KINDS, RELATIONS, STYLES } from "../../datasets/mod.ts";
import { type Interval, wilsonInterval } from "../metrics/intervals.ts";
import { type Question, QUESTIONS, type Verdict } from "./verdict.ts";

/** A share of right answers. */
export interface JudgedRate extends Interval {
  /** The mean of the shares of each truth: of each kind, each colour … */
  readonly rate: number;
  /** How many answers there are; an interval of 95% is from 0 to 1 for none. */
  readonly trials: number;
  /** What pictures come to that have nothing to do with their captions. */
  readonly chance: number;
}

/** All figures of a set of pictures. */
export interface JudgedFigures extends Readonly<Record<Question, JudgedRate>> {
  /** How many pictures. */
  readonly pictures: number;
  /** Share of them with every kind of their scene and no other. */
  readonly kindsRight: number;
}

/** How many truths a question has. */
const TRUTHS: Readonly<Record<Question, number>> = {
  object: KINDS.length,
  count: 4,
  background: BACKGROUND_NAMES.length + 1, // a gradient
  relation: RELATIONS.length,
  style: STYLES.length,
  tint: TINT_NAMES.length + 1, // none
};

/**
 * The figures of judged pictures. Since each truth weighs as much, a guess that
 * has nothing to do with the scene is right once in as many times as there are
 * truths; for objects, as often as it names kinds.
 */
export function judgedFigures(verdicts: readonly Verdict[]): JudgedFigures {
  const pictures = verdicts.length;
  const mean = (value: (verdict: Verdict) => number) =>
    verdicts.reduce((sum, verdict) => sum + value(verdict), 0) /
    Math.max(1, pictures);
  const kinds = mean((verdict) => verdict.kinds);
  const rates = QUESTIONS.map((question) => {
    const guesses = question === "object" ? kinds : 1;
    const chance = guesses / TRUTHS[question];
    return [question, { ...rateOf(verdicts, question), chance }] as const;
  });
  return {
    pictures,
    kindsRight: mean(({ kindsRight }) => kindsRight ? 1 : 0),
    ...Object.fromEntries(rates) as Record<Question, JudgedRate>,
  };
}

function rateOf(verdicts: readonly Verdict[], question: Question) {
  const answers = verdicts.flatMap(({ answers }) =>
    answers.filter((answer) => answer.question === question)
  );
  const trials = answers.length;
  if (trials === 0) return { rate: 0, trials, low: 0, high: 1 };
  const truths = [...Map.groupBy(answers, ({ truth }) => truth).values()];
  const shares = truths.map((some) =>
    some.filter(({ right }) => right).length / some.length
  );
  const rate = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  // Scenes are balanced, so that all truths have about as many trials.
  const interval = wilsonInterval(Math.round(rate * trials), trials);
  return { rate, trials, ...interval };
}
