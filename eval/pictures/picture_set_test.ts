import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { makeTar } from "../../datasets/files/tar_fixture.ts";
import { decodeAsPillow } from "../../lib/image/decode_pillow.ts";
import {
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
} from "../../lib/run/safetensors.ts";
import { assertClose } from "../../lib/run/assert_close.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { type Extractor, openExtractor } from "../extract/extractor.ts";
import { compareSets } from "../metrics/compare.ts";
import { pickRows } from "../metrics/features.ts";
import { writeNpz } from "../metrics/npz.ts";
import { lookAt, openSource } from "../source.ts";
import { featuresOfSet } from "./features_of_set.ts";
import { countOf, openPictures } from "./picture_set.ts";

const here = (path: string) => new URL(path, import.meta.url).pathname;
const PICTURES = await readSafetensorsHeader(
  here("../../lib/image/testdata/decode_pillow.safetensors"),
);
const HOSTILE = await readSafetensorsHeader(
  here("testdata/hostile.safetensors"),
);
const NAMES: readonly string[] = JSON.parse(HOSTILE.metadata.names);
const DISTANCES: Readonly<Record<string, number>> = JSON.parse(
  HOSTILE.metadata.distances,
);
const INCEPTION = here("../networks/testdata/narrow_inception.pth");

const bytesOf = async (name: string) =>
  await readTensor(PICTURES, `file ${name}`) as Uint8Array<ArrayBuffer>;

/** Writes some of the pictures into a folder. */
async function writeSome(
  folder: string,
  names: readonly string[],
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const name of names) {
    await Deno.writeFile(join(folder, basename(name)), await bytesOf(name));
  }
}

async function zipOf(
  entries: readonly (readonly [string, Uint8Array])[],
): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
  });
  for (const [name, bytes] of entries) {
    await writer.add(name, new Uint8ArrayReader(bytes));
  }
  return await writer.close();
}

/** What prepares pictures for nothing: their own pixels, resized to one. */
const dots: Pick<Extractor, "preparation" | "run"> = {
  preparation: { kind: "probe", size: 1 },
  run: (pixels) => Promise.resolve({ features: pixels }),
};

const SOME = ["grey.jpg", "palette_clear.png", "rgba.png", "turned.tif"];

Deno.test("openPictures() reads the same of folders, archives and lists", () =>
  withFolder(async (folder) => {
    const images = join(folder, "images");
    await writeSome(join(images, "a"), SOME.slice(0, 2));
    await writeSome(join(images, "b", "c"), SOME.slice(2));
    await Deno.writeTextFile(join(images, "notes.md"), "no picture");
    const names = ["a/grey.jpg", "a/palette_clear.png"]
      .concat(["b/c/rgba.png", "b/c/turned.tif"]);
    const entries: (readonly [string, Uint8Array])[] = [];
    for (const name of names) {
      entries.push([name, await bytesOf(basename(name))]);
    }
    // Their order in an archive is its own.
    const mixed = [entries[2], entries[0], entries[3], entries[1]];
    const path = (name: string) => join(folder, name);
    await Deno.writeFile(path("all.zip"), await zipOf(mixed));
    const data = mixed.map(([name, data]) => ({ name, data }));
    await Deno.writeFile(path("all.tar"), makeTar(data));
    await Deno.writeTextFile(
      path("all.txt"),
      names.map((name) => `images/${name}\r\n`).join("\n"),
    );
    const found = await featuresOfSet(dots, await openPictures(images));
    assert.deepEqual(found.indices, [0, 1, 2, 3]);
    await Deno.writeTextFile(
      path("all.jsonl"),
      names.map((name) => `{"image":"images/${name}","caption":"${name}"}`)
        .join("\n"),
    );
    for (const name of ["all.zip", "all.tar", "all.txt", "all.jsonl"]) {
      const set = await openPictures(path(name));
      assert.equal(countOf(set), 4);
      const same = await featuresOfSet(dots, set, { batch: 3 });
      assert.deepEqual(same.features, found.features, name);
    }
    const { leftOut } = await openPictures(images);
    assert.deepEqual(leftOut, [
      { name: "notes.md", reason: "its name is no picture's" },
    ]);
  }));

Deno.test("openPictures() reads an array of pictures as guided-diffusion writes it", () =>
  withFolder(async (folder) => {
    const { width, height, data } = await decodeAsPillow(
      await bytesOf("rgb.png"),
    );
    const path = join(folder, "samples.npz");
    const shape = [2, height, width, 3];
    const both = new Uint8Array(2 * data.length);
    both.set(data);
    both.set(data.map((byte) => 255 - byte), data.length);
    await writeNpz(path, { arr_0: { shape, dtype: "|u1", data: both } });
    await writeSome(join(folder, "one"), ["rgb.png"]);
    const found = await featuresOfSet(dots, await openPictures(path));
    assert.equal((await openSource(path, true)).kind, "pictures");
    const one = await featuresOfSet(
      dots,
      await openPictures(join(folder, "one")),
    );
    assert.equal(found.features.count, 2);
    assert.deepEqual(pickRows(found.features, [0]), one.features);
    // Statistics beside pictures are enough for some metrics.
    const number = {
      shape: [1],
      dtype: "<f8",
      data: Float64Array.of(1),
    } as const;
    await writeNpz(path, {
      arr_0: { shape, dtype: "|u1", data: both },
      mu: number,
      sigma: { ...number, shape: [1, 1] },
    });
    assert.equal((await openSource(path, true)).kind, "numbers");
    assert.equal((await openSource(path, false)).kind, "pictures");
  }));

Deno.test("featuresOfSet() names the first broken picture, or leaves them out", () =>
  withFolder(async (folder) => {
    const broken = ["bomb.png", "half_progressive.jpg", "nothing.png"];
    await writeSome(folder, [...SOME, ...broken]);
    const set = await openPictures(folder);
    await assert.rejects(
      featuresOfSet(dots, set, { batch: 2 }),
      /^Error: Cannot use bomb\.png: Decoding \d+ bytes .*exceeds pixel limit/,
    );
    const found = await featuresOfSet(dots, set, { skipBroken: true });
    assert.deepEqual(found.broken.map(({ name }) => name), broken);
    assert.match(found.broken[1].reason, /Cannot use half_progressive\.jpg/);
    assert.deepEqual(found.indices, [1, 4, 5, 6]);
    assert.equal(found.features.count, 4);
  }));

Deno.test("openPictures() says what it can't use", () =>
  withFolder(async (folder) => {
    const path = (name: string) => join(folder, name);
    const image = await bytesOf("grey.jpg");
    const escape = [["../grey.jpg", image]] as const;
    await Deno.writeFile(path("escape.zip"), await zipOf(escape));
    await Deno.writeFile(
      path("escape.tar"),
      makeTar([{ name: "/grey.jpg", data: image }]),
    );
    await Deno.writeTextFile(path("list.txt"), "gone.png\n");
    await Deno.mkdir(path("empty"));
    await writeNpz(path("other.npz"), {
      arr_0: { shape: [1], dtype: "<f4", data: new Float32Array(1) },
    });
    const cases: [string, RegExp][] = [
      ["escape.zip", /its entry "\.\.\/grey\.jpg" leads out of the archive/],
      ["escape.tar", /its entry "\/grey\.jpg" leads out of the archive/],
      ["list.txt", /Cannot use gone\.png, which .*list\.txt names: no such/],
      ["empty", /there is no picture in it/],
      ["other.npz", /it has no arr_0 of bytes \[n,H,W,3\]/],
      ["none", /There is no .*none; give a folder/],
    ];
    for (const [name, message] of cases) {
      await assert.rejects(openPictures(path(name)), message);
    }
    await Deno.writeTextFile(path("a.md"), "");
    await assert.rejects(openPictures(path("a.md")), /wanted a folder, or a/);
  }));

Deno.test("pictures in files give the figures of pytorch-fid, clean-fid, torch-fidelity and torchmetrics", () =>
  withFolder(async (folder) => {
    const parts = [0, 1].map((odd) => NAMES.filter((_, i) => i % 2 === odd));
    for (const [odd, names] of parts.entries()) {
      await writeSome(join(folder, String(odd)), names);
    }
    const tensors = await readTensorsF32(HOSTILE);
    for (const [resize, { data, shape }] of tensors) {
      const extractor = await openExtractor("inception", INCEPTION, {
        resize,
        threads: 1,
      });
      const rows = { count: shape[0], width: shape[1], data };
      const sets = [];
      for (const odd of [0, 1]) {
        const pictures = await openPictures(join(folder, String(odd)));
        const { set } = await lookAt(extractor, pictures, { batch: 4 });
        const numbers = NAMES.flatMap((_, i) => i % 2 === odd ? [i] : []);
        const wanted = pickRows(rows, numbers).data;
        assertClose(set.features!.data, wanted, 4e-5, () => resize);
        sets.push(set);
      }
      const [figure] = await compareSets(sets[0], sets[1], ["fid"]);
      const off = Math.abs(figure.value / DISTANCES[resize] - 1);
      assert(off < 1e-3, `${resize}: ${figure.value}, ${DISTANCES[resize]}`);
      await extractor.release();
    }
  }));
