import assert from "node:assert/strict";
import { writeModel } from "../../eval/random_model.ts";
import { denoFolder } from "../run/deno_folder.ts";
import { withFolder } from "../run/temp_folder.ts";
import { run } from "./bench_start.ts";
import { runCaught } from "./run_caught.ts";
import { withVariables } from "./with_variables.ts";

const main = new URL("main.ts", import.meta.url).href;
const GENERATE = {
  command: Deno.execPath(),
  args: ["run", "-q", "--no-check", "-RWES", "--allow-ffi", main, "generate"],
};
Deno.test("bench start measures processes from their start to each moment", () =>
  withFolder(async (folder) => {
    await writeModel(folder);
    const variables = {
      DENO_DIR: await denoFolder(),
      XDG_CACHE_HOME: `${folder}/cache`,
    };
    const bench = (...args: string[]) =>
      withVariables(variables, () =>
        runCaught(
          "bench",
          (all) => run(all, GENERATE),
          ["--runs", "1", "--model", "tiny", "--weights", folder, ...args],
        ));
    const { out, err, code } = await bench("--json");
    assert.equal(code, 0, err);
    const { command, known, fresh } = JSON.parse(out);
    assert.equal(
      command,
      `deno task generate --model tiny --weights ${folder} PROMPT`,
    );
    for (const { begins, firstStep, picture, ends } of [known, fresh]) {
      assert.ok(begins.median > 0 && begins.median < firstStep.median);
      assert.ok(firstStep.median < picture.median);
      assert.ok(picture.median <= ends.median);
      assert.equal(ends.runs, 1);
    }
    const bad = await bench("--model", "huge");
    assert.equal(bad.code, 1);
    assert.match(bad.err, /^bench: Cannot measure .*"huge"/s);
  }));
