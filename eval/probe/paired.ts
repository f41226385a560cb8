/** How far judged figures move between two drawings of the same scenes. */

import { type Interval, Z } from "../metrics/intervals.ts";
import { judgedFigures } from "./figures.ts";
import { type Question, QUESTIONS, type Verdict } from "./verdict.ts";

/** What moves: the rate of a question, or the share with all kinds right. */
export type JudgedShare = Question | "kindsRight";

/** From one drawing to the other, as shares. */
export interface Change extends Interval {
  /** Of the figure; `low` and `high` are where it lies with 95% confidence. */
  readonly change: number;
}

/**
 * The changes with their intervals. Scenes are compared in pairs, so that what
 * is hard in both drawings counts in neither: each scene is left out once of
 * both, and the spread of what is left tells how sure the change is (Tukey's
 * jackknife).
 *
 * @throws RangeError for drawings of other numbers of scenes, or less than two
 */
export function pairedChanges(
  before: readonly Verdict[],
  after: readonly Verdict[],
): Record<JudgedShare, Change> {
  const count = before.length;
  if (after.length !== count || count < 2) {
    throw new RangeError(
      `Cannot compare pictures of ${count} scenes and of ${after.length}: ` +
        `wanted two or more, the same in both`,
    );
  }
  const all = changes(before, after);
  const rest = before.map((_, i) =>
    changes(before.toSpliced(i, 1), after.toSpliced(i, 1))
  );
  const names = Object.keys(all) as JudgedShare[];
  return Object.fromEntries(names.map((name) => {
    const values = rest.map((some) => some[name]);
    const mean = values.reduce((a, b) => a + b) / count;
    const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    const reach = Z * Math.sqrt(squares * (count - 1) / count);
    const change = all[name];
    return [name, { change, low: change - reach, high: change + reach }];
  })) as Record<JudgedShare, Change>;
}

function changes(
  before: readonly Verdict[],
  after: readonly Verdict[],
): Record<JudgedShare, number> {
  const [from, to] = [before, after].map(judgedFigures);
  const rates = QUESTIONS.map((question) =>
    [question, to[question].rate - from[question].rate] as const
  );
  return {
    ...Object.fromEntries(rates) as Record<Question, number>,
    kindsRight: to.kindsRight - from.kindsRight,
  };
}
