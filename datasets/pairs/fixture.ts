/** Small data sets that tests make: real files of real formats. */

import { dirname, join } from "node:path";
import { BlobWriter, Uint8ArrayReader, ZipWriter } from "@zip.js/zip.js";
import sharp from "sharp";
import { createRng } from "../../lib/run/random.ts";

/** Colours of the pictures, which their captions name. */
const COLOURS: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [220, 40, 40],
  green: [40, 190, 60],
  blue: [50, 70, 220],
  yellow: [230, 210, 40],
  white: [245, 245, 245],
};

/** A picture's bytes, and what it shows. */
export interface Made {
  readonly ending: string;
  readonly bytes: Uint8Array;
  readonly caption: string;
}

/** The endings of the pictures in turn. */
const ENDINGS = ["png", "jpeg", "webp"] as const;

/**
 * A picture of 24 to 48 pixels a side: a square of one colour on another. By
 * its number.
 */
export async function makePicture(number: number): Promise<Made> {
  const rng = createRng("picture", number);
  const names = rng.shuffle(Object.keys(COLOURS));
  const [width, height] = [24 + rng.integer(25), 24 + rng.integer(25)];
  const left = rng.integer(width - 12);
  const top = rng.integer(height - 12);
  const [ground, square] = names.map((name) => {
    const [r, g, b] = COLOURS[name];
    return { r, g, b };
  });
  const over = await sharp({
    create: { width: 12, height: 12, channels: 3, background: square },
  }).png().toBuffer();
  const ending = ENDINGS[number % ENDINGS.length];
  const bytes = await sharp({
    create: { width, height, channels: 3, background: ground },
  }).composite([{ input: over, left, top }]).toFormat(ending).toBuffer();
  const caption = `a ${names[1]} square on ${names[0]}`;
  return { ending, bytes: new Uint8Array(bytes), caption };
}

/** What files hold, by their names. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A zip archive. */
export async function zipped(
  files: Files,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
  for (const [name, data] of Object.entries(files)) {
    const content = typeof data === "string"
      ? new TextEncoder().encode(data)
      : data;
    await writer.add(name, new Uint8ArrayReader(content));
  }
  return await (await writer.close()).bytes() as Uint8Array<ArrayBuffer>;
}

/** Pictures of a small COCO, and its annotations. */
export interface MadeCoco {
  /** Such as "val2014/COCO_val2014_000000000010.jpg". */
  readonly images: Files;
  /** With `annotations/captions_val2014.json`. */
  readonly annotations: Files;
}

/**
 * A small COCO of the given number of pictures of two captions each, with the
 * numbers 10, 20 and so on, the last of which is cut off.
 */
export async function makeCoco(
  count: number,
  split: string = "val2014",
): Promise<MadeCoco> {
  const numbers = Array.from({ length: count }, (_, i) => 10 * (i + 1));
  const made = await Promise.all(numbers.map((number) => makePicture(number)));
  const name = (number: number) =>
    `COCO_${split}_${String(number).padStart(12, "0")}.jpg`;
  const images = numbers.map((number, i) => {
    const { bytes } = made[i];
    const isWhole = i < count - 1;
    const data = isWhole ? bytes : bytes.subarray(0, bytes.length / 2);
    return [`${split}/${name(number)}`, data] as const;
  });
  const json = JSON.stringify({
    images: numbers.map((id) => ({ id, file_name: name(id) })),
    annotations: numbers.flatMap((id, i) => [
      { id: 2 * i, image_id: id, caption: made[i].caption },
      { id: 2 * i + 1, image_id: id, caption: `picture ${id}` },
    ]),
  });
  return {
    images: Object.fromEntries(images),
    annotations: { [`annotations/captions_${split}.json`]: json },
  };
}

/** Writes files, and the folders they need. */
export async function writeFiles(
  folder: string,
  files: Files,
): Promise<void> {
  for (const [name, data] of Object.entries(files)) {
    const path = join(folder, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await (typeof data === "string"
      ? Deno.writeTextFile(path, data)
      : Deno.writeFile(path, data));
  }
}

/** Writes pictures with their captions beside them. */
export async function writePairs(folder: string, count: number): Promise<void> {
  const made = await Promise.all(
    Array.from({ length: count }, (_, i) => makePicture(i)),
  );
  const files = made.flatMap(({ ending, bytes, caption }, i) => {
    const stem = String(i).padStart(4, "0");
    return [[`${stem}.${ending}`, bytes], [`${stem}.txt`, `${caption}\n`]];
  });
  await writeFiles(folder, Object.fromEntries(files));
}
