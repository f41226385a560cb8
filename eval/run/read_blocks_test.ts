import assert from "node:assert/strict";
import { join } from "node:path";
import { makePicture, writeFiles } from "../../datasets/pairs/fixture.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { openPictures } from "../pictures/picture_set.ts";
import { openPictureSource } from "./picture_source.ts";
import { preparer } from "./block_loader.ts";
import { readBlocks, seenOf } from "./read_blocks.ts";

Deno.test("readBlocks() gives what reading one by one gives, and names the broken", () =>
  withFolder(async (folder) => {
    for (let i = 0; i < 7; i++) {
      const { ending, bytes } = await makePicture(i);
      const data = i === 4 ? bytes.subarray(0, 30) : bytes;
      await writeFiles(folder, { [`${i}.${ending}`]: data });
    }
    const { places } = await openPictures(folder);
    const blocks = [{ start: 0, end: 3 }, { start: 3, end: 6 }];
    const shape = { crop: "centre", side: 8 } as const;
    for (const source of [{ places }, { places, shape }]) {
      const read = openPictureSource(source);
      const found = [];
      for await (const block of readBlocks({ source, blocks })) {
        found.push(block);
      }
      const seen = found.flatMap(seenOf);
      assert.deepEqual(seen.map(({ index }) => index), [0, 1, 2, 3, 5]);
      for (const { index, picture } of seen) {
        assert.deepEqual(picture, await read(index));
      }
      assert.deepEqual(found[0].leftOut, []);
      assert.deepEqual(found[1].leftOut, [await read(4)]);
      assert.match(
        found[1].leftOut[0].reason,
        /^Cannot use 4\.\w+: Decoding 30/,
      );
    }
    // A network's own pixels are the same as if they were made here.
    const prepared = {
      shape: { crop: "centre", side: 20 },
      preparation: { kind: "inception", resize: "tf1" },
    } as const;
    const read = openPictureSource({ places });
    for await (
      const block of readBlocks({ source: { places }, blocks, prepared })
    ) {
      const pictures = [];
      for (const { index } of block.pictures) {
        const picture = await read(index);
        assert.ok("data" in picture);
        pictures.push(picture);
      }
      assert.deepEqual(block.pixels, preparer(prepared)(pictures));
    }
    assert.deepEqual(await readAll(join(folder, "none")), []);
  }));

/** Blocks of nothing take no Worker. */
async function readAll(path: string) {
  const places = { kind: "array", path, count: 0 } as const;
  const all = [];
  for await (const block of readBlocks({ source: { places }, blocks: [] })) {
    all.push(block);
  }
  return all;
}
