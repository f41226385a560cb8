/** What networks are called in figures and in the folders of runs. */

import { basename, resolve } from "node:path";
import { UsageError } from "./errors.ts";

/** Endings of files of weights; a version such as v1.5 is none. */
const ENDING = /\.(?:safetensors|pth|pt|bin|onnx|index\.json)$/i;

/** The name of a checkpoint, or of a folder or file of one. */
export function networkName(given: string): string {
  return basename(resolve(given)).replace(ENDING, "");
}

/**
 * Refuses networks of a list that would be called the same, of which one would
 * stand for both.
 *
 * @throws UsageError
 */
export function checkNetworkNames(
  option: string,
  list: readonly string[],
): void {
  const names = list.map(networkName);
  const at = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (at < 0) return;
  const other = list[names.indexOf(names[at])];
  throw new UsageError(
    `--${option} has two networks called "${names[at]}", ${other} and ` +
      `${list[at]}; rename one, or measure by one after the other.`,
  );
}
