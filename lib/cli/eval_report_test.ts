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
