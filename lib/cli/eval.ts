/** `eval`: figures that other programs' can be compared with. */

import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { readOptions } from "./options.ts";

interface Evaluation {
  readonly summary: string;
  load(): Promise<{ run(args: string[]): Promise<number> }>;
}

const EVALUATIONS: Readonly<Record<string, Evaluation>> = {
  fid: {
    summary: "how far two sets of samples are apart, by their features",
    load: () => import("./eval_fid.ts"),
  },
};

const USAGE = `Usage: eval NAME [options]

${
  Object.entries(EVALUATIONS)
    .map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
    .join("\n")
}

Each takes --json, for its figures as JSON on standard output.
\`deno task eval NAME --help\` explains one.
`;

/** Runs the command; returns its exit code. */
export async function run([name, ...args]: string[]): Promise<number> {
  if (name !== undefined && Object.hasOwn(EVALUATIONS, name)) {
    const { run } = await EVALUATIONS[name].load();
    return await run(args);
  }
  const { values } = readOptions({ help: "flag" }, name ? [name] : []);
  if (values.help) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  const names = Object.keys(EVALUATIONS);
  const meant = name && nearest(name, names);
  throw new UsageError(
    name === undefined
      ? `say what to evaluate: ${names.join(", ")}.`
      : `there is no evaluation "${name}"; ` +
        (meant ? `did you mean "${meant}"?` : `there is ${names.join(", ")}.`),
  );
}
