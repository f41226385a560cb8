/** The settings of a picture as text, for its file, its trace and `--json`. */

import { basename } from "node:path";
import type { RunOptions } from "../run/precise_weights.ts";
import { bestOfText } from "./candidates.ts";
import type { GenerateRequest } from "./generate_args.ts";
import type { PublishedRequest } from "./published_args.ts";
import { knownSettings } from "./setting_forms.ts";

/**
 * The text chunks of a picture: with them it can be drawn again. Settings
 * are in the form that the options take.
 */
export function pictureText(
  { settings, best, published, run }: GenerateRequest,
  model: { readonly name: string; readonly hash: string },
  made: { readonly prompt: string; readonly seed: string },
): Record<string, string> {
  const texts = Object.entries(knownSettings(settings))
    .map(([name, value]) => [words(name), String(value)]);
  return {
    ...made,
    model: model.name,
    "model hash": model.hash,
    ...Object.fromEntries(texts),
    ...bestOfText(best),
    ...adapterText(published),
    ...precisionText(run),
    Software: "Muselab", // a key of the PNG specification
  };
}

/** What the networks were computed in, if that changes pictures. */
export function precisionText(
  { precision = "fp32" }: RunOptions,
): Record<string, string> {
  return precision === "fp32" ? {} : { precision };
}

/** The adapters of a model, and how much of each was added. */
export function adapterText(
  { adapters }: PublishedRequest,
): Record<string, string> {
  if (adapters.length === 0) return {};
  const files = adapters.map(({ path, scale = 1 }) =>
    `${basename(path)} ${scale}`
  );
  return { adapters: files.join(", ") };
}

/** Such as "load 0.61 s, text 0.05 s, decode 0.55 s, …". */
export function timesText(seconds: Readonly<Record<string, number>>): string {
  const { total, ...parts } = seconds;
  const list = Object.entries(parts).map(([name, time]) =>
    `${name} ${time.toFixed(2)} s`
  );
  return `${list.join(", ")}; ${total.toFixed(2)} s in all`;
}

/** "choiceTemperature" -> "choice temperature". */
export function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
