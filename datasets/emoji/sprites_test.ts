import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { KINDS } from "./kinds.ts";
import { readSprites, ROWS } from "./sprite_file.ts";
import { loadSprites, spriteFileName, spriteIndex } from "./sprites.ts";
import { STYLES } from "./scene.ts";

const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);

Deno.test("loadSprites() makes one whole file, reads it the next time, tidies up", async () => {
  await withFolder(async (folder) => {
    const cache = join(folder, "deep", "cache");
    const left = join(cache, "emoji-sprites-v1-00000000.bin.left");
    const fresh = join(cache, "emoji-sprites-v1-00000000.bin.fresh");
    await Deno.mkdir(cache, { recursive: true });
    await Deno.writeTextFile(left, "half");
    await Deno.writeTextFile(fresh, "half");
    const past = new Date(Date.now() - 7_200_000);
    await Deno.utime(left, past, past);
    let told = 0;
    const made = await loadSprites({
      cache,
      largest: 64,
      onProgress: (done, total) => {
        assert.equal(total, ROWS);
        told = done;
      },
    });
    assert.equal(told, ROWS);
    const wanted = [spriteFileName(), basename(fresh)];
    assert.deepEqual((await names(cache)).sort(), wanted.sort());
    const onProgress = () => assert.fail("drew the sprites again");
    const whole = await loadSprites({ cache, onProgress });
    assert.deepEqual(made.levels, [16, 32, 64]);
    assert.deepEqual(whole.levels, [16, 32, 64, 128, 256]);
    assert.deepEqual(whole.pixels.slice(0, 3), made.pixels);
    assert.deepEqual(whole.luminance, made.luminance);
    const path = join(cache, spriteFileName());
    const { size } = await Deno.stat(path);
    await Deno.truncate(path, size - 1);
    assert.equal(await readSprites(path, 64), null);
  });
});

Deno.test("readSprites() finds nothing in files that are not its own", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "sprites");
    assert.equal(await readSprites(path, 64), null);
    await Deno.writeTextFile(path, "something else");
    assert.equal(await readSprites(path, 64), null);
  });
});

Deno.test("loadSprites() says what it was doing when it cannot write", async () => {
  await withFolder(async (folder) => {
    const blocked = join(folder, "file");
    await Deno.writeTextFile(blocked, "");
    await assert.rejects(
      loadSprites({ cache: blocked }),
      /emoji-sprites-v\d+-[0-9a-f]{8}\.bin/,
    );
  });
});

Deno.test("loadSprites() gives every kind in every style something to see", async () => {
  const { pixels, levels, luminance } = await loadSprites({ largest: 64 });
  const side = levels[2];
  assert.equal(pixels[2].length, ROWS * side * side * 4);
  for (const { id } of KINDS) {
    for (const style of STYLES) {
      const index = spriteIndex(id, style);
      const start = index * side * side * 4;
      const sprite = pixels[2].subarray(start, start + side * side * 4);
      let covered = 0;
      for (let i = 0; i < sprite.length; i += 4) {
        assert.ok(Math.max(...sprite.subarray(i, i + 3)) <= sprite[i + 3] + 1);
        if (sprite[i + 3] > 128) covered++;
      }
      const share = covered / (side * side);
      assert.ok(share > 0.07, `${id}, ${style}: ${share}`);
      assert.ok(luminance[index] > 10 && luminance[index] < 255, id);
      // The transparent edge, one pixel at this level.
      const edge = sprite.subarray(0, side * 4);
      assert.ok(edge.every((value) => value === 0), `${id}, ${style}`);
    }
  }
});

Deno.test("spriteIndex() refuses kinds that do not exist", () => {
  assert.equal(spriteIndex(KINDS[3].id, "flat"), 7);
  assert.throws(() => spriteIndex("gremlin", "flat"), /"gremlin"/);
});
