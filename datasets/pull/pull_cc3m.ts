/** Conceptual Captions from where it is: a table, then the pictures it names. */

import { join } from "node:path";
import { download } from "../../lib/hub/download.ts";
import { withLock } from "../../lib/hub/lock.ts";
import { createWeb } from "../../lib/hub/request.ts";
import { writeAtomic } from "../../lib/run/atomic.ts";
import { exists } from "../../lib/run/exists.ts";
import { faultOf } from "../files/place.ts";
import { readCc3mRows } from "../pairs/cc3m.ts";
import { CC3M_TABLES } from "./cc3m_files.ts";
import {
  type PulledImages,
  pullImages,
  type PullImagesOptions,
} from "./pull_images.ts";

/** Where a split is from, and how it is downloaded. */
export interface PullCc3mOptions extends Omit<PullImagesOptions, "onProgress"> {
  readonly split: string;
  /** The address that the table is below. */
  readonly address: string;
  /** A table that is here already, of any length. */
  readonly table?: string;
  /** Told after each line of the table how many pictures are here. */
  readonly onProgress?: (
    here: number,
    missing: number,
    total: number,
  ) => void;
  /** Told what else is worth knowing, such as why it is tried again. */
  readonly onNote?: (text: string) => void;
}

/** What is here at the end. */
export interface PulledCc3m extends PulledImages {
  /** The table's path. */
  readonly table: string;
  /** Of the list of what is missing. */
  readonly list: string;
}

/**
 * Brings a split into a folder: its table, the pictures below a folder named
 * after it, and a list of those that can't be had, a JSON object a line.
 *
 * @throws Error if the table can't be had or is another file, or as `pullImages()`
 */
export async function pullCc3m(
  folder: string,
  options: PullCc3mOptions,
): Promise<PulledCc3m> {
  const { split, onProgress = () => {}, onNote = () => {} } = options;
  const path = join(folder, CC3M_TABLES[split].name);
  return await withLock(
    join(folder, ".locks", `${split}.lock`),
    () => onNote(`Another program downloads ${split}; waiting for it`),
    async () => {
      const total = await pullTable(path, options);
      const pulled = await pullImages(path, join(folder, split), {
        ...options,
        onProgress: (here, missing) => onProgress(here, missing, total),
      });
      const list = join(folder, `${split}_missing.jsonl`);
      const lines = pulled.missing.map((one) => `${JSON.stringify(one)}\n`);
      await writeAtomic(list, [new TextEncoder().encode(lines.join(""))]);
      return { ...pulled, table: path, list };
    },
  );
}

/** Brings the table; returns how many lines it has. */
async function pullTable(
  path: string,
  { split, address, table, onNote }: PullCc3mOptions,
): Promise<number> {
  if (table !== undefined) {
    const count = await countRows(table);
    using file = await Deno.open(table);
    await writeAtomic(path, file.readable);
    return count;
  }
  const known = CC3M_TABLES[split];
  if (await exists(path)) {
    return await checkTable(path, known.rows, "remove it");
  }
  const web = createWeb({ endpoint: address }, { onNote });
  const url = `${address.replace(/\/+$/, "")}/${known.path}`;
  const incomplete = `${path}.incomplete`;
  await download(web, {
    url,
    subject: {
      text: `${known.name} from ${new URL(url).host}`,
      hasToken: false,
    },
    incomplete,
    validator: `${incomplete}.etag`,
    expected: {},
    onBytes: () => {},
  });
  try {
    const count = await checkTable(incomplete, known.rows, "try again");
    await Deno.rename(incomplete, path);
    return count;
  } catch (error) {
    await Deno.remove(incomplete);
    throw error;
  }
}

async function checkTable(
  path: string,
  rows: number,
  advice: string,
): Promise<number> {
  const count = await countRows(path);
  if (count === rows) return count;
  throw new Error(
    `Cannot use ${path}: it has ${count} captions, wanted ${rows}; ${advice}, ` +
      `or give another table by --tsv`,
  );
}

async function countRows(path: string): Promise<number> {
  let count = 0;
  try {
    for await (const _ of readCc3mRows(path)) count++;
  } catch (error) {
    throw new Error(
      `${faultOf(error)}; get the table with a browser from ` +
        `https://ai.google.com/research/ConceptualCaptions/download, and give ` +
        `it by --tsv`,
    );
  }
  return count;
}
