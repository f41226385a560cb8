/** `bench throughput`: components at several batch sizes and step counts. */

import type { Systems } from "../../eval/throughput/part.ts";
import type { Job, Runner } from "../../eval/throughput/runner.ts";
import { SYSTEMS } from "../../eval/throughput/systems.ts";
import { OPTIONS_TEXT, readAsked, runSystems } from "./bench_systems.ts";
import { UsageError } from "./errors.ts";

const USUAL = ["mini", "inception", "clip-vit-l-14"];
const BATCHES = [1, 8];

const USAGE = `Usage: bench throughput [options]

Measures text encoder, base step, super-resolution step, VQGAN decode, whole
pictures, and the networks of features, each in a process of its own: latency,
pictures or texts a second, operations a second beside the runtime's own
product, and the most memory. By default that is ${USUAL.join(", ")}
at batches of ${BATCHES.join(" and ")}. Weights that aren't here are random.

${OPTIONS_TEXT}
`;

/** Runs the benchmark, on these systems; returns its exit code. */
export async function run(
  args: string[],
  systems: Systems = SYSTEMS,
  open?: (job: Job) => Promise<Runner>,
): Promise<number> {
  const usual = USUAL.filter((name) => Object.hasOwn(systems, name));
  const asked = readAsked(args, { usage: USAGE, usual, systems });
  if (!asked) return 0;
  if (asked.compare !== undefined) {
    throw new UsageError(
      "--compare goes without a name: `deno task bench --compare PYTHON`.",
    );
  }
  return await runSystems(
    { ...asked, batches: asked.batches ?? BATCHES },
    open,
  );
}
