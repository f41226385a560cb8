/** `bench clip`: the towers of CLIP, by random weights. */

import { runClip, type TowerFigures } from "../../eval/clip_run.ts";
import type { ClipConfig } from "../clip/config.ts";
import { CLIP_SIZES } from "../clip/sizes.ts";
import { readOnlyOptions } from "./options.ts";
import { createStatus } from "./status.ts";
import { readName, readWhole } from "./values.ts";

const USAGE = `Usage: bench clip [options]

Runs both towers of a CLIP by random weights in float32, without decoding and
resizing pictures, and prints how many pictures and texts they take a second.

  --size NAME         ${Object.keys(CLIP_SIZES).join(", ")} (vit-l-14)
  --batch N           pictures or texts at a time (8)
  --runs N            measured runs of each tower, after one more (5)
  --json              the figures as JSON
  --help              this text
`;

/** Runs the benchmark, on these sizes; returns its exit code. */
export async function run(
  args: string[],
  sizes: Readonly<Record<string, ClipConfig>> = CLIP_SIZES,
): Promise<number> {
  const values = readOnlyOptions("bench clip", USAGE, {
    size: "value",
    batch: "value",
    runs: "value",
    json: "flag",
    help: "flag",
  }, args);
  if (!values) return 0;
  const size = readName("size", values.size ?? "vit-l-14", sizes);
  const batch = readWhole("batch", values.batch ?? "8", 1);
  const runs = readWhole("runs", values.runs ?? "5", 1);
  const status = createStatus();
  const towers = await runClip(sizes[size], {
    batch,
    runs,
    onPart: (part) => status.show(`running ${part}`),
  });
  status.clear();
  const threads = navigator.hardwareConcurrency;
  const settings = { size, batch, runs, threads };
  console.log(
    values.json ? JSON.stringify({ ...settings, towers }, null, 2) : [
      `CLIP ${size}, random weights, float32; ${batch} at a time, ` +
      `${threads} threads, median of ${runs} runs`,
      ...towers.map(towerText),
    ].join("\n"),
  );
  return 0;
}

function towerText({ tower, parameters, seconds, perSecond }: TowerFigures) {
  const range = [seconds[0], seconds[seconds.length - 1]]
    .map((value) => value.toFixed(2)).join(" to ");
  return `  ${tower.padEnd(7)}${perSecond.toFixed(2).padStart(9)} a second, ` +
    `${range} s a batch, ${(parameters / 1e6).toFixed(0)} M parameters`;
}
