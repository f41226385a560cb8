/** The sessions of a network with weights, for as long as it is in use. */

import type { Node } from "../graph/node.ts";
import { createSession, type Session } from "./session.ts";
import type { Weights } from "./weights.ts";

/** Sessions by name, each compiled when it is first asked for. */
export interface LazySessions {
  /**
   * The session of a name; `outputs` is asked for its graph the first time.
   * @throws Error after the release
   */
  open(
    name: string,
    outputs: () => Readonly<Record<string, Node>>,
  ): Promise<Session>;
  /** Frees them all; a second call waits for the first. */
  release(): Promise<void>;
}

/**
 * No session yet.
 * @param network what has the sessions, for the error after its release
 */
export function lazySessions(network: string, weights: Weights): LazySessions {
  const sessions = new Map<string, Promise<Session>>();
  let released: Promise<void> | undefined;

  async function releaseAll(): Promise<void> {
    // One that could not be compiled was an error where it was asked for.
    for (const opened of await Promise.allSettled(sessions.values())) {
      if (opened.status === "fulfilled") await opened.value.release();
    }
    sessions.clear();
  }

  return {
    async open(name, outputs) {
      if (released) {
        throw new Error(
          `Cannot use the ${network}: it was released; load it again`,
        );
      }
      const known = sessions.get(name);
      if (known) return await known;
      const session = createSession(outputs(), weights);
      sessions.set(name, session);
      return await session;
    },
    release: () => released ??= releaseAll(),
  };
}
