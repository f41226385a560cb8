/** `bench`: measurements that are printed with what they depend on. */

import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { readOptions } from "./options.ts";

interface Benchmark {
  readonly summary: string;
  load(): Promise<{ run(args: string[]): Promise<number> }>;
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
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
  clip: {
    summary: "pictures and texts a second through CLIP's towers",
    load: () => import("./bench_clip.ts"),
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

const USAGE = `Usage: bench NAME [options]

${
  Object.entries(BENCHMARKS)
    .map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
    .join("\n")
}

Every benchmark takes --json, for its figures as JSON on standard output.
\`deno task bench NAME --help\` explains one.
`;

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const place = args.findIndex((arg) => Object.hasOwn(BENCHMARKS, arg));
  if (place >= 0) {
    const { run } = await BENCHMARKS[args[place]].load();
    return await run(args.toSpliced(place, 1));
  }
  const { values, positionals } = readOptions({ help: "flag" }, args);
  if (values.help) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  const names = Object.keys(BENCHMARKS);
  const [name] = positionals;
  const meant = name && nearest(name, names);
  throw new UsageError(
    name === undefined
      ? `say what to measure: ${names.join(", ")}.`
      : `there is no benchmark "${name}"; ` +
        (meant ? `did you mean "${meant}"?` : `there are ${names.join(", ")}.`),
  );
}
