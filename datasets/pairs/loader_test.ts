import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { createPicture } from "../../lib/image/picture.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { writeFiles, writePairs } from "./fixture.ts";
import { createPairLoader, type PairLoaderOptions } from "./loader.ts";
import { openPairs } from "./open.ts";
import { createOrder, splitPairs } from "./order.ts";
import { readSquare, squareOf } from "./square.ts";
import { streamPairs } from "./stream.ts";

/** Lends a set of so many pairs. */
const withPairs = (
  count: number,
  use: (options: PairLoaderOptions, folder: string) => Promise<void>,
) =>
  withFolder(async (folder) => {
    await writePairs(folder, count);
    const set = await openPairs(folder);
    const indices = Array.from(set.pairs.keys());
    await use({ set, indices, seed: 3, size: 8, batch: 4 }, folder);
  });

Deno.test("createOrder() has every pair once in an epoch, each time in another order", () => {
  const indices = [4, 5, 7, 9, 12];
  const order = createOrder({ indices, seed: 1 });
  const samples = Array.from({ length: 15 }, (_, i) => {
    const [first] = order.candidates(i);
    return first;
  });
  const epochs = [0, 5, 10].map((begin) => samples.slice(begin, begin + 5));
  for (const epoch of epochs) {
    assert.deepEqual(epoch.toSorted((a, b) => a - b), indices);
  }
  assert.equal(new Set(epochs.map(String)).size, 3);
  // Each starts with itself, and has all others of the epoch after it.
  assert.deepEqual([...order.candidates(8)], [
    ...epochs[1].slice(3),
    ...epochs[1].slice(0, 3),
  ]);
  const again = createOrder({ indices, seed: 1 });
  assert.equal([...again.candidates(12)][0], samples[12]);
  const other = createOrder({ indices, seed: 2 });
  assert.notDeepEqual(
    samples.map((_, i) => [...other.candidates(i)][0]),
    samples,
  );
  const listed = createOrder({ indices });
  assert.deepEqual(samples.map((_, i) => [...listed.candidates(i)][0]), [
    ...indices,
    ...indices,
    ...indices,
  ]);
});

Deno.test("createOrder() cuts and mirrors by chance where it is asked to", () => {
  const samples = Array.from({ length: 200 }, (_, i) => i);
  const cuts = (options: { randomCrop?: boolean; flip?: boolean }) => {
    const order = createOrder({ indices: [0], seed: 1, ...options });
    return samples.map(order.cut);
  };
  assert.ok(cuts({}).every(({ at, flipped }) => at === 0.5 && !flipped));
  const moved = cuts({ randomCrop: true });
  assert.ok(moved.every(({ at, flipped }) => at >= 0 && at < 1 && !flipped));
  assert.ok(
    moved.some(({ at }) => at < 0.1) && moved.some(({ at }) => at > 0.9),
  );
  const flips = cuts({ flip: true });
  assert.ok(flips.every(({ at }) => at === 0.5));
  const count = flips.filter(({ flipped }) => flipped).length;
  assert.ok(count > 60 && count < 140, `${count}`);
});

Deno.test("splitPairs() divides by name and seed", () => {
  const set = (count: number) => ({
    name: "x",
    kind: "a folder",
    leftOut: [],
    pairs: Array.from({ length: count }, (_, i) => ({
      id: `${i}.png`,
      captions: ["a"],
      image: {
        name: "",
        bytes: 1,
        stamp: "",
        place: { kind: "file", path: "" } as const,
      },
    })),
  });
  const { training, validation } = splitPairs(set(200), 0.1, 1);
  assert.equal(validation.length, 20);
  const all = [...training, ...validation].sort((a, b) => a - b);
  assert.deepEqual(all, Array.from({ length: 200 }, (_, i) => i));
  assert.notDeepEqual(splitPairs(set(200), 0.1, 2).validation, validation);
  const more = splitPairs(set(210), 0.1, 1).validation;
  assert.ok(validation.filter((i) => more.includes(i)).length >= 17);
  assert.equal(splitPairs(set(3), 0.01, 1).validation.length, 1);
  assert.throws(() => splitPairs(set(1), 0.01, 1), /of its 1 pairs 1 are kept/);
});

Deno.test("squareOf() takes a square anywhere along the longer side", () => {
  const wide = createPicture(6, 2);
  wide.data.forEach((_, i) => wide.data[i] = Math.floor(i / 3) % 6 * 40);
  const columns = (at: number, flipped = false) => {
    const { data } = squareOf(wide, 2, { at, flipped });
    return [data[0] / 40, data[3] / 40];
  };
  assert.deepEqual(columns(0), [0, 1]);
  assert.deepEqual(columns(0.5), [2, 3]);
  assert.deepEqual(columns(1), [4, 5]);
  assert.deepEqual(columns(1, true), [5, 4]);
});

Deno.test("createPairLoader() gives pictures with their captions, by position alone", () =>
  withPairs(6, async (options) => {
    const { set } = options;
    const loader = createPairLoader(options);
    const seen: number[] = [];
    for (const position of [0, 1, 2]) {
      const batch = await loader.at(position);
      assert.equal(batch.pixels.length, 4 * 3 * 8 * 8);
      assert.deepEqual(batch.broken, []);
      const told = batch.indices.map((i) => set.pairs[i].captions[0]);
      assert.deepEqual(batch.captions, told);
      const { data } = await readSquare(set.pairs[batch.indices[1]], 8);
      // Interleaved bytes against planes of -1..1.
      assert.ok(Math.abs(batch.pixels[192] - (data[0] / 127.5 - 1)) < 1e-6);
      seen.push(...batch.indices);
    }
    const times = Map.groupBy(seen, (index) => index);
    assert.deepEqual([...times.values()].map((some) => some.length), [
      2,
      2,
      2,
      2,
      2,
      2,
    ]);
    const again = createPairLoader(options);
    assert.deepEqual(await again.at(2), await loader.at(2));
  }));

Deno.test("createPairLoader() chooses among a picture's captions by seed", () =>
  withPairs(1, async (options, folder) => {
    await writeFiles(folder, { "0000.txt": "one\ntwo\nthree" });
    const set = await openPairs(folder);
    const { at } = createPairLoader({ ...options, set, batch: 60 });
    const { captions } = await at(0);
    const counts = Map.groupBy(captions, (caption) => caption);
    assert.deepEqual([...counts.keys()].sort(), ["one", "three", "two"]);
    assert.ok([...counts.values()].every((some) => some.length > 8));
    assert.deepEqual((await at(0)).captions, captions);
  }));

Deno.test("createPairLoader() replaces pictures that can't be read, and names them", () =>
  withPairs(6, async (options, folder) => {
    const whole = await createPairLoader(options).at(0);
    const [gone] = whole.indices;
    const { id } = options.set.pairs[gone];
    await Deno.writeFile(join(folder, id), new Uint8Array(50));
    const loader = createPairLoader(options);
    const batch = await loader.at(0);
    assert.deepEqual(batch.indices, [
      whole.indices[1],
      ...whole.indices.slice(1),
    ]);
    assert.deepEqual(batch.broken.map(({ name }) => name), [id]);
    assert.match(batch.broken[0].reason, /Cannot use .*: Decoding 50 bytes/);
    // It is told once; what is loaded stays the same.
    const { broken, ...same } = await loader.at(0);
    assert.deepEqual(broken, []);
    assert.deepEqual({ ...same, broken: batch.broken }, batch);
    for (const { id } of options.set.pairs) {
      await Deno.truncate(join(folder, id), 20);
    }
    await assert.rejects(
      createPairLoader(options).at(0),
      /none can be read; Cannot use/,
    );
  }));

Deno.test("readSquare() reads pictures of every form, upright and over white", () =>
  withFolder(async (folder) => {
    const green = { r: 30, g: 200, b: 60 };
    const make = (channels: 3 | 4 = 3) =>
      sharp({
        create: {
          width: 40,
          height: 24,
          channels,
          background: { ...green, alpha: 1 },
        },
      });
    const large = await make().jpeg({ quality: 95 }).toBuffer();
    const forms: Record<string, Uint8Array> = {
      "a-cmyk.jpg": await make().toColourspace("cmyk").jpeg().toBuffer(),
      "b-gray.png": await make().greyscale().png().toBuffer(),
      "c-deep.png": await make().toColourspace("rgb16").png().toBuffer(),
      "d-palette.png": await make().png({ palette: true }).toBuffer(),
      "e-alpha.png": await make(4).png().toBuffer(),
      "f-turned.jpg": await make().withMetadata({ orientation: 6 }).jpeg()
        .toBuffer(),
      "g.avif": await make().avif().toBuffer(),
      "h.tiff": await make().tiff().toBuffer(),
      "i.gif": await make().gif().toBuffer(),
      "j-cut.jpg": large.subarray(0, large.length - 60),
      "k-not.jpg": new TextEncoder().encode("<html>not found</html>"),
      "l-empty.jpg": new Uint8Array(),
    };
    const texts = Object.keys(forms)
      .map((name) => [name.replace(/\.\w+$/, ".txt"), "green"]);
    await writeFiles(folder, { ...forms, ...Object.fromEntries(texts) });
    const { pairs } = await openPairs(folder);
    assert.equal(pairs.length, 12);
    for (const pair of pairs.slice(0, 9)) {
      const { width, height, data } = await readSquare(pair, 8);
      assert.deepEqual([width, height], [8, 8]);
      const [r, g, b] = data;
      const isGray = Math.abs(r - g) < 3 && Math.abs(g - b) < 3;
      assert.equal(
        isGray,
        pair.id === "b-gray.png",
        `${pair.id}: ${r},${g},${b}`,
      );
      assert.ok(
        isGray || g > r + 50 && g > b + 80,
        `${pair.id}: ${r},${g},${b}`,
      );
    }
    for (const pair of pairs.slice(9)) {
      await assert.rejects(
        readSquare(pair, 8),
        RegExp(`Cannot use ${pair.id}`),
      );
    }
  }));

Deno.test("streamPairs() gives the loader's batches", () =>
  withPairs(5, async (options) => {
    const loader = createPairLoader(options);
    const stream = streamPairs(options);
    for (const position of [0, 1, 4, 1]) {
      assert.deepEqual(await stream.at(position), await loader.at(position));
    }
    stream.close();
  }));
