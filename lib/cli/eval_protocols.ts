/** The protocols of evaluation, which `eval` runs and `sweep` repeats. */

import { type EvalProtocol, runEval } from "./eval_protocol.ts";

/** How each is loaded, by its name. */
export const PROTOCOLS: Readonly<Record<string, () => Promise<EvalProtocol>>> =
  {
    coco: async () => (await import("./eval_coco.ts")).COCO,
    cc3m: async () => (await import("./eval_cc3m.ts")).CC3M,
    pairs: async () => (await import("./eval_own_pairs.ts")).PAIRS,
    emoji: async () => (await import("./eval_emoji.ts")).EMOJI,
  };

/** A protocol as a command of `eval`. */
export async function protocolCommand(name: string) {
  const protocol = await PROTOCOLS[name]();
  return { run: (args: string[]) => runEval(protocol, args) };
}
