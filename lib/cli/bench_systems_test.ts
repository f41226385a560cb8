import assert from "node:assert/strict";
import { join } from "node:path";
import type { Row } from "../../eval/throughput/measure.ts";
import { type Job, openHere } from "../../eval/throughput/runner.ts";
import { TINY_SYSTEMS } from "../../eval/throughput/tiny_systems.ts";
import { contents, withFolder } from "../run/temp_folder.ts";
import { runComparison } from "./bench_compare.ts";
import { readAsked } from "./bench_systems.ts";
import { run } from "./bench_throughput.ts";
import { runCaught } from "./run_caught.ts";

/** Without the measurement of products, which takes long. */
async function openTiny(job: Job) {
  const runner = await openHere(TINY_SYSTEMS, job);
  return { ...runner, multiplyGflops: () => Promise.resolve(100) };
}

const QUICK = ["--runs", "2", "--threads", "1", "--device", "cpu"];
const COMMON = ["--only", "clip", ...QUICK];

Deno.test("bench throughput prints a line for every part and batch, and what others published", () =>
  withFolder(async (folder) => {
    const bench = (...args: string[]) =>
      runCaught(
        "bench",
        (all) => run(all, TINY_SYSTEMS, openTiny),
        [...COMMON, "--folder", folder, ...args],
      );
    const text = await bench();
    assert.equal(text.code, 0, text.err);
    for (const part of ["features", "text features"]) {
      for (const batch of [1, 8]) {
        assert.match(
          text.out,
          new RegExp(
            `^  clip +${part} +fp32, random +cpu +${batch} +[\\d.]+ `,
            "m",
          ),
        );
      }
    }
    assert.match(text.out, /, 1 threads, Deno [\d.]+; median of 2 runs/);
    assert.match(
      text.out,
      /^ {2}Muse-3B +512 +– +– +1.3 +TPUv4 +the paper, table 3/m,
    );
    assert.match(text.out, /^ {2}aMUSEd-256 +256 +8 +12 +0.756 +A100/m);
    const json = await bench("--batch", "3", "--json");
    const { rows, published, processor } = JSON.parse(json.out);
    assert.deepEqual(
      rows.map((row: Record<string, unknown>) => [
        row.precision,
        row.part,
        row.batch,
      ]),
      ["fp32", "int8"].flatMap((precision) => [
        [precision, "features", 3],
        [precision, "text features", 3],
      ]),
    );
    assert.ok(published.length > 10 && processor.endsWith(", 1 threads"));
    assert.deepEqual(contents(folder), []);
  }));

Deno.test("bench throughput draws by the paper's networks in the precision that is asked for", () =>
  withFolder(async (folder) => {
    const { out, err, code } = await runCaught(
      "bench",
      (all) => run(all, TINY_SYSTEMS, openTiny),
      [
        ...["--only", "paper", ...QUICK, "--folder", folder, "--json"],
        ...["--precision", "fp16-storage", "--batch", "1", "--steps", "2"],
      ],
    );
    assert.equal(code, 0, err);
    const { rows }: { readonly rows: readonly Row[] } = JSON.parse(out);
    assert.deepEqual(
      rows.map(({ part, precision, steps, isRandom }) => [
        ...[part, precision, steps ?? 0, isRandom],
      ]),
      [
        ["base step", "fp16-storage", 0, true],
        ["super-res step", "fp16-storage", 0, true],
        ["VQGAN decode", "fp16-storage", 0, true],
        ["picture", "fp16-storage", 2, true],
      ],
    );
    assert.deepEqual(contents(folder), []);
  }));

/** Answers as `reference.py` does, where nothing of Python is installed. */
const ANSWERS = `
const job = JSON.parse(Deno.args[0]);
if (job.part === "text features") {
  console.log('{"missing":"transformers"}');
  Deno.exit();
}
const versions = { torch: "0.0", [job.family]: job.dtype };
console.log(JSON.stringify({ about: { load: 1 }, versions }));
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
for await (const line of lines) {
  console.log(line === "run\\n" ? { fp32: 64, bf16: 32 }[job.dtype] : 7);
}`;

Deno.test("bench --compare prints ratios in turns, and names what is missing", () =>
  withFolder(async (folder) => {
    const python = join(folder, "python3");
    await Deno.writeTextFile(join(folder, "answers.ts"), ANSWERS);
    await Deno.writeTextFile(
      python,
      `#!/bin/sh\nexec ${Deno.execPath()} run -q ${folder}/answers.ts "$2"\n`,
      { mode: 0o755 },
    );
    const scratch = join(folder, "scratch");
    await Deno.mkdir(scratch);
    const compare = (...args: string[]) =>
      runCaught("bench", (all) => {
        const asked = readAsked(all, {
          usage: "",
          usual: [],
          systems: TINY_SYSTEMS,
        })!;
        return runComparison(asked, python, openTiny);
      }, ["--only", "paper,clip", "--runs", "2", "--folder", scratch, ...args]);
    const { out, err, code } = await compare("--json");
    assert.equal(code, 0, err);
    const { rows, versions, skipped } = JSON.parse(out);
    assert.deepEqual(versions, { torch: "0.0", clip: "bf16" });
    assert.deepEqual(skipped, [{ system: "clip", missing: "transformers" }]);
    assert.equal(rows.length, 2);
    for (const [i, seconds] of [64, 32].entries()) {
      const { ours, reference, ratio, referenceType, part } = rows[i];
      assert.equal(part, "features");
      assert.equal(referenceType, ["fp32", "bf16"][i]);
      assert.equal(reference.seconds.median, seconds);
      assert.equal(reference.peakMb, 7);
      assert.equal(ratio, seconds / ours.seconds.median);
    }
    assert.deepEqual(contents(scratch), []);
  }));
