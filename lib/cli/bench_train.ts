/** `bench train`: how fast training runs. */

import { keepFreedMemory } from "../run/keep_memory.ts";
import { readOnlyOptions } from "./options.ts";
import { outputText } from "./output_text.ts";
import { createStatus, progressText } from "./status.ts";
import { readWhole } from "./values.ts";
import {
  BENCHMARK_MODEL,
  measureTraining,
  type TrainingThroughput,
} from "../train/throughput.ts";

const USAGE = `Usage: bench train [options]

Measures the runtime's own fp32 matrix product, and the train step of an
8-layer transformer (batch 16, 256 tokens, width 512, AdamW) in the same
process. Nothing else should run meanwhile.

  --steps N  measured steps (20)
  --json     the figures as JSON
  --help     this text
`;

/** Runs the benchmark, by `measure`; returns its exit code. */
export async function run(
  args: string[],
  measure: typeof measureTraining = measureTraining,
): Promise<number> {
  const kinds = { steps: "value", json: "flag", help: "flag" } as const;
  const values = readOnlyOptions("bench train", USAGE, kinds, args);
  if (!values) return 0;
  const steps = readWhole("steps", values.steps ?? "20", 1);
  keepFreedMemory(); // as the train command does
  const status = createStatus();
  let seconds = 0;
  const figures = await measure({
    steps,
    onStep(step, took) {
      seconds += took;
      status.show(progressText("trained", step, steps, seconds));
    },
  });
  status.clear();
  console.log(
    outputText(
      values.json,
      { ...figures, steps },
      () => figuresText(figures, steps),
    ),
  );
  return 0;
}

function figuresText(figures: TrainingThroughput, steps: number): string {
  const { layers, batch, tokens, width } = BENCHMARK_MODEL;
  const [first, last] = figures.residentMb.map((mb) => mb.toFixed(0));
  const rows = [
    ["matrix product", `${figures.multiplyGflops.toFixed(0)} GFLOP/s`],
    ["train step", `${figures.trainGflops.toFixed(0)} GFLOP/s`],
    ["ratio", figures.ratio.toFixed(3)],
    ["a step takes", `${figures.secondsPerStep.toFixed(3)} s`],
    [
      "outside the runtime",
      `${(100 * figures.outsideRuntimeShare).toFixed(2)} % of a step`,
    ],
    ["resident memory", `${first} MB after step 1, ${last} MB after ${steps}`],
  ];
  return [
    `ONNX Runtime, float32, ${navigator.hardwareConcurrency} threads`,
    `${layers} layers, batch ${batch}, ${tokens} tokens, width ${width}; ` +
    `median of ${steps} steps`,
    "",
    ...rows.map(([name, value]) => `  ${name.padEnd(20)} ${value}`),
  ].join("\n");
}
