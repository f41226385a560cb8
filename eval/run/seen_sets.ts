/** The pictures that a network of a run is to see. */

import type { Pictures } from "./features.ts";
import { readImage } from "./images.ts";
import type { Run } from "./open_run.ts";
import { picturesOf, seesReference } from "./run_sets.ts";

/** The run's own pictures, and the reference's where a metric takes them. */
export function setsFor(
  run: Run,
  network: string,
  readReference: Pictures["read"] | undefined,
): Pictures[] {
  const { record, samples } = run;
  const drawn: Pictures = {
    ...picturesOf(record, "samples"),
    read: (index) => readImage(run, samples[index]),
  };
  if (!readReference || !seesReference(record, network)) return [drawn];
  return [
    drawn,
    { ...picturesOf(record, "reference"), read: readReference },
  ];
}
