/** Networks that tests run on feeds of which they change some. */

import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import { createSession } from "../run/session.ts";
import type { Weights } from "../run/weights.ts";

/** Gives a test what computes the logits of the feeds and their changes. */
export function fedNetwork<Fed extends Readonly<Record<string, Values>>>(
  logits: Node,
  weights: Weights,
  feeds: Fed,
) {
  type Run = (changes?: Partial<Fed>) => Promise<Float32Array>;
  return async (use: (run: Run) => Promise<void>): Promise<void> => {
    const session = await createSession({ logits }, weights);
    await use(async (changes = {}) => {
      const results = await session.run({ ...feeds, ...changes });
      return results.logits.data as Float32Array;
    });
    await session.release();
  };
}

/** What a batch of so many has of one of them. */
export function sampleOf(
  logits: Float32Array,
  batch: number,
  i: number,
): Float32Array {
  const size = logits.length / batch;
  return logits.slice(i * size, (i + 1) * size);
}
