/** Systems measured by their names, for notebooks and programs. */

import type { Row } from "./measure.ts";
import { measureSystems } from "./measure_systems.ts";
import type { PartName, Precision } from "./part.ts";
import { SYSTEMS } from "./systems.ts";

/** Names of what {@linkcode measureThroughput} can measure. */
export const SYSTEM_NAMES: readonly string[] = Object.keys(SYSTEMS);

/** What of a system is measured, and how often. */
export interface MeasureThroughputOptions {
  /** Those of them that the system has; by default all of its own. */
  readonly parts?: readonly PartName[];
  /** By default the system's usual ones. */
  readonly precisions?: readonly Precision[];
  /** Pictures or texts at a time; by default each part's own. */
  readonly batches?: readonly number[];
  /** Measured runs of each part, after two more; 3 by default. */
  readonly runs?: number;
}

/**
 * Measures the parts of a system one after the other, each in a process of its
 * own, so that its memory is its own. Where the weights are not here, random
 * ones are written for the time of the measurement.
 *
 * @param name one of {@linkcode SYSTEM_NAMES}
 * @returns a row for each part in each precision and batch
 * @throws RangeError if there is no such system, or it has none of the parts
 */
export async function measureThroughput(
  name: string,
  { parts, runs = 3, ...rest }: MeasureThroughputOptions = {},
): Promise<Row[]> {
  if (!SYSTEM_NAMES.includes(name)) {
    throw new RangeError(
      `Cannot measure "${name}": found no system of that name, wanted one of ` +
        SYSTEM_NAMES.join(", "),
    );
  }
  const system = SYSTEMS[name];
  const asked = Object.entries(system.parts).filter(([part]) =>
    parts?.some((wanted) => wanted === part) ?? true
  );
  if (asked.length === 0) {
    throw new RangeError(
      `Cannot measure "${name}": it has none of the parts ` +
        `${parts?.join(", ")}, wanted some of ` +
        Object.keys(system.parts).join(", "),
    );
  }
  const systems = { [name]: { ...system, parts: Object.fromEntries(asked) } };
  return await measureSystems({ ...rest, systems, warmUp: 1, runs });
}
