/** The figures of the judge of emoji scenes as text. */

import type { JudgedFigures } from "../../eval/probe/figures.ts";
import { QUESTIONS } from "../../eval/probe/verdict.ts";

/** A row for each question, with a heading. */
export function judgedRows(figures: JudgedFigures): string[] {
  const rows = QUESTIONS.map((question) => {
    const { rate, low, high, trials, chance } = figures[question];
    const between = `${percent(low)} to ${percent(high)}`;
    const found = trials > 0 ? [percent(rate), between] : ["-", "-"];
    return row(question, ...found, percent(chance), String(trials));
  });
  return [
    row("right, macro mean", "%", "95% interval", "chance", "answers"),
    ...rows,
    row("all kinds, no other", percent(figures.kindsRight), "", "", ""),
  ];
}

/** Such as "87.5". */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function row(name: string, ...cells: readonly string[]): string {
  const [rate, between, chance, answers] = cells;
  return [
    `  ${name.padEnd(20)}`,
    rate.padStart(6),
    between.padStart(16),
    chance.padStart(8),
    answers.padStart(9),
  ].join("").trimEnd();
}
