/** What the judge of emoji scenes says of a run: a figure for each question. */

import { judgedFigures } from "../probe/figures.ts";
import { QUESTIONS, type Verdict } from "../probe/verdict.ts";
import type { Figured } from "./figured.ts";
import type { RunFigure } from "./record.ts";
import type { MetricRecord } from "./record_types.ts";
import type { RunSets } from "./run_sets.ts";

/** What each question is called. */
const JUDGED: Readonly<Record<typeof QUESTIONS[number], string>> = {
  object: "Kinds of objects",
  count: "Number of each",
  background: "Background",
  relation: "Relation",
  style: "Style",
  tint: "Tint",
};

/** Of the pictures drawn, beside the real ones. */
export async function judgeFigures(
  sets: RunSets,
  { metric, network, convention }: MetricRecord,
): Promise<Figured> {
  const of = async (set: "samples" | "reference") =>
    (await sets.extracted(set, network)).notes as Verdict[];
  const verdicts = await of("samples");
  const drawn = judgedFigures(verdicts);
  const real = judgedFigures(await of("reference"));
  const about = {
    metric,
    convention,
    samples: await sets.recordOf("samples", network),
    reference: await sets.recordOf("reference", network),
    notes: [],
  };
  const figures = QUESTIONS.map((question): RunFigure => {
    const { rate, low, high, chance, trials } = drawn[question];
    return {
      ...about,
      title: JUDGED[question],
      value: rate,
      interval: { low, high },
      chance,
      ofReference: real[question].rate,
      settings: { question, answers: trials },
    };
  });
  const values = verdicts.map(({ answers }) =>
    answers.filter(({ right }) => right).length / answers.length
  );
  const title = "Right answers of the judge";
  return {
    figures: [...figures, {
      ...about,
      title: "All kinds of objects, no other",
      value: drawn.kindsRight,
      ofReference: real.kindsRight,
      settings: { question: "kindsRight", answers: drawn.pictures },
    }],
    scores: [{ name: metric, title, better: "higher", values }],
  };
}
