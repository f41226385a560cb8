/** NumPy's archives of arrays: zip files of `.npy` files. */

import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { readStored, type StoredFile } from "../../datasets/files/place.ts";
import { listZip } from "../../datasets/files/zip.ts";
import { writeAtomic } from "../../lib/run/atomic.ts";
import { type NpyArray, readNpy, writeNpy } from "./npy.ts";

/** Bytes that an array may take in memory. */
export const MOST_ARRAY_BYTES = 2 ** 31 - 1;

/** An archive: its arrays by name, which stay in the file until they are read. */
export interface NpzFile {
  /** Where it is. */
  readonly path: string;
  /** Its arrays. */
  readonly arrays: ReadonlyMap<string, StoredFile>;
}

/**
 * Lists the arrays of an archive.
 *
 * @throws Error if it is damaged or no archive
 */
export async function openNpz(path: string): Promise<NpzFile> {
  const { files } = await listZip(path);
  const arrays = files.filter(({ name }) => name.endsWith(".npy"))
    .map((file) => [file.name.slice(0, -4), file] as const);
  return { path, arrays: new Map(arrays) };
}

/**
 * Reads an array.
 *
 * @throws Error if it isn't there, is damaged, or doesn't fit into memory
 */
export async function readNpzArray(
  { path, arrays }: NpzFile,
  name: string,
): Promise<NpyArray> {
  const file = arrays.get(name);
  if (!file) {
    throw new Error(
      `Cannot read ${path}: it has no array "${name}" but ` +
        ([...arrays.keys()].join(", ") || "none at all"),
    );
  }
  const bytes = await readStored(file, MOST_ARRAY_BYTES);
  return readNpy(bytes, `${name} of ${path}`);
}

/** The same arrays make the same bytes, whenever they are written. */
const DATE = new Date(1980, 0, 1);

/** Writes an archive as `numpy.savez` does, whole or not at all. */
export async function writeNpz(
  path: string,
  arrays: Readonly<Record<string, NpyArray>>,
): Promise<void> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
    level: 0,
    lastModDate: DATE,
    extendedTimestamp: false,
  });
  for (const [name, array] of Object.entries(arrays)) {
    await writer.add(`${name}.npy`, new Uint8ArrayReader(writeNpy(array)));
  }
  await writeAtomic(path, [await writer.close()]);
}
