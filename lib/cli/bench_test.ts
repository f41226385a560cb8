import assert from "node:assert/strict";
import { toyQuality, writeToyJudge } from "../../eval/probe/toy_probe.ts";
import type { ModelQuality } from "../../eval/quality.ts";
import { writeModel } from "../../eval/random_model.ts";
import { measureTraining } from "../train/throughput.ts";
import { contents, withFolder } from "../run/temp_folder.ts";
import { T5_SIZES } from "../text/t5.ts";
import { run } from "./bench.ts";
import { run as benchT5 } from "./bench_t5.ts";
import { run as benchTrain } from "./bench_train.ts";
import { withVariables } from "./with_variables.ts";

/** What is printed on standard output meanwhile. */
async function printed(action: () => Promise<number>): Promise<string> {
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: string) => void lines.push(line);
  try {
    assert.equal(await action(), 0);
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}

const TINY = {
  layers: 1,
  batch: 2,
  tokens: 8,
  width: 16,
  heads: 2,
  vocabulary: 11,
};
const measureTiny: typeof measureTraining = (options) =>
  measureTraining({ ...options, model: TINY });

Deno.test("bench train prints its figures, and all of them as JSON", async () => {
  const text = await printed(() => benchTrain(["--steps", "2"], measureTiny));
  assert.match(text, /^ONNX Runtime, float32, \d+ threads$/m);
  assert.match(text, /^ {2}matrix product +\d+ GFLOP\/s$/m);
  assert.match(text, /^ {2}ratio +0\.\d{3}$/m);
  assert.match(text, /^ {2}outside the runtime +\d+\.\d\d % of a step$/m);
  assert.match(text, /^ {2}resident memory .* after step 1, .* after 2$/m);
  const json = await printed(() =>
    benchTrain(["--steps=1", "--json"], measureTiny)
  );
  const figures: Record<string, unknown> = JSON.parse(json);
  const wanted = ["multiplyGflops", "trainGflops", "ratio"];
  for (const key of [...wanted, "outsideRuntimeShare", "secondsPerStep"]) {
    assert.equal(typeof figures[key], "number", key);
  }
  assert.equal(figures.steps, 1);
});

Deno.test("bench t5 prints the time and memory of each part", async () => {
  const tiny = {
    ...T5_SIZES.small,
    ...{ vocabulary: 600, width: 128, layers: 2, heads: 2, hidden: 128 },
  };
  const parts = ["weights", "first load", "second load", "first run"];
  await withFolder(async (folder) => {
    for (const precision of ["int4", "fp32"]) {
      const args = ["--size=small", `--precision=${precision}`, "--length=8"];
      const json = await printed(() =>
        benchT5([...args, "--json", "--folder", folder], { small: tiny })
      );
      const figures = JSON.parse(json);
      assert.equal(figures.precision, precision);
      // The table of ids, 4 and 3 matrices in each layer, distances and norms
      assert.equal(
        figures.parameters,
        600 * 128 + 2 * 7 * 128 ** 2 + 32 * 2 + 5 * 128,
      );
      const found = figures.parts.map(({ name }: { name: string }) => name);
      assert.deepEqual(found, [...parts, "second run"]);
    }
    const text = await printed(() =>
      benchT5(["--size", "small", "--folder", folder], { small: tiny })
    );
    assert.match(text, /^T5 v1\.1 small: 0 M parameters, random, int4; 1 x 64/);
    for (const part of parts) {
      assert.match(
        text,
        new RegExp(`^  ${part} +\\d+\\.\\d\\d s +\\d+ MB`, "m"),
      );
    }
    assert.deepEqual(contents(folder), []);
  });
});

Deno.test("bench explains itself, and what it can't measure", async () => {
  const help = await printed(() => run(["--help"]));
  assert.match(help, /^ {2}--compare PYTHON /m);
  for (const [, name] of help.matchAll(/^ {2}(\w+) +\w/gm)) {
    const own = await printed(() => run([name, "--help"]));
    assert.match(own, new RegExp(`^Usage: bench ${name} `));
    assert.match(own, /--json/);
    await assert.rejects(run([name, "more"]), /takes no "more"/);
  }
  const cases: [string[], RegExp][] = [
    [
      ["--only", "mini,maxi"],
      /--only is one of mini, .*, not "maxi"; did you mean/,
    ],
    [["--batch", "1,none"], /--batch is a whole number from 1 up, not "none"/],
    [["--precision", "int3"], /--precision is one of fp32, .*, not "int3"/],
    [["throughput", "--runs", "0"], /--runs is a whole number from 1/],
    [["throughput", "--compare", "python3"], /--compare goes without a name/],
    [["--device", "gpu"], /--device is one of cpu, webgpu, .*, not "gpu"/],
    [["--compare", "python3", "--device=webgpu"], /--compare is for the proc/],
    [["--compare", "/no/python"], /there is no program "\/no\/python"/],
    [["trian"], /no benchmark "trian"; did you mean "train"\?/],
    [
      ["speed-of-light"],
      /there are throughput, start, train, paper, parity, t5, frechet, quality/,
    ],
    [["--folder", "train", "--batch", "none"], /--batch is a whole number/],
    [["--json", "quality"], /comes before its options: bench quality \[/],
    [["start", "--runs", "0"], /--runs is a whole number from 1/],
    [["start", "--precision", "int3"], /--precision is one of fp32, /],
    [["train", "--steps", "0"], /--steps is a whole number from 1/],
    [["paper", "--system", "5b"], /--system is one of cc3m, 3b, not "5b"/],
    [["t5", "--size", "xxxl"], /--size is one of small, .* xxl, not "xxxl"/],
    [
      ["t5", "--precision", "int3"],
      /--precision is one of fp32, .* not "int3"/,
    ],
    [["t5", "--device", "gpu"], /--device is one of cpu, .* not "gpu"/],
    [["parity", "--threads", "0"], /--threads is a whole number from 1/],
    [["paper", "--device", "gpu"], /--device is one of cpu, .* not "gpu"/],
    [["paper", "--steps", "0"], /--steps is a whole number from 1/],
    [["quality", "--scenes", "many"], /--scenes is a whole number from 1/],
    [["--nothing"], /--nothing/],
  ];
  for (const [args, message] of cases) {
    await assert.rejects(run(args), { name: "UsageError", message });
  }
});

Deno.test("bench quality names a model that isn't there", async () => {
  const args = ["quality", "--model", "maxi"];
  await assert.rejects(run(args), /Cannot load the model "maxi": found mini/);
});

Deno.test("bench quality prints all figures of a model, as JSON too", () =>
  withFolder(async (weights) => {
    await writeModel(weights, { superres: true, finetuned: true });
    const judge = `${weights}/judge.safetensors`;
    await writeToyJudge(judge, toyQuality(0.96));
    const own = ["--model", "tiny", "--weights", weights, "--judge", judge];
    const args = ["quality", ...own, "--scenes", "1", "--json"];
    const quality: ModelQuality = JSON.parse(await printed(() => run(args)));
    const { tokenizer, judged, superres } = quality;
    assert.equal(tokenizer.judged?.rebuilt.pictures, 16);
    assert.ok(!("verdicts" in tokenizer.judged!)); // thousands of lines
    assert.ok(judged!.drawn[0].superres!.fdProbeEnlarged > 0);
    assert.ok(superres!.tokenizer.beforeFinetuning!.fdProbe! > 0);
    assert.ok(superres!.tokenizer.judged!.objectShare >= 0);
    const none = `${weights}/none.safetensors`;
    await assert.rejects(
      run(["quality", "--judge", none]),
      /Cannot judge pictures: there is no .*none\.safetensors/,
    );
  }));

Deno.test("bench quality in another precision prints how each figure moves beside float32", () =>
  withFolder(async (weights) => {
    await writeModel(weights);
    const judge = `${weights}/judge.safetensors`;
    await writeToyJudge(judge, toyQuality(0.96));
    const own = ["--model", "tiny", "--weights", weights, "--judge", judge];
    const how = ["--scenes", "1", "--precision", "int8"];
    const text = await withVariables(
      { XDG_CACHE_HOME: `${weights}/cache` },
      () => printed(() => run(["quality", ...own, ...how])),
    );
    assert.match(text, /^tiny, .* 16 px, int8, judge /);
    assert.match(text, /^In int8 beside float32, the same scenes and seeds$/m);
    assert.match(
      text,
      /^ {2}drawn, heldout +style +[\d.]+ +[\d.]+ +[+-][\d.]+ % +[+-][\d.]+ to [+-][\d.]+ +(yes|no|unsure)$/m,
    );
    assert.match(
      text,
      /^As measured, \d+ of \d+ judged figures drop by no more/m,
    );
  }));

Deno.test("bench frechet prints its figures, and all of them as JSON", async () => {
  const small = ["--width", "60", "--samples=40", "--threads=1"];
  const text = await printed(() => run(["frechet", ...small]));
  assert.match(text, /^60 dimensions, 40 samples a set, float64, 1 threads$/m);
  assert.match(text, /^ {2}distance of two +\d+\.\d\d s$/m);
  const json = await printed(() => run(["frechet", ...small, "--json"]));
  const { distance, samples } = JSON.parse(json);
  assert(distance > 0 && samples === 40);
});
