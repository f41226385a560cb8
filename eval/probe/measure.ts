/** The judge as a measure of drawn pictures, for sweeps. */

import { fromPlanarBatch } from "../../lib/image/picture.ts";
import type { Column, Measure } from "../measure.ts";
import { judgedFigures } from "./figures.ts";
import { type Judge, judgePictures } from "./judge.ts";
import { fitted } from "./pieces.ts";
import { createSight, sightDistance } from "./sight.ts";
import type { Verdict } from "./verdict.ts";

/** Questions that a sweep shows, with what each column says. */
const TITLES = {
  object: "kinds of the caption that are there",
  count: "their number is right",
  background: "background is right",
  relation: "relation is right",
  style: "style is right",
} as const;
const ASKED = Object.keys(TITLES) as (keyof typeof TITLES)[];

const COLUMNS: readonly Column[] = [
  ...ASKED.map((name): Column => ({
    name,
    title: TITLES[name],
    unit: "share",
    better: "higher",
    shows: "alignment",
  })),
  {
    name: "fdProbe",
    title: "FD-probe to the scenes",
    unit: "",
    better: "lower",
    shows: "fidelity",
  },
];

/**
 * What a judge reads in pictures, reduced to its size where they are larger,
 * and how far they are from real scenes. The scenes have to be of its size;
 * whoever loaded the judge releases it.
 */
export function judged(judge: Judge): Measure {
  const side = judge.config.imageSize;
  return {
    columns: COLUMNS,
    open() {
      return Promise.resolve({
        start() {
          const verdicts: Verdict[] = [];
          const [drawn, real] = [createSight(judge), createSight(judge)];
          return {
            async add({ pictures, scenes, pixels }) {
              const small = pictures.map((picture) => fitted(picture, side));
              verdicts.push(...await judgePictures(judge, small, scenes));
              await drawn.add(small);
              await real.add(fromPlanarBatch(pixels, side, side));
            },
            async figures() {
              const all = judgedFigures(verdicts);
              const rates = ASKED.map((name) => {
                const { rate, trials } = all[name];
                const error = Math.sqrt(
                  rate * (1 - rate) / Math.max(1, trials),
                );
                return [name, { value: rate, error }];
              });
              const fdProbe = await sightDistance(drawn, real);
              return {
                ...Object.fromEntries(rates),
                fdProbe: { value: fdProbe },
              };
            },
          };
        },
        release: () => Promise.resolve(),
      });
    },
  };
}
