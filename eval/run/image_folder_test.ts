import assert from "node:assert/strict";
import { join } from "node:path";
import { type Files, writeFiles } from "../../datasets/pairs/fixture.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { openImageFolder } from "./image_folder.ts";

const SAMPLES = [10, 20].map((number, index) => ({
  index,
  id: `COCO_val2014_0000000000${number}.jpg`,
  caption: "",
  seed: index,
}));

Deno.test("openImageFolder() finds pictures by number or by the data set's name", () =>
  withFolder(async (folder) => {
    const forms: Files[] = [
      { "0.png": "a", "1.png": "b" },
      { "000000.webp": "a", "below/000001.jpg": "b", "notes.txt": "" },
      {
        "COCO_val2014_000000000010.png": "a",
        "COCO_val2014_000000000020.png": "b",
      },
    ];
    const hashes = new Set<string>();
    for (const [i, files] of forms.entries()) {
      const path = join(folder, String(i));
      await writeFiles(path, files);
      const { samples, source } = await openImageFolder(path, SAMPLES);
      const names = Object.keys(files).slice(0, 2);
      assert.deepEqual(
        samples.map(({ file }) => file),
        names.map((name) => join(path, name)),
      );
      hashes.add(source.hash);
    }
    assert.equal(hashes.size, 1);

    // The same files as `eval fid` takes, and no others.
    const other = join(folder, "other");
    await writeFiles(other, { "0.PPM": "a", "1.gif": "b", "1.tif": "c" });
    const { samples } = await openImageFolder(other, SAMPLES);
    assert.deepEqual(
      samples.map(({ file }) => file),
      ["0.PPM", "1.tif"].map((name) => join(other, name)),
    );
    await writeFiles(folder, { "pictures.txt": "0.png\n", "0.png": "a" });
    await assert.rejects(
      openImageFolder(join(folder, "pictures.txt"), SAMPLES),
      /it is not a folder; unpack it, and name the folder/,
    );

    const twice = join(folder, "twice");
    await writeFiles(twice, { "0.png": "a", "00.jpg": "a", "1.png": "b" });
    await assert.rejects(
      openImageFolder(twice, SAMPLES),
      /of sample 0 .* there are 0\.png and 00\.jpg/,
    );
    const one = join(folder, "one");
    await writeFiles(one, { "0.png": "a" });
    await assert.rejects(
      openImageFolder(one, SAMPLES),
      /of sample 1 .* there is none among 1; name it 1\.png/,
    );
  }));
