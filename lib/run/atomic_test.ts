import assert from "node:assert/strict";
import { writeAtomic } from "./atomic.ts";

async function inFolder(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(`${folder}/file`);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.deepEqual(names, ["file"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
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
