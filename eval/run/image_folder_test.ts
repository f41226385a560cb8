import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { type Files, writeFiles } from "../../datasets/pairs/fixture.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { type Naming, openImageFolder } from "./image_folder.ts";

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
      /none by the id for 2 of them, .*; none by the index for 1 .* sample 1 \(.*\), 1\.png;/,
    );
  }));

Deno.test("openImageFolder() takes one way of naming for the whole folder", () =>
  withFolder(async (folder) => {
    // Of a data set of numbers from 1 on: 0001.png is the first id,
    // and the second index.
    const samples = [1, 2, 3].map((number, index) => ({
      index,
      id: `000${number}.png`,
      caption: "",
      seed: index,
    }));
    const open = async (names: string[], namedBy?: Naming) => {
      const path = join(folder, names.join());
      await writeFiles(path, Object.fromEntries(names.map((n) => [n, n])));
      const found = await openImageFolder(path, samples, { namedBy });
      return found.samples.map(({ file }) => relative(path, file!));
    };
    const ids = ["0001.png", "0002.png", "0003.png"];
    const indices = ["0.png", "1.png", "2.png"];
    assert.deepEqual(await open(ids), ids);
    assert.deepEqual(await open(indices), indices);
    const both = ["0.png", "1.png", "2.png", "3.png"];
    await assert.rejects(
      open(both),
      /sample 0 \("0001\.png"\) it may be 1\.png, .* id, or 0\.png, .*--named-by/,
    );
    assert.deepEqual(await open(both, "index"), indices);
    assert.deepEqual(await open(both, "id"), both.slice(1));
    // Never another sample's picture in place of one that is missing.
    await assert.rejects(
      open(["0001.png", "0003.png"]),
      /none by the id for 1 of them, such as sample 1 \("0002\.png"\), 2\.png/,
    );
    await assert.rejects(open(ids, "index"), /none by the index for 1 /);

    const folders = ["a/1.jpg", "b/1.jpg"]
      .map((id, index) => ({ index, id, caption: "", seed: index }));
    await writeFiles(join(folder, "shared"), { "1.png": "a" });
    await assert.rejects(
      openImageFolder(join(folder, "shared"), folders),
      /none by the id alone, which "1" has twice/,
    );
  }));
