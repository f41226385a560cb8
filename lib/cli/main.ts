/**
 * The command line: finds the command and runs it. A command's file is loaded
 * once it is known, and not before, so that each starts as fast as it can.
 */

import { endingOf } from "./errors.ts";

/** What the file of a command exports. */
interface CommandModule {
  /** Runs it, `--help` included; returns the exit code. */
  run(args: string[]): Promise<number>;
}

interface Command {
  readonly summary: string;
  load(): Promise<CommandModule>;
  /** It handles Ctrl-C itself: to save its work, or to leave it to a child. */
  readonly handlesInterrupt?: true;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  generate: {
    summary: "Draw pictures of a prompt",
    load: () => import("./generate.ts"),
  },
  edit: {
    summary: "Edit a picture by a prompt: in a region, around it, or all of it",
    load: () => import("./edit.ts"),
  },
  train: {
    summary: "Train a stage of the model",
    load: () => import("./train.ts"),
    handlesInterrupt: true,
  },
  bench: {
    summary: "Measure a model, and the speed of training",
    load: () => import("./bench.ts"),
  },
  eval: {
    summary: "Figures of samples, as other programs compute them",
    load: () => import("./eval.ts"),
  },
  sweep: {
    summary: "Compare settings of a decode, in a table and a plot",
    load: () => import("./sweep.ts"),
  },
  datasets: {
    summary: "Look at the data that models are trained on",
    load: () => import("./datasets.ts"),
  },
  weights: {
    summary: "List, get, check and find the weights of the models",
    load: () => import("./weights.ts"),
  },
  models: {
    summary: "List the paper's networks and their sizes",
    load: () => import("./models.ts"),
  },
  notebooks: {
    summary: "Open the notebooks in JupyterLab",
    load: () => import("./notebooks.ts"),
    handlesInterrupt: true,
  },
};

const HELP = `Muselab: text-to-image generation by masked transformers.

Usage: deno task COMMAND [options]

${
  Object.entries(COMMANDS)
    .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
    .join("\n")
}

\`deno task COMMAND --help\` explains a command. When one fails,
MUSELAB_STACK=1 in the environment shows where.`;

/** Runs the command line; returns the exit code. */
async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h") {
    const print = name === undefined ? console.error : console.log;
    print(HELP);
    return name === undefined ? 2 : 0;
  }
  if (!Object.hasOwn(COMMANDS, name)) {
    const { didYouMean } = await import("../run/nearest.ts");
    const hint = didYouMean(name, Object.keys(COMMANDS), "see `--help`.");
    console.error(`There is no command "${name}"; ${hint}`);
    return 2;
  }
  const command = COMMANDS[name];
  if (!command.handlesInterrupt) {
    Deno.addSignalListener("SIGINT", () => Deno.exit(130));
  }
  try {
    return await (await command.load()).run(args);
  } catch (error) {
    if (Deno.env.get("MUSELAB_STACK")) console.error(error);
    const { message, code } = endingOf(error, name);
    console.error(message);
    return code;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
