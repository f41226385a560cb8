/** What `sweep` was asked for: a grid of settings. */

import { SAMPLER_NAMES } from "../muse/sampler.ts";
import { SCHEDULE_NAMES } from "../muse/schedule.ts";
import { UsageError } from "./errors.ts";
import {
  readSettings,
  SETTING_OPTIONS,
  SETTING_USAGE,
  type SettingValues,
} from "./generate_settings.ts";
import { words } from "./generate_text.ts";
import { didYouMean } from "../run/nearest.ts";
import { readOptions } from "./options.ts";
import {
  formOf,
  knownSettings,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  settingText,
} from "./setting_forms.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { readRuntime, RUNTIME_OPTIONS, RUNTIME_USAGE } from "./runtime_args.ts";
import { superresOption } from "./superres_settings.ts";
import { readText, readWhole } from "./values.ts";

/** One setting of the grid. */
export interface SweepCell {
  /** The values of the axes, in their order. */
  readonly values: readonly string[];
  readonly settings: Settings;
}

/** The checked command line. */
export interface SweepRequest {
  /** Names of the options that vary. */
  readonly axes: readonly string[];
  readonly cells: readonly SweepCell[];
  readonly scenes: number;
  readonly seed: number;
  readonly out: string;
  readonly model: string;
  readonly weights: string | undefined;
  /** Another judge than the repository's. */
  readonly judge: string | undefined;
  /** How the networks are run. */
  readonly run: RunOptions;
  readonly json: boolean;
}

/** What can vary, and the values it takes unless others are given. */
const AXES: Readonly<Record<string, readonly string[]>> = {
  steps: ["4", "8", "12", "16", "24"],
  schedule: SCHEDULE_NAMES,
  guidance: ["0", "0.4", "1", "2", "4", "0..4", "cosine:8^3", "4@0.5..1"],
  temperature: ["0.3", "0.5", "0.7", "0.85", "1"],
  "choice-temperature": ["0", "1", "3", "6", "12"],
  sampler: SAMPLER_NAMES,
  remask: ["cap:0", "cap:0.05", "cap:0.15", "confidence:0.05"],
  "top-k": ["16", "64", "256", "1024"],
  "top-p": ["0.7", "0.8", "0.9", "0.95", "1"],
};

const NAMES = Object.keys(AXES);

export const USAGE = `Usage: sweep --over AXIS[,AXIS…] [options]
       sweep --on coco|cc3m|pairs|emoji --over AXIS[,AXIS…] [options of eval]

Draws the same captions of validation scenes, by the same seeds, by every
setting of a grid, and measures the pictures, as small as the base draws them
unless there are --superres-steps: by what the judge of emoji scenes reads in
them, if it is for pictures of this size, and by what the model says of them.
Beside the settings stand the scenes rebuilt by the tokenizer, a row "rebuilt"
and a dashed line: what the scenes' own tokens come to.
FD-probe falls as scenes are added: compare it at equal numbers only.

Prints a table, and writes it to a folder with a plot. What was measured there
before is not measured again. --on measures by a protocol of eval in place of
that; \`sweep --on coco --help\` explains it.

  --over AXES             what varies: ${NAMES.slice(0, 4).join(", ")},
                          ${NAMES.slice(4).join(", ")}
  --AXIS "VALUE VALUE…"   the values of an axis, with spaces between them; those
                          of the other settings are as for generate
${SETTING_USAGE}
  --scenes N              scenes, in whole batches of 16 (64)
  --seed S                seed of the first; the next ones follow (0)
  --out FOLDER            for sweep.json, .csv and .svg (out/sweep)
  --model NAME            the model (mini)
  --weights FOLDER        another folder of weights than that of the repository
  --judge FILE            another judge of emoji scenes than the repository's
${RUNTIME_USAGE}
  --json                  print the results as JSON and nothing else
  --help                  this text
`;

const OPTIONS = {
  over: "value",
  ...SETTING_OPTIONS,
  scenes: "value",
  seed: "value",
  out: "value",
  model: "value",
  weights: "value",
  judge: "value",
  ...RUNTIME_OPTIONS,
  json: "flag",
  help: "flag",
} as const;

/**
 * Reads and checks the command line.
 * @returns undefined when help was asked for
 * @throws UsageError
 */
export function readRequest(args: string[]): SweepRequest | undefined {
  const { positionals, values } = readOptions(OPTIONS, args);
  if (values.help) return undefined;
  if (positionals.length > 0) {
    throw new UsageError(
      `sweep takes no "${positionals[0]}"; several values of an axis need ` +
        `quotes.`,
    );
  }
  const axes = readAxes(values.over);
  return {
    axes,
    cells: readGrid(axes, values),
    scenes: readWhole("scenes", values.scenes ?? "64", 1, 100_000),
    seed: readWhole("seed", values.seed ?? "0", 0, 2 ** 31),
    out: readText("out", values.out) ?? "out/sweep",
    model: readText("model", values.model) ?? "mini",
    weights: readText("weights", values.weights),
    judge: readText("judge", values.judge),
    run: readRuntime(values),
    json: values.json,
  };
}

/** Reads --over. @throws UsageError */
export function readAxes(over: string | undefined): string[] {
  const axes = [
    ...new Set(over?.split(/[\s,]+/).filter((name) => name !== "")),
  ];
  if (axes.length === 0) {
    throw new UsageError(`say what varies: --over ${NAMES.join(", ")}.`);
  }
  const odd = axes.find((name) => !Object.hasOwn(AXES, name));
  if (odd === undefined) return axes;
  throw new UsageError(
    `there is no axis "${odd}"; ${didYouMean(odd, NAMES)}`,
  );
}

/**
 * All combinations of the axes' values, as texts.
 *
 * @param usual values of an axis that has none
 * @throws UsageError
 */
export function gridOf(
  axes: readonly string[],
  values: SettingValues,
  usual: Readonly<Record<string, readonly string[]>> = AXES,
): string[][] {
  const given = values as Readonly<Record<string, string | undefined>>;
  const several = NAMES.find((name) =>
    !axes.includes(name) && /\S\s+\S/.test(given[name] ?? "")
  );
  if (several !== undefined) {
    throw new UsageError(
      `--${several} has several values; add ${several} to --over.`,
    );
  }
  let grid: string[][] = [[]];
  for (const axis of axes) {
    const texts = given[axis]?.trim().split(/\s+/) ?? usual[axis] ?? AXES[axis];
    grid = grid.flatMap((cell) => texts.map((text) => [...cell, text]));
  }
  return grid;
}

/** The grid, each cell read as `generate` reads it. */
function readGrid(
  axes: readonly string[],
  values: SettingValues,
): SweepCell[] {
  // Pictures are measured as the base draws them, unless told otherwise.
  const small = superresOption(values) === undefined
    ? { "no-superres": true }
    : {};
  const cells = gridOf(axes, values).map((cell): SweepCell => {
    const chosen = Object.fromEntries(axes.map((axis, i) => [axis, cell[i]]));
    const settings = readSettings({ ...values, ...small, ...chosen });
    return { values: axes.map((axis) => textOf(settings, axis)), settings };
  });
  const known = new Map(cells.map((cell) => [cell.values.join(" "), cell]));
  return [...known.values()];
}

function textOf(settings: Settings, option: string): string {
  return settingText(settings, nameOf(option))!;
}

function nameOf(option: string): SettingName {
  return SETTING_NAMES.find((name) => formOf(name).option === option)!;
}

/** The settings that are the same in all cells, by the names of the options. */
export function commonOf(
  axes: readonly string[],
  cells: readonly SweepCell[],
): Record<string, string> {
  const [first, ...others] = cells.map(({ settings }) =>
    knownSettings(settings)
  );
  return Object.fromEntries(
    Object.entries(first)
      .filter(([name, value]) => others.every((one) => one[name] === value))
      .map(([name, value]) => [words(name).replaceAll(" ", "-"), String(value)])
      .filter(([option]) => !axes.includes(option)),
  );
}
