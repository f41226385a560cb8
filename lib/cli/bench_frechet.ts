/** `bench frechet`: how long the last stage of FID takes. */

import {
  type FrechetSpeed,
  measureFrechet,
} from "../../eval/metrics/frechet_speed.ts";
import { readOnlyOptions } from "./options.ts";
import { outputText } from "./output_text.ts";
import { readWhole } from "./values.ts";

const USAGE = `Usage: bench frechet [options]

Times the statistics of random features, and the Fréchet distance of two sets,
all in fp64, beside the runtime's own product of matrices as large.

  --width N    numbers of a sample (2048, as Inception's pool3)
  --samples N  samples of each set (5000)
  --threads N  threads (one a core)
  --json       the figures as JSON
  --help       this text
`;

/** Runs the benchmark; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const values = readOnlyOptions("bench frechet", USAGE, {
    width: "value",
    samples: "value",
    threads: "value",
    json: "flag",
    help: "flag",
  }, args);
  if (!values) return 0;
  const { threads } = values;
  const speed = await measureFrechet({
    width: readWhole("width", values.width ?? "2048", 1, 2 ** 14),
    samples: readWhole("samples", values.samples ?? "5000", 2, 2 ** 17),
    ...(threads === undefined
      ? {}
      : { threads: readWhole("threads", threads, 1, 1024) }),
  });
  console.log(outputText(values.json, speed, () => speedText(speed)));
  return 0;
}

function speedText(speed: FrechetSpeed): string {
  const rows = [
    ["matrix product", `${speed.multiplyGflops.toFixed(0)} GFLOP/s`],
    ["statistics of a set", `${speed.statisticsSeconds.toFixed(2)} s`],
    ["distance of two", `${speed.distanceSeconds.toFixed(2)} s`],
  ];
  return [
    `${speed.width} dimensions, ${speed.samples} samples a set, float64, ` +
    `${speed.threads} threads`,
    ...rows.map(([name, value]) => `  ${name.padEnd(19)}  ${value}`),
  ].join("\n");
}
