import assert from "node:assert/strict";
import { join } from "node:path";
import { makeAtomic, writeAtomic, writeAtomicSync } from "./atomic.ts";
import { contents, withFolder } from "./temp_folder.ts";

async function inFolder(use: (path: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await use(`${folder}/file`);
    assert.deepEqual(contents(folder), ["file"]);
  });
}

Deno.test("writeAtomic() writes the chunks in order over an old file", async () => {
  await inFolder(async (path) => {
    await Deno.writeTextFile(path, "old and longer");
    const chunks = [[1, 2], [], [3]].map((bytes) => Uint8Array.from(bytes));
    await writeAtomic(path, chunks);
    assert.deepEqual([...await Deno.readFile(path)], [1, 2, 3]);
  });
});

Deno.test("writeAtomic() leaves the old file alone when a chunk fails", async () => {
  await inFolder(async (path) => {
    await Deno.writeTextFile(path, "old");
    function* chunks() {
      yield Uint8Array.of(1);
      throw new Error("no more");
    }
    await assert.rejects(writeAtomic(path, chunks()), /no more/);
    assert.equal(await Deno.readTextFile(path), "old");
  });
});

Deno.test("writeAtomic() leaves nothing beside a folder it can't replace", async () => {
  await inFolder(async (path) => {
    await Deno.mkdir(path);
    await assert.rejects(writeAtomic(path, [Uint8Array.of(1)]));
  });
});

Deno.test("makeAtomic() writes where it likes, or leaves nothing", async () => {
  await inFolder(async (path) => {
    await makeAtomic(path, async (file) => {
      await file.seek(1, Deno.SeekMode.Start);
      await file.write(Uint8Array.of(2));
      await file.seek(0, Deno.SeekMode.Start);
      await file.write(Uint8Array.of(1));
    });
    const fails = makeAtomic(path, async (file) => {
      await file.write(Uint8Array.of(3));
      throw new Error("no more");
    });
    await assert.rejects(fails, /no more/);
    assert.deepEqual([...await Deno.readFile(path)], [1, 2]);
  });
});

Deno.test("writeAtomicSync() makes the folders it needs, and replaces", () =>
  withFolder((folder) => {
    const path = join(folder, "a", "b", "c.txt");
    writeAtomicSync(path, Uint8Array.of(1, 2));
    writeAtomicSync(path, Uint8Array.of(3));
    assert.deepEqual(Deno.readFileSync(path), Uint8Array.of(3));
    assert.deepEqual(contents(folder), ["a", "a/b", "a/b/c.txt"]);
  }));

Deno.test("writeAtomicSync() leaves nothing behind when it fails", () =>
  withFolder((folder) => {
    const full = join(folder, "full");
    writeAtomicSync(join(full, "x.txt"), Uint8Array.of(1));
    const file = join(full, "x.txt");
    const impossible = [full, join(file, "y.txt"), join(file, "z", "y.txt")];
    impossible.push(join(folder, "new", `${"long".repeat(100)}.txt`));
    for (const path of impossible) {
      assert.throws(
        () => writeAtomicSync(path, Uint8Array.of(2)),
        (error: Error) => {
          assert.ok(error.message.startsWith(`Cannot write ${path}: `));
          assert.doesNotMatch(error.message, /os error|\.part/);
          return true;
        },
      );
      assert.deepEqual(contents(folder), ["full", "full/x.txt"], path);
    }
  }));
