/** Which part of a run this machine does. */

import type { Shard } from "./record.ts";

/** Variables by name, as `Deno.env.get`. */
export type Variables = (name: string) => string | undefined;

/**
 * Reads "K/N", part K from 1 to N; or "N" alone, the number of parts, where
 * SLURM or Kubernetes say which of them this is. Without a text it is part of
 * an array of jobs of SLURM, if there is one; "1/1" is the whole.
 *
 * @throws Error that says what is wrong with it
 */
export function readShard(
  text: string | undefined,
  variables: Variables = (name) => Deno.env.get(name),
): Shard | undefined {
  const [, index, count] = /^(?:(\d+)\/)?(\d+)$/.exec(text ?? "") ?? [];
  if (text !== undefined && count === undefined) {
    throw new RangeError(
      `--shard is K/N, part K of N, or N alone in an array of jobs, not ` +
        `"${text}"`,
    );
  }
  const job = jobOf(variables);
  if (text === undefined && !job) return undefined;
  const parts = Number(count ?? job?.count);
  const part = Number(index ?? job?.index);
  if (Number.isNaN(parts)) {
    throw new RangeError(
      `${job!.variable} says which part of a run this is, but not of how ` +
        `many; add --shard N, or --shard 1/1 for the whole`,
    );
  }
  if (Number.isNaN(part)) {
    throw new RangeError(
      `--shard ${text} doesn't say which part this is, and neither ` +
        `SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX does; write --shard 1/${text}`,
    );
  }
  if (part < 1 || part > parts) {
    throw new RangeError(
      `there is no part ${part} of ${parts}; parts go from 1 to ${parts}`,
    );
  }
  return parts === 1 ? undefined : { index: part, count: parts };
}

interface Job {
  readonly variable: string;
  /** From 1. */
  readonly index: number;
  readonly count: number | undefined;
}

function jobOf(variables: Variables): Job | undefined {
  const whole = (name: string) => {
    const text = variables(name);
    return text && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const task = whole("SLURM_ARRAY_TASK_ID");
  if (task !== undefined) {
    return {
      variable: "SLURM_ARRAY_TASK_ID",
      index: (task - (whole("SLURM_ARRAY_TASK_MIN") ?? 0)) /
          (whole("SLURM_ARRAY_TASK_STEP") ?? 1) + 1,
      count: whole("SLURM_ARRAY_TASK_COUNT"),
    };
  }
  const completion = whole("JOB_COMPLETION_INDEX");
  if (completion === undefined) return undefined;
  const variable = "JOB_COMPLETION_INDEX";
  return { variable, index: completion + 1, count: undefined };
}
