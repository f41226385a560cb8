/** `bench`: measurements that are printed with what they depend on. */

import { SYSTEMS } from "../../eval/throughput/systems.ts";
import {
  OPTIONS_TEXT,
  readAsked,
  runSystems,
  SYSTEM_OPTIONS,
} from "./bench_systems.ts";
import { asPart, UsageError } from "./errors.ts";
import { didYouMean } from "../run/nearest.ts";
import { readOptions } from "./options.ts";

interface Benchmark {
  readonly summary: string;
  load(): Promise<{ run(args: string[]): Promise<number> }>;
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  throughput: {
    summary: "components by batch size and step count",
    load: () => import("./bench_throughput.ts"),
  },
  start: {
    summary: "time from the start of generate to its first step and picture",
    load: () => import("./bench_start.ts"),
  },
  train: {
    summary: "rate of a train step, and of the runtime's own product",
    load: () => import("./bench_train.ts"),
  },
  paper: {
    summary: "time and memory of networks of the paper's sizes",
    load: () => import("./bench_paper.ts"),
  },
  parity: {
    summary: "time and memory of published pipelines, at full size",
    load: () => import("./bench_parity.ts"),
  },
  t5: {
    summary: "time and memory of T5's encoders, small to XXL",
    load: () => import("./bench_t5.ts"),
  },
  frechet: {
    summary: "time of a Fréchet distance, FID's last stage",
    load: () => import("./bench_frechet.ts"),
  },
  quality: {
    summary: "what a model keeps of pictures, and understands of captions",
    load: () => import("./bench_quality.ts"),
  },
};

const USAGE = `Usage: bench [options]
       bench NAME [options]

Without a name, all systems are measured, each at its usual batch and in its
usual precisions: time, operations a second beside the runtime's own
product, the most memory, and the time to load. That takes long, and up to
20 GB of disk at a time where weights aren't here and random ones are written.

${OPTIONS_TEXT}

Names of other benchmarks, which \`deno task bench NAME --help\` explains:

${
  Object.entries(BENCHMARKS)
    .map(([name, { summary }]) => `  ${name.padEnd(11)} ${summary}`)
    .join("\n")
}
`;

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  // Further on, a name may be an option's value: `--folder train`.
  const [name, ...rest] = args;
  if (name !== undefined && Object.hasOwn(BENCHMARKS, name)) {
    const { run } = await BENCHMARKS[name].load();
    return await asPart(`bench ${name}`, () => run(rest));
  }
  refuseName(args);
  const asked = readAsked(args, {
    usage: USAGE,
    usual: Object.keys(SYSTEMS),
    systems: SYSTEMS,
  });
  if (!asked) return 0;
  if (asked.compare === undefined) return await runSystems(asked);
  if (asked.devices?.some((device) => device !== "cpu")) {
    throw new UsageError("--compare is for the processor; leave out --device.");
  }
  const { runComparison } = await import("./bench_compare.ts");
  return await runComparison(asked, asked.compare);
}

/** @throws UsageError if a benchmark is named that isn't there, or too late */
function refuseName(args: string[]): void {
  const [name] = readOptions(SYSTEM_OPTIONS, args).positionals;
  if (name === undefined) return;
  if (Object.hasOwn(BENCHMARKS, name)) {
    throw new UsageError(
      `the name comes before its options: bench ${name} [options].`,
    );
  }
  throw new UsageError(
    `there is no benchmark "${name}"; ` +
      didYouMean(name, Object.keys(BENCHMARKS)),
  );
}
