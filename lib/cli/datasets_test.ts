import assert from "node:assert/strict";
import { join } from "node:path";
import { writePairs } from "../../datasets/pairs/fixture.ts";
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
    [
      ["show", "emoji"],
      /"show emoji" is not a command; .* check DATA.* or "datasets pull/,
    ],
    [["preview"], /say which data set/],
    [["preview", "emoji", "more"], /not a command/],
    [["preview", "emoji", "--data", "emoji"], /not a command/],
    [["preview", "cats", "--split", "train"], /--split is for emoji/],
    [["check", "emoji"], /nothing to check/],
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

Deno.test("datasets preview shows the pairs of a folder, and names what is broken", () =>
  withFolder(async (folder) => {
    await writePairs(folder, 5);
    const out = join(folder, "sheet/a.png");
    const show = ["preview", "--data", folder, "--size", "32", "--out", out];
    const whole = await type(...show);
    assert.equal(whole.code, 0, whole.err);
    assert.match(whole.out, /a folder, 5 pictures with 5 captions\n.*a\.png$/);
    const { width } = await decodeImage(await Deno.readFile(out));
    assert.equal(width, 6 + 3 * 38);
    assert.equal((await type("check", folder)).code, 1); // the sheet is in it
    await Deno.remove(join(folder, "sheet"), { recursive: true });
    const good = await type("check", folder);
    assert.deepEqual([good.code, good.err], [0, ""]);
    assert.match(good.out, /5 pairs are whole, 0 are not$/);
    await Deno.truncate(join(folder, "0001.jpeg"), 99);
    await Deno.remove(join(folder, "0003.txt"));
    const bad = await type("check", folder);
    assert.equal(bad.code, 1);
    assert.match(bad.out, /0003\.png: no caption[^]*0001\.jpeg: Cannot use/);
    assert.match(bad.out, /3 pairs are whole, 2 are not$/);
    const rest = await type(...show);
    assert.equal(rest.code, 0);
    assert.match(rest.out, /left out are 1:\n {2}0003\.png: no caption/);
    assert.match(rest.err, /0001\.jpeg: Cannot use/);
    const none = await type("preview", join(folder, "none"));
    assert.match(none.err, /datasets: There is no data set .*none/);
  }));

Deno.test("datasets --help prints the options", async () => {
  for (const help of ["--help", "-h"]) {
    const { code, out } = await type(help);
    assert.equal(code, 0);
    assert.match(out, /--count N/);
  }
});
