/** One split of COCO, by its name. */

import { cocoPairs, findCoco, jsonFile, splitOf } from "./coco.ts";
import type { PairSet } from "./pair.ts";

/**
 * Opens a split, such as "val2014", in a folder where COCO's files lie, packed
 * or not; or annotations by their path, whatever split they are of.
 *
 * @throws Error if it isn't there, or the file is not COCO's
 */
export async function openCocoSplit(
  path: string,
  split: string,
): Promise<PairSet> {
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info) {
    throw new Error(
      `There is no ${path}; get COCO there with \`deno task datasets pull ` +
        `coco\`, or name its folder by --data`,
    );
  }
  const files = info.isDirectory ? await findCoco(path) : [jsonFile(path)];
  const file = info.isDirectory
    ? files.find((file) => splitOf(file) === split)
    : files[0];
  if (!file) {
    const there = files.map(splitOf).join(", ");
    throw new Error(
      `There are no captions of ${split} in ${path}` +
        (there === "" ? "" : `, only of ${there}`) +
        `; put captions_${split}.json or the archive of the annotations there`,
    );
  }
  const found = await cocoPairs(file);
  const kind = `COCO ${splitOf(file)}`;
  if (found.pairs.length > 0) return { name: path, kind, ...found };
  throw new Error(`Cannot use ${path} as ${kind}: it has no whole pair`);
}
