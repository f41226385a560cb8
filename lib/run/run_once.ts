/** A graph that is run once. */

import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import {
  createSession,
  type HostTensor,
  type ThreadOptions,
} from "./session.ts";
import type { Weights } from "./weights.ts";

/** Runs a graph in a session of its own, whose memory is free afterwards. */
export async function runOnce<Name extends string>(
  outputs: Readonly<Record<Name, Node>>,
  feeds: Readonly<Record<string, Values>>,
  weights?: Weights,
  options?: ThreadOptions,
): Promise<Record<Name, HostTensor>> {
  const session = await createSession(outputs, weights, options);
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}
