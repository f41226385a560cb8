/** Times of a run's model, as `bench throughput --json` prints them. */

import { z } from "zod";
import { readRunJson } from "../run/files.ts";
import type { RunRecord } from "../run/record.ts";
import type { PublishedTime } from "./published.ts";

/** What is read of its output. */
const measured = z.object({
  processor: z.string(),
  rows: z.array(z.object({
    system: z.string(),
    part: z.string(),
    steps: z.number().optional(),
    precision: z.string(),
    device: z.string(),
    batch: z.number(),
    seconds: z.object({ median: z.number() }),
  })),
});

/**
 * The rows of the run's model for the table of inference times: seconds that
 * whole pictures take, in every way that was measured.
 *
 * @param path of the output of `bench throughput --json`, or of `bench --json`
 * @throws Error if the file is something else or has no time of the model
 */
export async function readTimes(
  path: string,
  { source }: RunRecord,
): Promise<PublishedTime[]> {
  const { processor, rows } = await readRunJson(path, measured);
  const own = source.kind === "model"
    ? rows.filter(({ system, part }) =>
      part === "picture" && system === source.name
    )
    : [];
  if (source.kind !== "model" || own.length === 0) {
    throw new Error(
      `Cannot take times from ${path}: found none of whole pictures by ` +
        (source.kind === "model"
          ? `${source.name}; measure them with \`deno task bench throughput ` +
            `--only ${source.name} --json\``
          : `another system, of which no time is measured here`),
    );
  }
  return own.map(({ steps, precision, device, batch, seconds }) => ({
    system: source.name,
    side: source.width,
    seconds: seconds.median,
    hardware: [
      device === "cpu" ? processor : `${device}, ${processor}`,
      precision,
      ...(steps === undefined ? [] : [`${steps} steps`]),
      `${batch} at once`,
    ].join(", "),
  }));
}
