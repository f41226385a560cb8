import assert from "node:assert/strict";
import { join } from "node:path";
import { readSafetensorsHeader, readTensor } from "./safetensors.ts";
import { contents, withFolder } from "./temp_folder.ts";
import { torchAsSafetensors } from "./torch_convert.ts";

const FOLDER = new URL("testdata/torch/", import.meta.url).pathname;

/** Lends a PyTorch file and the folder for its copies. */
async function withFile(
  fixture: string,
  use: (path: string, cache: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, "x.pth");
    await Deno.copyFile(join(FOLDER, fixture), path);
    await use(path, join(folder, "cache"));
  });
}

for (const name of ["zip", "legacy", "zip_views", "deflated", "traced"]) {
  Deno.test(`torchAsSafetensors() copies ${name}, bit by bit`, async () => {
    await withFile(`${name}.pth`, async (path, cache) => {
      const copy = await torchAsSafetensors(path, { cache });
      const found = await readSafetensorsHeader(copy);
      const wanted = await readSafetensorsHeader(
        join(FOLDER, `${name}.safetensors`),
      );
      const names = [...wanted.tensors.keys()].sort();
      assert.deepEqual([...found.tensors.keys()].sort(), names);
      for (const name of names) {
        assert.deepEqual(
          found.tensors.get(name)?.shape,
          wanted.tensors.get(name)?.shape,
        );
        assert.deepEqual(
          await readTensor(found, name),
          await readTensor(wanted, name),
          name,
        );
      }
      assert.equal(found.metadata.origin, path);
    });
  });
}

Deno.test("torchAsSafetensors() copies a file once, through links too", async () => {
  await withFile("zip_views.pth", async (path, cache) => {
    const copy = await torchAsSafetensors(path, { cache });
    const { ino } = await Deno.stat(copy);
    assert.equal(await torchAsSafetensors(path, { cache }), copy);
    assert.equal((await Deno.stat(copy)).ino, ino);
    assert.deepEqual(contents(cache).length, 1);
    const link = `${path}.link.pth`;
    await Deno.symlink(path, link);
    await torchAsSafetensors(link, { cache });
    assert.equal((await Deno.stat(copy)).ino, ino);
  });
});

Deno.test("torchAsSafetensors() replaces the copy of what was there before", async () => {
  await withFile("zip_views.pth", async (path, cache) => {
    const old = await torchAsSafetensors(path, { cache });
    const stateDict = "";
    const other = await torchAsSafetensors(path, { cache, stateDict });
    await Deno.copyFile(join(FOLDER, "legacy.pth"), path);
    const copy = await torchAsSafetensors(path, { cache });
    assert.notEqual(copy, old);
    const { tensors } = await readSafetensorsHeader(copy);
    assert.ok(tensors.has("bf16"));
    assert.deepEqual(
      contents(cache).map((name) => join(cache, name)).sort(),
      [copy, other].sort(),
    );
  });
});

Deno.test("torchAsSafetensors() makes a damaged copy again", async () => {
  await withFile("zip_views.pth", async (path, cache) => {
    const copy = await torchAsSafetensors(path, { cache });
    const whole = await Deno.readFile(copy);
    await Deno.truncate(copy, whole.length - 5);
    assert.equal(await torchAsSafetensors(path, { cache }), copy);
    assert.deepEqual(await Deno.readFile(copy), whole);
  });
});

Deno.test("torchAsSafetensors() says when the cache can't be written", async () => {
  await withFile("zip_views.pth", async (path) => {
    await assert.rejects(
      torchAsSafetensors(path, { cache: `${path}/cache` }),
      /^Error: Cannot keep .*x\.pth as safetensors in .*cache: not a directory; make room/,
    );
  });
});

Deno.test("torchAsSafetensors() leaves nothing of a damaged file", async () => {
  await withFile("deflated.pth", async (path, cache) => {
    const bytes = await Deno.readFile(path);
    const name = new TextEncoder().encode("zip_views/data/0");
    const at = bytes.findIndex((_, i) =>
      name.every((byte, j) => bytes[i + j] === byte)
    );
    bytes.fill(0xff, at + name.length, at + name.length + 8);
    await Deno.writeFile(path, bytes);
    await assert.rejects(
      torchAsSafetensors(path, { cache }),
      /x\.pth: its deflated data is damaged/,
    );
    assert.deepEqual(contents(cache), []);
  });
});
