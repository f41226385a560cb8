import assert from "node:assert/strict";
import { join } from "node:path";
import { toyQuality, writeToyJudge } from "../../eval/probe/toy_probe.ts";
import { writeModel } from "../../eval/random_model.ts";
import { runVersions } from "../../eval/run/versions.ts";
import type { SweepReport } from "../../eval/sweep_report.ts";
import { runCaught } from "./run_caught.ts";
import { run } from "./sweep.ts";
import { readRequest } from "./sweep_args.ts";
import { sweep } from "./sweep_run.ts";

const names = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

async function withModel(
  body: (folder: string, args: string[]) => Promise<void>,
  superres = false,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const weights = join(folder, "weights");
    await Deno.mkdir(weights);
    await writeModel(weights, { superres });
    const out = join(folder, "out");
    await body(
      out,
      ["--model", "tiny", "--weights", weights, "--out", out]
        .concat("--scenes", "16"),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("sweep prints a table, and writes it with a plot", () =>
  withModel(async (out, args) => {
    const grid = ["--over", "steps,sampler", "--steps", "2 4"]
      .concat("--sampler", "confidence halton");
    const { code, out: printed, err } = await runCaught(
      "sweep",
      run,
      [...grid, ...args],
    );
    assert.equal(code, 0, err);
    assert.match(printed, /^tiny, weights [0-9a-f]{12}, 16 validation scenes/);
    assert.match(printed, /^2 +halton +\d.* ± /m);
    assert.match(printed, /^rebuilt +\d/m);
    const files = ["sweep.json", "sweep.csv", "sweep.svg"]
      .map((name) => join(out, name));
    assert(printed.trimEnd().endsWith(files.join("\n")));
    assert.deepEqual(names(out), [
      "rows",
      "sweep.csv",
      "sweep.json",
      "sweep.svg",
    ]);
    const report: SweepReport = JSON.parse(Deno.readTextFileSync(files[0]));
    assert.deepEqual(
      report.rows.map(({ values }) => values.join()),
      ["2,confidence", "2,halton", "4,confidence", "4,halton"],
    );
    assert.match(Deno.readTextFileSync(files[1]), /^steps,sampler,agreement,/);
    assert.match(Deno.readTextFileSync(files[2]), /^<svg /);

    const json = await runCaught("sweep", run, [...grid, ...args, "--json"]);
    assert.deepEqual(JSON.parse(json.out), report, "nothing is measured again");
  }));

Deno.test("sweep has pictures read by a judge of their size", () =>
  withModel(async (out, args) => {
    const judge = join(out, "judge.safetensors");
    await Deno.mkdir(out);
    await writeToyJudge(judge, toyQuality(0.96));
    const grid = ["--over", "steps", "--steps", "1 2", ...args];
    const judged = await runCaught("sweep", run, [...grid, "--judge", judge]);
    assert.equal(judged.code, 0, judged.err);
    assert.match(judged.out, /^steps +object +count +background .* agreement/m);
    const path = join(out, "sweep.csv");
    assert.match(Deno.readTextFileSync(path), /^steps,object,object error,/);
    const mini = join(import.meta.dirname!, "../../weights/mini");
    const own = join(mini, "judge.safetensors");
    const refused = await runCaught("sweep", run, [...grid, "--judge", own]);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /it reads 128 pixels, wanted the base's 16;/);
  }));

Deno.test("sweep says all of super-resolution that its figures depend on", () =>
  withModel(async (_, args) => {
    const request = readRequest(
      ["--over", "steps", "--steps", "1", "--superres-guidance", "2", ...args],
    )!;
    const { report } = await sweep(request, () => {});
    const { settings } = report;
    assert.deepEqual(
      Object.entries(settings).filter(([name]) => name.startsWith("superres")),
      [
        ["superres-steps", "8"],
        ["superres-guidance", "2"],
        ["superres-temperature", "0.6"],
        ["superres-schedule", "cosine"],
        ["superres-choice-temperature", "2"],
        ["superres-sampler", "confidence"],
      ],
    );
  }, true));

Deno.test("sweep goes on with what was not measured yet", () =>
  withModel(async (out, args) => {
    const request = (...steps: string[]) =>
      readRequest(["--over", "steps", "--steps", steps.join(" "), ...args])!;
    const first = await sweep(request("2"), () => {});
    assert.equal(
      names(join(out, "rows")).length,
      2,
      "a setting and the rebuilt scenes",
    );
    const said: string[] = [];
    const both = await sweep(request("2", "3"), (text) => said.push(text));
    assert.deepEqual(both.report.rows[0], first.report.rows[0]);
    assert.equal(both.report.rows.length, 2);
    assert.equal(said.filter((text) => text.startsWith("measured")).length, 3);
    for (const name of names(join(out, "rows"))) {
      const path = join(out, "rows", name);
      const { key } = JSON.parse(Deno.readTextFileSync(path));
      assert.deepEqual(JSON.parse(key)[1], runVersions());
      // A file that a kill cut short is measured again.
      Deno.writeTextFileSync(path, '{"key":');
    }
    const again = await sweep(request("2"), () => {});
    const { figures } = first.report.rows[0];
    assert.deepEqual(again.report.rows[0].figures, figures);
  }));

Deno.test("sweep --help explains itself, and it refuses a folder it can't write", async () => {
  const help = await runCaught("sweep", run, ["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.out, /^Usage: sweep --over/);
  const refused = await runCaught("sweep", run, [
    ...["--over", "steps", "--out", "/dev/null/here"],
  ]);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /^sweep: Cannot write \/dev\/null\/here/);
});
