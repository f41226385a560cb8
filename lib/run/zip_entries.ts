/** What lies where in a zip file: its directory is read, the rest by range. */

import type { EntryMetaData } from "@zip.js/zip.js";
import { type FileStretch, readBytes } from "./stretch.ts";
import type { TorchSource } from "./torch_source.ts";
import { entryStart, LOCAL_HEADER_BYTES, openZip } from "./zip.ts";

/** A file in a zip file. */
export interface ZipEntry {
  readonly name: string;
  /** Where its local header begins. */
  readonly header: number;
  /** Where the next entry begins, which it may not reach into. */
  readonly limit: number;
  /** Bytes in the zip file. */
  readonly length: number;
  /** Bytes once inflated. */
  readonly size: number;
  readonly deflated: boolean;
}

/** A directory of half a million entries. */
const MOST_DIRECTORY_BYTES = 32 << 20;

/**
 * The files in a zip file, by their names.
 * @throws by `refuse` if entries overlap, share a name, leave their folder, are
 * encrypted or compressed by other than deflate, or if the file is damaged
 */
export async function readZipEntries(
  source: TorchSource,
): Promise<Map<string, ZipEntry>> {
  const { size, refuse } = source;
  const found: EntryMetaData[] = [];
  const zip = await openZip(size, async (offset, length) => {
    if (length > MOST_DIRECTORY_BYTES) {
      throw new Error(`it announces ${length} bytes`);
    }
    return await readBytes(source, offset, length);
  });
  try {
    for await (const entry of zip.getEntriesGenerator()) found.push(entry);
  } catch (error) {
    refuse(`its zip directory is damaged (${(error as Error).message})`);
  }
  const end = zip.directoryOffset ?? size;
  const sorted = found.toSorted((a, b) => a.offset - b.offset);
  const entries = new Map<string, ZipEntry>();
  for (const [i, entry] of sorted.entries()) {
    const limit = i + 1 < sorted.length ? sorted[i + 1].offset : end;
    const { filename } = entry;
    if (entries.has(filename)) refuse(`two of its entries are "${filename}"`);
    entries.set(filename, checkEntry(entry, limit, source));
  }
  return entries;
}

function checkEntry(
  entry: EntryMetaData,
  limit: number,
  { refuse }: TorchSource,
): ZipEntry {
  const { filename, offset, compressionMethod: method } = entry;
  const { compressedSize: length, uncompressedSize: size, encrypted } = entry;
  if (encrypted || (method !== 0 && method !== 8)) {
    refuse(
      `its entry "${filename}" is ` +
        (encrypted ? "encrypted" : `compressed by method ${method}`) +
        `, wanted a plain or deflated one`,
    );
  }
  if (offset + LOCAL_HEADER_BYTES + length > limit) {
    refuse(`its entry "${filename}" overlaps what comes after it`);
  }
  if (method === 0 && length !== size) {
    refuse(`its entry "${filename}" has ${length} bytes, wanted ${size}`);
  }
  const deflated = method === 8;
  return { name: filename, header: offset, limit, length, size, deflated };
}

/** Where an entry's bytes lie: behind its local header. */
export async function locateEntry(
  source: TorchSource,
  { name, header, limit, length, size, deflated }: ZipEntry,
): Promise<FileStretch> {
  const read = (at: number, n: number) => readBytes(source, at, n);
  const offset = await entryStart(read, header);
  if (offset === undefined || offset + length > limit) {
    source.refuse(`its entry "${name}" isn't where its directory says`);
  }
  return { offset, length, size, deflated };
}
