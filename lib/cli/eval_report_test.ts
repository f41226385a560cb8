import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFixtureRun } from "../../eval/report/fixture_run.ts";
import { withFolder } from "../run/temp_folder.ts";
import { run } from "./eval.ts";
import { runCaught } from "./run_caught.ts";

const evaluate = (...args: string[]) => runCaught("eval", run, args);

Deno.test("eval report writes a page and says where it is", () =>
  withFolder(async (folder) => {
    await writeFixtureRun(folder, { count: 2 });
    const path = join(folder, "report.html");
    const { code, out, err } = await evaluate("report", folder);
    assert.deepEqual([code, out, err], [0, path, ""]);
    assert.match(await Deno.readTextFile(path), /^<!DOCTYPE html>/);
    const { out: json } = await evaluate("report", folder, folder, "--json");
    assert.deepEqual(JSON.parse(json), { report: path });
  }));

Deno.test("eval report puts measured times of the run's model among published ones", () =>
  withFolder(async (folder) => {
    const run = join(folder, "run");
    await writeFixtureRun(run, { count: 2 });
    const row = {
      ...{ system: "mini", part: "picture", precision: "int8", device: "cpu" },
      ...{ batch: 8, steps: 12, seconds: { median: 7.654, least: 7, most: 9 } },
    };
    const rows = [row, { ...row, part: "text" }, { ...row, system: "other" }];
    const times = join(folder, "bench.json");
    const write = (rows: readonly unknown[]) =>
      Deno.writeTextFile(
        times,
        JSON.stringify({ processor: "EPYC, 2 threads", rows, published: [] }),
      );
    await write(rows);
    const args = ["report", run, "--times", times];
    const { code, err } = await evaluate(...args);
    assert.deepEqual([code, err], [0, ""]);
    const page = await Deno.readTextFile(join(run, "report.html"));
    const found = /<summary>Inference time[\s\S]*?<\/table>/.exec(page)![0];
    const seconds = [
      ...found.matchAll(/(<tr.*>)[\s\S]*?number">([\d.]+)<\/td>\s*<\/tr>/g),
    ];
    assert.deepEqual(seconds.map(([, , text]) => text), [
      ...["18.5", "13.3", "9.1", "7.65", "6.4", "3.7", "1.3", "0.5"],
    ]);
    assert.match(
      found,
      /class="ours"[\s\S]{0,60}mini<small>EPYC, 2 threads, int8, 12 steps, 8 at once</,
    );
    await write(rows.slice(1));
    const none = await evaluate(...args);
    assert.equal(none.code, 1);
    assert.match(none.err, /none of whole pictures by mini; measure them with/);
    await Deno.writeTextFile(times, "{}");
    assert.match((await evaluate(...args)).err, /bench\.json/);
  }));

Deno.test("eval report tells its options, and wants a run", () =>
  withFolder(async (folder) => {
    const { out } = await evaluate("report", "--help");
    assert.match(out, /^Usage: eval report RUN/);
    const none = await evaluate("report");
    assert.equal(none.code, 2);
    assert.match(none.err, /takes the folder of a run/);
    const empty = await evaluate("report", folder);
    assert.equal(empty.code, 1);
    assert.match(empty.err, /has no run\.json/);
  }));
