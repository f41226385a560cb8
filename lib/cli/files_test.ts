import assert from "node:assert/strict";
import { join } from "node:path";
import { checkWritable, freePath, writeWhole } from "./files.ts";

async function withFolder(
  test: (folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Everything in a folder and below, sorted. */
function contents(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? [name, ...contents(join(folder, name)).map((path) => `${name}/${path}`)]
      : [name]
  ).sort();
}

Deno.test("writeWhole() makes the folders it needs, and replaces", () =>
  withFolder((folder) => {
    const path = join(folder, "a", "b", "c.txt");
    writeWhole(path, Uint8Array.of(1, 2));
    writeWhole(path, Uint8Array.of(3));
    assert.deepEqual(Deno.readFileSync(path), Uint8Array.of(3));
    assert.deepEqual(contents(folder), ["a", "a/b", "a/b/c.txt"]);
  }));

Deno.test("writeWhole() leaves nothing behind when it fails", () =>
  withFolder((folder) => {
    const full = join(folder, "full");
    writeWhole(join(full, "x.txt"), Uint8Array.of(1));
    const file = join(full, "x.txt");
    const impossible = [full, join(file, "y.txt"), join(file, "z", "y.txt")];
    impossible.push(join(folder, "new", `${"long".repeat(100)}.txt`));
    for (const path of impossible) {
      assert.throws(
        () => writeWhole(path, Uint8Array.of(2)),
        (error: Error) => {
          assert.ok(error.message.startsWith(`Cannot write ${path}: `));
          assert.doesNotMatch(error.message, /os error|\.part/);
          return true;
        },
      );
      assert.deepEqual(contents(folder), ["full", "full/x.txt"], path);
    }
  }));

Deno.test("checkWritable() finds what stands in the way, and changes nothing", () =>
  withFolder((folder) => {
    const file = join(folder, "file");
    Deno.writeTextFileSync(file, "");
    checkWritable(file);
    checkWritable(join(folder, "new", "newer", "x.png"));
    checkWritable("x.png");
    assert.throws(() => checkWritable(folder), /it is a folder/);
    assert.throws(
      () => checkWritable(join(file, "x.png")),
      /file is not a folder/,
    );
    assert.throws(
      () => checkWritable(join(file, "y", "x.png")),
      /is not a folder|there is no/,
    );
    assert.deepEqual(contents(folder), ["file"]);
  }));

Deno.test({
  name: "checkWritable() sees a folder without permission to write",
  // Nothing is forbidden to the superuser, and Windows has other rules.
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  fn: () =>
    withFolder((folder) => {
      const locked = join(folder, "locked");
      Deno.mkdirSync(locked, { mode: 0o500 });
      assert.throws(
        () => checkWritable(join(locked, "x.png")),
        /no permission to write in/,
      );
      assert.throws(() => writeWhole(join(locked, "x.png"), Uint8Array.of(1)));
    }),
});

Deno.test("freePath() numbers the name when another file has it", () =>
  withFolder((folder) => {
    const path = join(folder, "a-fox-0.png");
    const isSame = (bytes: Uint8Array) => bytes[0] === 7;
    assert.equal(freePath(path, isSame), path);
    writeWhole(path, Uint8Array.of(7));
    assert.equal(freePath(path, isSame), path, "itself is replaced");
    writeWhole(path, Uint8Array.of(1));
    assert.equal(freePath(path, isSame), join(folder, "a-fox-0-2.png"));
    writeWhole(join(folder, "a-fox-0-2.png"), Uint8Array.of(2));
    Deno.mkdirSync(join(folder, "a-fox-0-3.png"));
    assert.equal(freePath(path, isSame), join(folder, "a-fox-0-4.png"));
  }));
