/** How networks are run, as commands that load a model take it. */

import { DEVICES } from "../run/device.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { type Precision, PRECISIONS } from "../run/precision.ts";
import type { ThreadOptions } from "../run/session.ts";
import type { Options } from "./options.ts";
import { readKnown, readWhole } from "./values.ts";

/** The options that it is read from. */
export const RUNTIME_OPTIONS = {
  threads: "value",
  precision: "value",
  device: "value",
} as const;

/** What a command's help says of them. */
export const RUNTIME_USAGE: string = `\
  --threads N             threads that draw; the pictures don't change (every
                          core)
  --precision NAME        ${PRECISIONS.join(", ")} (${PRECISIONS[0]}); others
                          than it keep a copy of the weights in the cache, and
                          change the pictures a little
  --device NAME           ${DEVICES.join(", ")} (${DEVICES[0]})`;

/** The same of commands that measure, the names of whose options are so wide. */
export function runtimeUsage(
  width: number,
  precision: Precision = PRECISIONS[0],
): string {
  const names = `${PRECISIONS.join(", ")} (${precision})`;
  return `  ${"--precision NAME".padEnd(width)}${names}\n${threadUsage(width)}`;
}

/** Of those that have their own precision. */
export function threadUsage(width: number): string {
  return [
    ["--threads N", "threads of an operation (one a core)"],
    ["--device NAME", `${DEVICES.join(", ")} (${DEVICES[0]})`],
  ].map(([option, text]) => `  ${option.padEnd(width)}${text}`).join("\n");
}

/** What computes, in a heading. */
export function runText(
  { threads = navigator.hardwareConcurrency, device = DEVICES[0] }:
    ThreadOptions,
): string {
  const text = `${threads} threads`;
  return device === "cpu" ? text : `${device}, ${text}`;
}

/** The same of commands whose networks look at pictures. */
export const LOOKING_USAGE: string = `\
  --threads N         threads; no figure changes (every core)
  --precision NAME    ${PRECISIONS.join(", ")} (${PRECISIONS[0]}); others
                      than it are faster or smaller, and change figures a little
  --device NAME       ${DEVICES.join(", ")} (${DEVICES[0]})`;

/**
 * Reads and checks them.
 * @throws UsageError
 */
export function readRuntime(
  values: Options<typeof RUNTIME_OPTIONS>["values"],
): RunOptions {
  const { threads, precision, device } = values;
  return {
    threads: threads === undefined
      ? undefined
      : readWhole("threads", threads, 1, 256),
    precision: precision === undefined
      ? undefined
      : readKnown("precision", precision, PRECISIONS),
    device: device === undefined
      ? undefined
      : readKnown("device", device, DEVICES),
  };
}
