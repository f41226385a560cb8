/** `eval`: figures that other programs' can be compared with. */

import { asPart, UsageError } from "./errors.ts";
import { protocolCommand } from "./eval_protocols.ts";
import { didYouMean } from "../run/nearest.ts";

interface Evaluation {
  readonly summary: string;
  load(): Promise<{ run(args: string[]): Promise<number> }>;
}

const EVALUATIONS: Readonly<Record<string, Evaluation>> = {
  emoji: {
    summary: "pictures of captions of emoji scenes, read by their judge",
    load: () => protocolCommand("emoji"),
  },
  coco: {
    summary: "pictures of COCO's captions beside its pictures",
    load: () => protocolCommand("coco"),
  },
  cc3m: {
    summary: "the same of Conceptual Captions",
    load: () => protocolCommand("cc3m"),
  },
  pairs: {
    summary: "the same of your own pictures and captions",
    load: () => protocolCommand("pairs"),
  },
  tokenizer: {
    summary: "what is left of pictures after their tokens",
    load: () => import("./eval_tokenizer.ts"),
  },
  fid: {
    summary: "how far two sets of samples are apart, by their features",
    load: () => import("./eval_fid.ts"),
  },
  merge: {
    summary: "the parts of an evaluation put together",
    load: () => import("./eval_merge.ts"),
  },
  stats: {
    summary: "what a network says of pictures, kept for comparisons",
    load: () => import("./eval_stats.ts"),
  },
  "clip-score": {
    summary: "how well pictures and captions fit, by CLIP",
    load: () => import("./eval_clip_score.ts"),
  },
  report: {
    summary: "a finished run as a page: figures, tables, pictures, plots",
    load: () => import("./eval_report.ts"),
  },
};

/** What is evaluated unless something is named. */
const DEFAULT = "emoji";

const USAGE = `Usage: eval [NAME] [options]

${
  Object.entries(EVALUATIONS)
    .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
    .join("\n")
}

Without a name it is ${DEFAULT}, which needs nothing from outside. Each takes
--json, for its figures as JSON on standard output.
\`deno task eval NAME --help\` explains one.
`;

/** Runs the command; returns its exit code. */
export async function run(given: string[]): Promise<number> {
  if (/^(?:-h|--help)$/.test(given[0] ?? "")) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  const isNamed = given.length > 0 && !given[0].startsWith("-");
  const [name, ...args] = isNamed ? given : [DEFAULT, ...given];
  if (Object.hasOwn(EVALUATIONS, name)) {
    const { run } = await EVALUATIONS[name].load();
    return await asPart(`eval ${name}`, () => run(args));
  }
  throw new UsageError(
    `there is no evaluation "${name}"; ` +
      didYouMean(name, Object.keys(EVALUATIONS)),
  );
}
