/** Pairs of pictures and captions as data of a run. */

import { join } from "node:path";
import type { LeftOut } from "../../datasets/files/place.ts";
import { createPairLoader } from "../../datasets/pairs/loader.ts";
import { openPairs } from "../../datasets/pairs/open.ts";
import { splitPairs } from "../../datasets/pairs/order.ts";
import { listingHash, type PairSet } from "../../datasets/pairs/pair.ts";
import { streamPairs } from "../../datasets/pairs/stream.ts";
import { writeAtomic } from "../run/atomic.ts";
import { describeSet } from "./datasets_run.ts";
import type { DataRequest, TrainData } from "./train_data.ts";
import { encodeLive, encodeOnce } from "./train_encoded.ts";

/** Captions of the sheet that shows how far a base has come. */
const MOST_PROMPTS = 12;

/** Pairs, those to train on and those that are kept out. */
interface SplitPairs {
  readonly set: PairSet;
  readonly training: readonly number[];
  readonly validation: readonly number[];
  readonly seed: number;
}

/**
 * Opens what the request names.
 *
 * @param seed of the split, the order, the cuts and the captions
 * @throws Error if it is no data set, or too small
 */
export async function openPairData(
  request: DataRequest,
  seed: number,
): Promise<TrainData> {
  const { data, crop, flip, validation: share } = request;
  const set = await openPairs(data);
  console.log(describeSet(set));
  const pairs = { set, seed, ...splitPairs(set, share, seed) };
  const record = {
    set: data.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, ""),
    listing: listingHash(set),
    crop,
    flip,
    validation: share,
  };
  const leftOut = leftOutFile(set.leftOut);
  const pictures = openPictures(pairs, request, leftOut);
  return {
    ...pictures,
    record: JSON.stringify(record),
    prompts: pairs.validation.slice(0, MOST_PROMPTS)
      .map((index) => set.pairs[index].captions[0]),
    async encoded(batch, encoders) {
      if (crop === "random" || flip) {
        console.log(
          `Pictures are cut or mirrored by chance: their tokens are computed ` +
            `anew for every batch`,
        );
        return encodeLive(pictures, batch, encoders);
      }
      const { training: indices } = pairs;
      const cached = { set, indices, seed, leaveOut: leftOut.add };
      return await encodeOnce(pictures, cached, batch, encoders);
    },
    async writeRecord(folder) {
      await Deno.mkdir(folder, { recursive: true });
      await writeJson(join(folder, "data.json"), {
        ...record,
        kind: set.kind,
        pairs: set.pairs.length,
        keptOut: pairs.validation.map((index) => set.pairs[index].id),
      });
      leftOut.open(join(folder, "left_out.tsv"));
    },
  };
}

function openPictures(
  { set, training, validation, seed }: SplitPairs,
  { crop, flip }: DataRequest,
  leftOut: LeftOutFile,
): Pick<TrainData, "pictures" | "shown"> {
  const order = {
    indices: training,
    seed,
    randomCrop: crop === "random",
    flip,
  };
  return {
    pictures(size, batch) {
      const stream = streamPairs({ set, ...order, size, batch });
      return {
        async at(position) {
          const found = await stream.at(position);
          leftOut.add(found.broken);
          return found;
        },
        close: stream.close,
      };
    },
    async shown(size, most) {
      const batch = Math.min(most, validation.length);
      const loader = createPairLoader({
        set,
        indices: validation,
        size,
        batch,
      });
      return await loader.at(0);
    },
  };
}

async function writeJson(path: string, value: unknown): Promise<void> {
  const json = JSON.stringify(value, null, 1);
  await writeAtomic(path, [new TextEncoder().encode(`${json}\n`)]);
}

/** What is left out of a run, on the screen and in a file. */
interface LeftOutFile {
  /** Takes note of pictures that turned out to be broken. */
  add(broken: readonly LeftOut[]): void;
  /** Writes all so far, and from now on what is added. */
  open(path: string): void;
}

function leftOutFile(listed: readonly LeftOut[]): LeftOutFile {
  const known = new Map(listed.map((left) => [left.name, left]));
  let path: string | undefined;
  const write = (some: Iterable<LeftOut>, append: boolean) => {
    const lines = [...some].map(({ name, reason }) =>
      `${name}\t${reason.replace(/\s+/g, " ")}\n`
    );
    if (path !== undefined) {
      Deno.writeTextFileSync(path, lines.join(""), { append });
    }
  };
  return {
    add(broken) {
      const added = broken.filter(({ name }) => !known.has(name));
      for (const left of added) {
        known.set(left.name, left);
        console.error(`Left out: ${left.name}: ${left.reason}`);
      }
      if (added.length > 0) write(added, true);
    },
    open(file) {
      // A run that goes on keeps what it has found.
      for (const line of linesOf(file)) {
        const [name, reason] = line.split("\t");
        if (!known.has(name)) known.set(name, { name, reason });
      }
      path = file;
      write(known.values(), false);
    },
  };
}

function linesOf(path: string): string[] {
  try {
    return Deno.readTextFileSync(path).split("\n").filter((line) => line);
  } catch { // there is none yet
    return [];
  }
}
