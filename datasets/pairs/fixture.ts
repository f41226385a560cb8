/** Small data sets that tests make: real files of real formats. */

import { dirname, join } from "node:path";
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
export const ENDINGS = ["png", "jpeg", "webp"] as const;

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

/** Writes files, and the folders they need. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
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
