/** What `datasets` does once its arguments are understood. */

import { captionedScene } from "../../datasets/emoji/captioned.ts";
import { renderScene } from "../../datasets/emoji/render.ts";
import { loadSprites } from "../../datasets/emoji/sprites.ts";
import type { LeftOut } from "../../datasets/files/place.ts";
import { openPairs } from "../../datasets/pairs/open.ts";
import type { PairSet } from "../../datasets/pairs/pair.ts";
import { readSquare } from "../../datasets/pairs/square.ts";
import { encodePng } from "../image/encode.ts";
import type { Picture } from "../image/picture.ts";
import { contactSheet } from "../image/sheet.ts";
import { writeAtomicSync } from "../run/atomic.ts";
import { createRng } from "../run/random.ts";
import type { Preview } from "./datasets.ts";
import { tellSprites } from "./emoji.ts";

/** Writes a sheet of scenes. */
export async function previewEmoji(preview: Preview): Promise<void> {
  const { count, seed, split, size } = preview;
  const sprites = await loadSprites({ onProgress: tellSprites });
  const shown = Array.from(
    { length: count },
    (_, index) => captionedScene(split, index, seed),
  );
  await writeSheet(
    preview,
    shown.map(({ scene }) => renderScene(scene, size, sprites)),
    shown.map(({ caption }) => caption),
  );
}

/** Writes a sheet of pairs, chosen by the seed. */
export async function previewPairs(preview: Preview): Promise<void> {
  const { data, count, seed, size } = preview;
  const set = await openPairs(data);
  const order = createRng("preview", seed).shuffle([...set.pairs.keys()]);
  const pictures: Picture[] = [];
  const captions: string[] = [];
  const broken: LeftOut[] = [];
  for (const index of order) {
    if (pictures.length === count) break;
    const pair = set.pairs[index];
    try {
      pictures.push(await readSquare(pair, size));
      captions.push(pair.captions[0]);
    } catch (error) {
      broken.push({ name: pair.id, reason: (error as Error).message });
    }
  }
  console.log(describeSet(set));
  for (const left of broken) console.error(printLeftOut(left));
  if (pictures.length === 0) {
    throw new Error(`Cannot show ${data}: none of its pictures can be read`);
  }
  await writeSheet(preview, pictures, captions);
}

async function writeSheet(
  { out }: Preview,
  pictures: readonly Picture[],
  captions: readonly string[],
): Promise<void> {
  const sheet = contactSheet(pictures, { captions });
  writeAtomicSync(out, await encodePng(sheet));
  console.log(out);
}

/** Pictures shown before those that were left out are only counted. */
const MOST_NAMED = 10;

/** Such as "photos: a folder of 200 pairs; 1 is left out:" and its name. */
export function describeSet({ name, kind, pairs, leftOut }: PairSet): string {
  const captions = pairs.reduce((sum, pair) => sum + pair.captions.length, 0);
  const lines = [
    `${name}: ${kind}, ${pairs.length} pictures with ${captions} captions` +
    (leftOut.length > 0 ? `; left out are ${leftOut.length}:` : ""),
    ...leftOut.slice(0, MOST_NAMED).map(printLeftOut),
  ];
  if (leftOut.length > MOST_NAMED) {
    lines.push(`  … \`deno task datasets check\` names them all`);
  }
  return lines.join("\n");
}

/** A line that names what is left out. */
function printLeftOut({ name, reason }: LeftOut): string {
  return `  ${name}: ${reason}`;
}

/**
 * Reads every picture of a set and names what is left out.
 * @returns the exit code: 1 if anything is
 */
export async function checkPairs(data: string): Promise<number> {
  const set = await openPairs(data);
  const broken: LeftOut[] = [];
  for (const pair of set.pairs) {
    try {
      await readSquare(pair, 1);
    } catch (error) {
      broken.push({ name: pair.id, reason: (error as Error).message });
    }
  }
  const left = [...set.leftOut, ...broken];
  const whole = set.pairs.length - broken.length;
  for (const one of left) console.log(printLeftOut(one));
  console.log(
    `${data}: ${set.kind}, ${whole} pairs are whole, ${left.length} are not`,
  );
  return left.length > 0 ? 1 : 0;
}
