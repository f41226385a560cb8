import assert from "node:assert/strict";
import { join } from "node:path";
import { writeAtomicSync } from "../run/atomic.ts";
import { contents, withFolder } from "../run/temp_folder.ts";
import { checkReadable, checkWritable, freePath } from "./files.ts";

Deno.test("checkReadable() wants a file that is there", () =>
  withFolder((folder) => {
    const file = join(folder, "file");
    assert.throws(
      () => checkReadable("config", file),
      {
        name: "UsageError",
        message: /there is no file .*file, which --config/,
      },
    );
    Deno.writeTextFileSync(file, "");
    checkReadable("config", file);
    assert.throws(() => checkReadable("init", folder), /--init is a file/);
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
      assert.throws(() =>
        writeAtomicSync(join(locked, "x.png"), Uint8Array.of(1))
      );
    }),
});

Deno.test("freePath() numbers the name when another file has it", () =>
  withFolder((folder) => {
    const path = join(folder, "a-fox-0.png");
    const isSame = (bytes: Uint8Array) => bytes[0] === 7;
    assert.equal(freePath(path, isSame), path);
    writeAtomicSync(path, Uint8Array.of(7));
    assert.equal(freePath(path, isSame), path, "itself is replaced");
    writeAtomicSync(path, Uint8Array.of(1));
    assert.equal(freePath(path, isSame), join(folder, "a-fox-0-2.png"));
    writeAtomicSync(join(folder, "a-fox-0-2.png"), Uint8Array.of(2));
    Deno.mkdirSync(join(folder, "a-fox-0-3.png"));
    assert.equal(freePath(path, isSame), join(folder, "a-fox-0-4.png"));
  }));
