/**
 * Downloads the pictures that a table names by their addresses, and lays them
 * out as img2dataset does: `00000/000000012.jpg` with a `.txt` and a `.json`
 * beside it. Names come from the places of the lines and never from addresses.
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { writeAtomicSync } from "../../lib/run/atomic.ts";
import { exists } from "../../lib/run/exists.ts";
import type { LeftOut } from "../files/place.ts";
import { type Cc3mRow, readCc3mRows } from "../pairs/cc3m.ts";
import { type Fetched, fetchImage, type FetchLimits } from "./fetch_image.ts";

/** How pictures are downloaded. */
export interface PullImagesOptions extends FetchLimits {
  /** Pictures at a time. */
  readonly atOnce: number;
  /** Whether those that were refused before are asked for again. */
  readonly retry: boolean;
  /** Told after each line how many are here and how many can't be had. */
  readonly onProgress?: (here: number, missing: number) => void;
}

/** What is here at the end. */
export interface PulledImages {
  /** Pictures. */
  readonly here: number;
  /** By address, in the order of the lines. */
  readonly missing: readonly LeftOut[];
}

/** Lines of a folder, as img2dataset has them. */
const SHARD = 10_000;
/** Lines in a row that no server answered: then it is this machine's network. */
const UNREACHED = 64;

/** A line with its place. */
interface Placed extends Cc3mRow {
  readonly index: number;
  /** The path of its files, without an ending. */
  readonly stem: string;
  readonly key: string;
}

/** What is known of a line. */
type Known = { readonly isHere: true } | { readonly reason: string };

/**
 * Brings the pictures of a table into a folder. What was brought or refused
 * before stays; what no server answered for is asked for again each time.
 *
 * @param table path of a TSV file
 * @throws Error if a line of it is no caption and address, a file can't be
 *   written, or there is no network
 */
export async function pullImages(
  table: string,
  folder: string,
  options: PullImagesOptions,
): Promise<PulledImages> {
  const { atOnce, onProgress = () => {} } = options;
  const missing: { readonly index: number; readonly left: LeftOut }[] = [];
  const rows = placedRows(table, folder);
  let [here, unreached] = [0, 0];

  async function pullSome(): Promise<void> {
    for (;;) {
      const { value: row, done } = await rows.next();
      if (done) return;
      const known = await readKnown(row, options) ??
        await pullRow(row, options, (isReached) => {
          unreached = isReached ? 0 : unreached + 1;
        });
      if ("isHere" in known) here++;
      else {
        const left = { name: row.url, reason: known.reason };
        missing.push({ index: row.index, left });
      }
      if (unreached >= UNREACHED) {
        throw new Error(
          `Cannot download pictures: no server answered for the last ` +
            `${UNREACHED}; check the network, the same command goes on from ` +
            `here`,
        );
      }
      onProgress(here, missing.length);
    }
  }

  // One that fails ends the lines, and the others what they have begun.
  const workers = Array.from({ length: atOnce }, async () => {
    try {
      await pullSome();
    } finally {
      await rows.return(undefined);
    }
  });
  for (const ended of await Promise.allSettled(workers)) {
    if (ended.status === "rejected") throw ended.reason;
  }
  missing.sort((a, b) => a.index - b.index);
  return { here, missing: missing.map(({ left }) => left) };
}

async function* placedRows(
  table: string,
  folder: string,
): AsyncGenerator<Placed, undefined> {
  let index = 0;
  for await (const row of readCc3mRows(table)) {
    const shard = String(Math.floor(index / SHARD)).padStart(5, "0");
    const key = shard + String(index % SHARD).padStart(4, "0");
    yield { ...row, index, key, stem: join(folder, shard, key) };
    index++;
  }
}

/** What the `.json` of a line says, if there is one and it still holds. */
async function readKnown(
  { stem, url }: Placed,
  { retry }: PullImagesOptions,
): Promise<Known | undefined> {
  let record: Readonly<Record<string, unknown>>;
  try {
    record = JSON.parse(await Deno.readTextFile(`${stem}.json`));
  } catch {
    return undefined; // it isn't there, or damaged
  }
  if (record.url !== url) return undefined;
  if (record.status === "success") {
    // img2dataset writes JPEGs unless told otherwise.
    const path = `${stem}.${String(record.format ?? "jpg")}`;
    return await exists(path) ? { isHere: true } : undefined;
  }
  return retry ? undefined : { reason: String(record.error_message) };
}

async function pullRow(
  row: Placed,
  options: PullImagesOptions,
  onAnswer: (isReached: boolean) => void,
): Promise<Known> {
  const fetched = await fetchImage(row.url, options);
  onAnswer(fetched.kind !== "unsure" || fetched.isReached);
  if (fetched.kind === "unsure") return { reason: fetched.reason };
  writeRow(row, fetched);
  return fetched.kind === "picture"
    ? { isHere: true }
    : { reason: fetched.reason };
}

/** Writes the files of a line, the one that says that they are there last. */
function writeRow(
  { stem, key, url, caption }: Placed,
  fetched: Exclude<Fetched, { kind: "unsure" }>,
): void {
  const write = (ending: string, data: Uint8Array | string) =>
    writeAtomicSync(
      `${stem}.${ending}`,
      typeof data === "string" ? new TextEncoder().encode(data) : data,
    );
  const about = { url, caption, key };
  if (fetched.kind === "refused") {
    const status = "failed_to_download";
    const record = { ...about, status, error_message: fetched.reason };
    return write("json", JSON.stringify(record));
  }
  const { bytes, ending, width, height } = fetched;
  write(ending, bytes);
  write("txt", caption);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const found = { width, height, format: ending, sha256 };
  const record = { ...about, status: "success", error_message: null, ...found };
  write("json", JSON.stringify(record));
}
