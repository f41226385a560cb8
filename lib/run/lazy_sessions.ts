/** The sessions of a network with weights, for as long as it is in use. */

import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import {
  createSession,
  type HostTensor,
  type Session,
  type ThreadOptions,
} from "./session.ts";
import type { Weights } from "./weights.ts";

/** A graph's outputs by name, built when they are asked for. */
export type Outputs = () => Readonly<Record<string, Node>>;

/** Sessions by name, each compiled when it is first asked for. */
export interface LazySessions {
  /**
   * The session of a name; `outputs` is asked for its graph the first time.
   * Where sessions make room for others, use `run`: this one may be released.
   * @throws Error after the release
   */
  open(name: string, outputs: Outputs): Promise<Session>;
  /**
   * Runs the session of a name, as {@linkcode Session.run}; it makes room for
   * another one only afterwards.
   * @throws Error after the release
   */
  run(
    name: string,
    outputs: Outputs,
    feeds: Readonly<Record<string, Values>>,
  ): Promise<Record<string, HostTensor>>;
  /** Frees them all; a second call waits for the first. */
  release(): Promise<void>;
}

/** Choices for all sessions of a network. */
export interface LazySessionsOptions extends ThreadOptions {
  /** How many are kept; the least recently used makes room. All by default. */
  readonly most?: number;
}

/** A session and the runs it has to outlive. */
interface Kept {
  readonly session: Promise<Session>;
  readonly runs: Set<Promise<unknown>>;
}

/**
 * No session yet.
 * @param network what has the sessions, for the error after its release
 */
export function lazySessions(
  network: string,
  weights: Weights,
  { most = Infinity, ...threads }: LazySessionsOptions = {},
): LazySessions {
  const sessions = new Map<string, Kept>(); // least recently used first
  const ending = new Set<Promise<void>>();
  let released: Promise<void> | undefined;

  function makeRoom(): void {
    while (sessions.size >= most) {
      const [[name, oldest]] = sessions;
      sessions.delete(name);
      const end = endSession(oldest).finally(() => ending.delete(end));
      ending.add(end);
    }
  }

  function keep(name: string, outputs: Outputs): Kept {
    if (released) {
      throw new Error(
        `Cannot use the ${network}: it was released; load it again`,
      );
    }
    let kept = sessions.get(name);
    if (!kept) {
      const nodes = outputs();
      makeRoom();
      // Never more native memory than that of so many sessions.
      const session = Promise.all(ending)
        .then(() => createSession(nodes, weights, threads));
      const opening = kept = { session, runs: new Set() };
      // One that could not be compiled is tried anew when it is asked for.
      session.catch(() => {
        if (sessions.get(name) === opening) sessions.delete(name);
      });
    }
    sessions.delete(name);
    sessions.set(name, kept);
    return kept;
  }

  async function releaseAll(): Promise<void> {
    await Promise.all([...ending, ...sessions.values().map(endSession)]);
    sessions.clear();
  }

  return {
    open: async (name, outputs) => await keep(name, outputs).session,
    async run(name, outputs, feeds) {
      const { session, runs } = keep(name, outputs);
      const run = session.then((opened) => opened.run(feeds));
      runs.add(run);
      try {
        return await run;
      } finally {
        runs.delete(run);
      }
    },
    release: () => released ??= releaseAll(),
  };
}

async function endSession({ session, runs }: Kept): Promise<void> {
  await Promise.allSettled(runs);
  // One that could not be compiled was an error where it was asked for.
  const [opened] = await Promise.allSettled([session]);
  if (opened.status === "fulfilled") await opened.value.release();
}
