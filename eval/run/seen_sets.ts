/** The pictures that a network of a run is to see. */

import type { Pictures } from "./features.ts";
import { imagePlaces } from "./images.ts";
import type { Run } from "./open_run.ts";
import type { PictureSource } from "./picture_source.ts";
import { picturesOf, seesReference } from "./run_sets.ts";

/** The run's own pictures, and the reference's where a metric takes them. */
export function setsFor(
  run: Run,
  network: string,
  reference: PictureSource | undefined,
): Pictures[] {
  const { record } = run;
  const drawn: Pictures = {
    ...picturesOf(record, "samples"),
    places: imagePlaces(run),
  };
  if (!reference || !seesReference(record, network)) return [drawn];
  return [
    drawn,
    { ...picturesOf(record, "reference"), ...reference },
  ];
}
