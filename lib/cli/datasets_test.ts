import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeImage } from "../image/decode.ts";
import { withFolder } from "../run/temp_folder.ts";
import { run } from "./datasets.ts";
import { runCaught } from "./run_caught.ts";

const type = (...args: string[]) => runCaught("datasets", run, args);

Deno.test("datasets preview emoji writes a sheet and nothing beside it", () =>
  withFolder(async (folder) => {
    const path = join(folder, "sheet.png");
    const args = ["preview", "emoji", "--out", path, "--count", "5"];
    const { code, out } = await type(...args, "--size", "48");
    assert.equal(code, 0);
    assert.equal(out, path);
    const { width, height } = await decodeImage(await Deno.readFile(path));
    assert.equal(width, 6 + 3 * 54);
    assert.ok(height > 6 + 2 * 54);
    const first = await Deno.readFile(path);
    assert.equal((await type(...args, "--seed", "3")).code, 0);
    assert.notDeepEqual(await Deno.readFile(path), first);
    const entries = await Array.fromAsync(Deno.readDir(folder));
    assert.deepEqual(entries.map((entry) => entry.name), ["sheet.png"]);
  }));

Deno.test("datasets says what is wrong with its arguments", async () => {
  const wrong: [string[], RegExp][] = [
    [[], /not a command/],
    [["show", "emoji"], /"show emoji" is not a command/],
    [["preview"], /no data set ""/],
    [["preview", "cats"], /no data set "cats"/],
    [["preview", "emoji", "more"], /not a command/],
    [["preview", "emoji", "--count", "0"], /from 1 to 400, not "0"/],
    [["preview", "emoji", "--count", "many"], /not "many"/],
    [["preview", "emoji", "--size", "512"], /from 8 to 256/],
    [["preview", "emoji", "--seed", "-1"], /--seed/],
    [["preview", "emoji", "--split", "test"], /train, validation, heldout/],
    [["preview", "emoji", "--out", ""], /--out needs/],
    [["preview", "emoji", "--colour"], /no option --colour/],
    [["preview", "emoji", "--cont", "3"], /did you mean --count\?/],
    [["preview", "emoji", "--count"], /--count needs a value/],
  ];
  for (const [args, message] of wrong) {
    const { code, out, err } = await type(...args);
    assert.equal(code, 2, args.join(" "));
    assert.match(err, message);
    assert.equal(out, "");
  }
});

Deno.test("datasets says at once that it cannot write", () =>
  withFolder(async (folder) => {
    const { code, err } = await type("preview", "emoji", "--out", folder);
    assert.equal(code, 1);
    assert.equal(err, `datasets: Cannot write ${folder}: it is a folder`);
  }));

Deno.test("datasets --help prints the options", async () => {
  for (const help of ["--help", "-h"]) {
    const { code, out } = await type(help);
    assert.equal(code, 0);
    assert.match(out, /--count N/);
  }
});
