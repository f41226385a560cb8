/** Protocols of evaluation by one form, each a command of `eval`. */

import type { DoneRun } from "./eval_run.ts";
import { printRun } from "./eval_run.ts";
import type { OptionKinds } from "./options.ts";

/** A protocol. */
export interface EvalProtocol {
  readonly options: OptionKinds & { readonly help: "flag" };
  /**
   * Reads and checks the command line.
   *
   * @returns what runs it, given the folder of a run with the same reference if
   * there is one, and comes to nothing if only prompts were wanted; nothing when
   * help was asked for
   * @throws UsageError
   */
  prepare(
    args: string[],
  ): ((alike?: string) => Promise<DoneRun | undefined>) | undefined;
}

/** Runs a protocol and prints its figures; returns the exit code. */
export async function runEval(
  { prepare }: EvalProtocol,
  args: string[],
): Promise<number> {
  const done = await prepare(args)?.();
  return done ? printRun({ json: args.includes("--json") }, done) : 0;
}
