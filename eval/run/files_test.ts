import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { contents, withFolder } from "../../lib/run/temp_folder.ts";
import {
  checkRoom,
  hashOf,
  linesOf,
  readRunJson,
  readRunLines,
  removeParts,
  writeRunFile,
} from "./files.ts";

const form = z.strictObject({ a: z.int() });

Deno.test("readRunJson() and readRunLines() say what of a file is wrong", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.json");
    await writeRunFile(path, linesOf([{ a: 1 }, { a: 2 }]));
    assert.deepEqual(await readRunLines(path, form), [{ a: 1 }, { a: 2 }]);
    await assert.rejects(
      readRunJson(path, form),
      /Cannot read .*a\.json: it is not JSON \(.*\); it is of another version/,
    );
    await writeRunFile(path, linesOf([{ a: 1 }, { a: "x" }]));
    await assert.rejects(
      readRunLines(path, form),
      /a\.json, line 2: a: found "x", wanted a number; it is of another version, or damaged: make the run anew$/,
    );
  }));

Deno.test("hashOf() is that of an object, whatever the order of its keys", () => {
  assert.equal(
    hashOf({ a: 1, b: [{ c: 2, d: 3 }] }),
    hashOf({ b: [{ d: 3, c: 2 }], a: 1 }),
  );
  assert.notEqual(hashOf({ a: 1 }), hashOf({ a: "1" }));
  assert.match(hashOf([]), /^[0-9a-f]{64}$/);
});

Deno.test("removeParts() removes what killed processes left, and nothing else", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "images"));
    const part = `images/000001.png.${crypto.randomUUID()}.part`;
    for (const name of ["run.json", "images/000000.png", "a.part", part]) {
      await Deno.writeTextFile(join(folder, name), "x");
    }
    await removeParts(folder);
    const left = contents(folder);
    assert.deepEqual(left, [
      "a.part",
      "images",
      "images/000000.png",
      "run.json",
    ]);
  }));

Deno.test({
  name: "reported() says what to do about a full disk",
  ignore: Deno.build.os !== "linux",
  async fn() {
    // In a process of its own, which may write where tests may not.
    const script = `
import { reported } from ${JSON.stringify(import.meta.resolve("./files.ts"))};
await reported("runs/x/images/000001.png", () =>
  Deno.writeTextFile("/dev/full", "x")).catch(({ message }) =>
  console.log(message));`;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", "--no-check", script],
    }).output();
    assert.match(
      new TextDecoder().decode(stdout),
      /^Cannot write runs\/x\/images\/000001\.png: no space left on device; what is done is kept: make room/,
    );
  },
});

Deno.test("checkRoom() refuses a run that the disk has no room for", () => {
  checkRoom(".", 1);
  assert.throws(
    () => checkRoom(".", 1e18),
    /takes about 1000000 TB, and the disk has .* left; make room/,
  );
});
