import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeImage } from "../image/decode.ts";
import { endingOf } from "./errors.ts";
import { run } from "./datasets.ts";

/** Runs the command with what it prints caught, errors as `main` ends them. */
async function runCaught(...args: string[]) {
  const { log, error } = console;
  const out: string[] = [];
  console.log = (line: string) => out.push(line);
  console.error = () => {};
  try {
    return { code: await run(args), out: out.join("\n"), err: "" };
  } catch (thrown) {
    const { code, message } = endingOf(thrown, "datasets");
    return { code, out: out.join("\n"), err: message };
  } finally {
    console.log = log;
    console.error = error;
  }
}

Deno.test("datasets preview emoji writes a sheet and nothing beside it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "sheet.png");
    const args = ["preview", "emoji", "--out", path, "--count", "5"];
    const { code, out } = await runCaught(...args, "--size", "48");
    assert.equal(code, 0);
    assert.equal(out, path);
    const { width, height } = await decodeImage(await Deno.readFile(path));
    assert.equal(width, 6 + 3 * 54);
    assert.ok(height > 6 + 2 * 54);
    const first = await Deno.readFile(path);
    assert.equal((await runCaught(...args, "--seed", "3")).code, 0);
    assert.notDeepEqual(await Deno.readFile(path), first);
    const entries = await Array.fromAsync(Deno.readDir(folder));
    assert.deepEqual(entries.map((entry) => entry.name), ["sheet.png"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

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
    [["preview", "emoji", "--colour"], /--colour/],
  ];
  for (const [args, message] of wrong) {
    const { code, out, err } = await runCaught(...args);
    assert.equal(code, 2, args.join(" "));
    assert.match(err, message);
    assert.equal(out, "");
  }
});

Deno.test("datasets fails with code 1 when it cannot write", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "missing", "sheet.png");
    const { code, err } = await runCaught(
      ...["preview", "emoji", "--count", "1", "--size", "8", "--out", path],
    );
    assert.equal(code, 1);
    assert.match(err, /writing .*sheet\.png failed/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("datasets --help prints the options", async () => {
  const { code, out } = await runCaught("--help");
  assert.equal(code, 0);
  assert.match(out, /--count N/);
});
