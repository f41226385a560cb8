/** What `eval fid` says of how the pictures behind its figures were resized. */

import type { MetricFigure } from "../../eval/metrics/metric_figure.ts";
import { PROGRAM_RESIZES } from "../../eval/networks/inception_pixels.ts";

/**
 * Figures with notes where pictures weren't resized as the program does that
 * was named, as files of numbers may not be, and where nobody says how.
 *
 * @param named the program that was asked for; metrics have one by themselves
 * too, which isn't held against pictures
 */
export function withResizeNotes(
  figures: readonly MetricFigure[],
  named: string | undefined,
): MetricFigure[] {
  return figures.map((figure) => ({
    ...figure,
    notes: [
      ...figure.notes,
      ...otherResize(figure, named),
      ...unknownResize(figure),
    ],
  }));
}

function otherResize(
  { samples, reference }: MetricFigure,
  named: string | undefined,
): string[] {
  const wanted = PROGRAM_RESIZES[named ?? ""];
  const odd = [samples, ...(reference ? [reference] : [])].find((set) =>
    set.network?.startsWith("inception") && set.resize !== undefined &&
    set.resize !== wanted
  );
  if (wanted === undefined || odd === undefined) return [];
  return [
    `resize: the pictures of ${odd.name} were resized by ${odd.resize}, and ` +
    `${named} resizes by ${wanted}: the figure is not ${named}'s. Make the ` +
    `numbers anew with --resize ${wanted}.`,
  ];
}

function unknownResize({ samples, reference }: MetricFigure): string[] {
  if (!reference) return [];
  const isKnown = [samples, reference].map(({ resize }) =>
    resize !== undefined
  );
  if (isKnown[0] === isKnown[1]) return []; // known, or numbers of any kind
  const which = isKnown[0] ? "reference" : "samples";
  const resize = isKnown[0] ? samples.resize : reference.resize;
  return [
    `resize: nobody says how the pictures of the ${which} were resized; the others ` +
    `were by ${resize}, and the figure is right only if these were too.`,
  ];
}
