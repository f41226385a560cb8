/** The weights of a transformer that a decode calls at every step. */

import type { Node } from "../graph/node.ts";
import { checkWeights } from "../run/check_weights.ts";
import { loadWeights } from "../run/load_weights.ts";
import { preciseWeights, type RunOptions } from "../run/precise_weights.ts";
import type { Weights } from "../run/weights.ts";

/**
 * Those that the logits need, at the precision that is asked for.
 *
 * @param fills inputs that are not random while layers are tried in int8
 * @throws Error if the file holds other tensors than the network needs
 */
export async function networkWeights(
  path: string,
  logits: Node,
  run: RunOptions,
  fills: Readonly<Record<string, number>>,
): Promise<Weights> {
  const { precision = "fp32" } = run;
  // It runs at every step of a decode: int8 is widened once.
  const own = await loadWeights(path, { widen: precision === "fp32" });
  checkWeights(path, own, [logits]);
  return await preciseWeights([logits], own, run, { fills });
}
