/** Which pictures of a data set a protocol takes, and which captions. */

import { basename, parse } from "node:path";
import type { Pair, PairSet } from "../../datasets/pairs/pair.ts";
import { createRng } from "../../lib/run/random.ts";
import type { Sample } from "../run/record.ts";
import type { ListedId } from "./id_list.ts";

/** Which caption of a picture is drawn. */
export type CaptionChoice =
  /** One of them by the seed and the picture's name. */
  | "seed"
  | "first"
  /** Every caption is a sample, so that pictures come several times. */
  | "all";

/** Their names. */
export const CAPTION_CHOICES: readonly CaptionChoice[] = [
  "seed",
  "first",
  "all",
];

/** What is taken. */
export interface ChoiceOptions {
  /** Undefined for all there are. */
  readonly count: number | undefined;
  /** Of which pictures and captions. */
  readonly seed: number;
  /** Which captions. */
  readonly captions: CaptionChoice;
  /** Published ids instead of those that the seed chooses. */
  readonly ids?: readonly ListedId[];
}

/** A caption of a pair. */
interface Chosen {
  readonly pair: Pair;
  readonly caption: string;
}

/**
 * The samples of a protocol: distinct pictures, unless every caption is wanted.
 * Which ones depends on the seed and the set alone, the caption of one on the
 * seed and its name.
 *
 * @throws Error if the set has fewer, or lacks an id
 */
export function choosePairs(set: PairSet, options: ChoiceOptions): Sample[] {
  const { count, seed } = options;
  const all = options.ids
    ? listed(set, options.ids, options)
    : set.pairs.flatMap((pair) => captionsOf(pair, options));
  if (count !== undefined && count > all.length) {
    throw new Error(
      `Cannot take ${count} samples of ${set.name}: it has ${all.length}; ask ` +
        `for fewer by --samples`,
    );
  }
  const order = [...all.keys()];
  const taken = options.ids || count === undefined
    ? order.slice(0, count)
    : createRng("samples", seed).shuffle(order).slice(0, count)
      .sort((a, b) => a - b);
  return taken.map((place, index) => ({
    index,
    id: all[place].pair.id,
    caption: all[place].caption,
    seed: seed + index,
  }));
}

function captionsOf(
  pair: Pair,
  { seed, captions: choice }: Pick<ChoiceOptions, "seed" | "captions">,
): Chosen[] {
  const { captions, id } = pair;
  if (choice === "all") return captions.map((caption) => ({ pair, caption }));
  const place = choice === "first"
    ? 0
    : createRng("caption", seed, id).integer(captions.length);
  return [{ pair, caption: captions[place] }];
}

function listed(
  set: PairSet,
  ids: readonly ListedId[],
  options: ChoiceOptions,
): Chosen[] {
  const pairs = new Map<string, Pair[]>();
  for (const pair of set.pairs) {
    for (const name of new Set(namesOf(pair.id))) {
      pairs.set(name, [...pairs.get(name) ?? [], pair]);
    }
  }
  return ids.flatMap(({ id, caption }) => {
    // The whole name comes first: a short one may be of several folders.
    const [pair, other] = namesOf(id).map((name) => pairs.get(name))
      .find((some) => some !== undefined) ?? [];
    if (other) {
      throw new Error(
        `Cannot take the ids of the list: ${id} may be ${pair!.id} or ` +
          `${other.id} of ${set.name}; write the path`,
      );
    }
    if (!pair) {
      throw new Error(
        `Cannot take the ids of the list: ${set.name} has no picture ${id}`,
      );
    }
    return caption === undefined
      ? captionsOf(pair, options)
      : [{ pair, caption }];
  });
}

/** By which a picture may be called: its name, and COCO's number in it. */
function namesOf(id: string): string[] {
  const stem = parse(basename(id)).name;
  const [, number] = /(?:^|_)0*(\d+)$/.exec(stem) ?? [];
  return number === undefined ? [id, stem] : [id, stem, `#${number}`];
}
