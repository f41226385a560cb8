import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { assertClose } from "../../lib/run/assert_close.ts";
import { contents, withFolder } from "../../lib/run/temp_folder.ts";
import { openImages } from "./image_array.ts";
import { gaussianOf, momentsOf } from "./moments.ts";
import { floatsOf, type NpyArray, readNpy, writeNpy } from "./npy.ts";
import { openNpz, readNpzArray, writeNpz } from "./npz.ts";
import { randomFeatures } from "./random_features.ts";
import { readStatistics, writeStatistics } from "./statistics_file.ts";

const fixture = (name: string) =>
  fileURLToPath(new URL(`testdata/${name}`, import.meta.url));

Deno.test("readNpzArray() reads what NumPy wrote", async () => {
  const npz = await openNpz(fixture("types.npz"));
  const ramp = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5];
  for (const name of ["f8", "f4", "f2", "by_columns"]) {
    const array = await readNpzArray(npz, name);
    assert.deepEqual(array.shape, [2, 3]);
    assert.deepEqual([...floatsOf(array)!], ramp);
  }
  const whole = ramp.map(Math.trunc);
  const i4 = await readNpzArray(npz, "i4");
  assert.deepEqual(
    [...i4.data].map((x) => Number(x) + 0),
    whole.map((x) => x + 0),
  );
  const i8 = await readNpzArray(npz, "i8");
  assert.deepEqual([...i8.data].map(Number), whole.map((x) => x + 0));
  assert.equal(floatsOf(i8), undefined);
  const one = await readNpzArray(npz, "one");
  assert.deepEqual([one.shape, ...one.data], [[], 7]);
  assert.deepEqual((await readNpzArray(npz, "empty")).shape, [0, 3]);
});

Deno.test("readNpzArray() refuses pickles and what it doesn't know, by name", async () => {
  const npz = await openNpz(fixture("types.npz"));
  const cases: [string, RegExp][] = [
    ["pickled", /pickled of .*types\.npz: it holds pickled Python objects/],
    ["fields", /of the type "structured"/],
    ["big_endian", /of the type ">f8"/],
    ["nothing", /no array "nothing" but big_endian, /],
  ];
  for (const [name, message] of cases) {
    await assert.rejects(readNpzArray(npz, name), message);
  }
});

const ARRAY: NpyArray = {
  shape: [2, 3],
  dtype: "<f4",
  data: Float32Array.of(1, 2, 3, 4, 5, 6),
};

Deno.test("readNpy() reads what writeNpy() writes", () => {
  const arrays: NpyArray[] = [
    ARRAY,
    { shape: [], dtype: "<i8", data: BigInt64Array.of(-9n) },
    { shape: [3], dtype: "<f8", data: Float64Array.of(1 / 3, -0, 1e300) },
    { shape: [0, 4], dtype: "|u1", data: new Uint8Array(0) },
    { shape: [1, 2, 1], dtype: "<i4", data: Int32Array.of(7, -7) },
    { shape: [2], dtype: "<f2", data: Uint16Array.of(0x3c00, 0) },
  ];
  for (const array of arrays) {
    assert.deepEqual(readNpy(writeNpy(array).slice(), "it"), array);
  }
});

/** The bytes of an array file whose header says this. */
function npy(header: string, bytes = 24): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(10 + header.length + bytes);
  file.set(writeNpy(ARRAY).subarray(0, 8));
  new DataView(file.buffer).setUint16(8, header.length, true);
  file.set(new TextEncoder().encode(header), 10);
  return file;
}

Deno.test("readNpy() refuses files that lie", () => {
  const header = (shape: string, descr = "<f4") =>
    `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }\n`;
  assert.deepEqual(readNpy(npy(header("2, 3")), "it").shape, [2, 3]);
  const cases: [Uint8Array<ArrayBuffer>, RegExp][] = [
    [npy(header("2, 4")), /<f4 \[2,4\] takes 32 bytes, and it has 24/],
    [npy(header("2, 2")), /takes 16 bytes, and it has 24/],
    [npy(header("99999999999, 99999999999")), /takes .* bytes/],
    [npy(header("-2, -3")), /its header is/],
    [npy(header("2, 3", "|O")), /pickled/],
    [npy("{}"), /its header is "\{\}"/],
    [new Uint8Array(64), /doesn't begin as/],
    [new Uint8Array(3), /doesn't begin as/],
    [npy(header("2, 3")).slice(0, 40), /its header has/],
  ];
  for (const [bytes, message] of cases) {
    assert.throws(() => readNpy(bytes, "it"), message);
  }
  const long = npy(header("2, 3"));
  long[6] = 2; // of version 2, the length has four bytes
  assert.throws(() => readNpy(long, "it"), /its header has/);
});

Deno.test("readNpy() throws an Error for any bytes, or reads them", () =>
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(120),
      (noise, place) => {
        const bytes = writeNpy(ARRAY).slice();
        bytes.set(noise.subarray(0, bytes.length - place), place);
        try {
          readNpy(bytes, "it");
        } catch (error) {
          assert(
            error instanceof Error && /Cannot read it/.test(error.message),
          );
        }
      },
    ),
  ));

Deno.test("readStatistics() reads both layouts, packed or not", async () => {
  const plain = await readStatistics(fixture("pytorch_fid.npz"));
  assert.equal(plain.spatial, undefined);
  assert.equal(plain.features.count, undefined);
  assert.equal(plain.features.mean.length, 5);
  const openai = await readStatistics(fixture("guided_diffusion.npz"));
  assert.deepEqual(openai.features, plain.features);
  assert.deepEqual(openai.spatial!.mean, plain.features.mean.slice(0, 2));
  assert.deepEqual(
    openai.spatial!.covariance.data[1],
    plain.features.covariance.data[1],
  );
});

Deno.test("writeStatistics() keeps every bit, and the same bytes each time", () =>
  withFolder(async (folder) => {
    const features = gaussianOf(await momentsOf(randomFeatures(30, 6, "set")));
    const spatial = gaussianOf(await momentsOf(randomFeatures(9, 2, "place")));
    const [a, b] = ["a.npz", "b.npz"].map((name) => join(folder, name));
    await writeStatistics(a, { features, spatial });
    const read = await readStatistics(a);
    assert.deepEqual(read.features, features);
    assert.deepEqual(read.spatial!.covariance, spatial.covariance);
    await writeStatistics(b, { features, spatial });
    assert.deepEqual(await Deno.readFile(a), await Deno.readFile(b));
    assert.deepEqual(contents(folder), ["a.npz", "b.npz"]);
  }));

Deno.test("readStatistics() refuses archives of something else", () =>
  withFolder(async (folder) => {
    const path = join(folder, "bad.npz");
    const f8 = (shape: number[], ...data: number[]): NpyArray => ({
      shape,
      dtype: "<f8",
      data: Float64Array.from(data),
    });
    const mu = f8([2], 0, 0);
    const sigma = f8([2, 2], 1, 0, 0, 1);
    const count = f8([], 1);
    const cases: [Record<string, NpyArray>, RegExp][] = [
      [{ mu }, /no array "sigma" but mu/],
      [
        { mu, sigma: mu },
        /sigma is <f8 \[2\]; wanted floats \[F\] and \[F,F\]/,
      ],
      [{ mu, sigma: f8([1, 1], 1) }, /mean of 2 and a matrix of 1x1/],
      [{ mu, sigma: f8([2, 2], 1, 2, 3, 4) }, /either side of the diagonal/],
      [{ mu, sigma: f8([2, 2], 1, NaN, NaN, 4) }, /not finite/],
      [{ mu, sigma, count }, /their count is \[1\]/],
    ];
    for (const [arrays, message] of cases) {
      await writeNpz(path, arrays);
      await assert.rejects(readStatistics(path), message);
    }
    await Deno.truncate(path, 100);
    await assert.rejects(readStatistics(path), /Cannot list the zip archive/);
    const bytes = await Deno.readFile(fixture("pytorch_fid.npz"));
    bytes[200] ^= 1;
    await Deno.writeFile(path, bytes);
    await assert.rejects(readStatistics(path), /checksum is wrong/);
    await assert.rejects(readStatistics(join(folder, "no.npz")), /no\.npz/);
  }));

Deno.test("openNpz() refuses names that lead out", () =>
  withFolder(async (folder) => {
    const writer = new ZipWriter(new Uint8ArrayWriter(), {
      useWebWorkers: false,
    });
    await writer.add("../mu.npy", new Uint8ArrayReader(writeNpy(ARRAY)));
    const path = join(folder, "a.npz");
    await Deno.writeFile(path, await writer.close());
    await assert.rejects(openNpz(path), /leads out of the archive/);
  }));

for (const name of ["pictures.npz", "guided_diffusion.npz"]) {
  Deno.test(`openImages() reads pictures of ${name} a few at a time`, async () => {
    const images = await openImages(await openNpz(fixture(name)));
    assert(images);
    const { count, height, width } = images;
    assert.deepEqual([count, height, width], [2, 3, 4]);
    const all = Array.from({ length: 72 }, (_, i) => i);
    assert.deepEqual([...await images.read(0, 2)], all);
    assert.deepEqual([...await images.read(1, 2)], all.slice(36));
    await assert.rejects(images.read(1, 3), /Cannot read pictures 1 up to 3/);
  });
}

Deno.test("openImages() knows what are no pictures", async () => {
  const none = await openImages(await openNpz(fixture("types.npz")));
  assert.equal(none, undefined);
  await withFolder(async (folder) => {
    const path = join(folder, "a.npz");
    await writeNpz(path, { arr_0: ARRAY });
    assert.equal(await openImages(await openNpz(path)), undefined);
  });
});

Deno.test("sample covariances of few samples go through a file", () =>
  withFolder(async (folder) => {
    const path = join(folder, "few.npz");
    const features = gaussianOf(await momentsOf(randomFeatures(4, 9, "few")));
    await writeStatistics(path, { features });
    const read = (await readStatistics(path)).features;
    assert.equal(read.count, 4);
    assertClose(read.mean, features.mean, 0);
  }));
