/**
 * Where the bytes of a data set's file lie: on the disk, or in an archive that
 * stays packed. Plain data, so that a Worker can be told of it.
 */

import { crc32, inflateRawSync } from "node:zlib";
import { readUpTo } from "../../lib/run/read_up_to.ts";
import { isSystemError, reasonOf } from "../../lib/run/system_error.ts";
import { entryStart } from "../../lib/run/zip.ts";

/** Where bytes are. */
export type Place =
  | { readonly kind: "file"; readonly path: string }
  /** As they are, within another file. */
  | { readonly kind: "slice"; readonly path: string; readonly offset: number }
  | {
    readonly kind: "zipped";
    readonly path: string;
    /** Of the entry's own header. */
    readonly offset: number;
    /** Bytes that it takes in the archive. */
    readonly packed: number;
    readonly deflated: boolean;
    readonly crc: number;
  };

/** A file of a data set. */
export interface StoredFile {
  /** Its path in the folder or archive, with slashes. */
  readonly name: string;
  /** Its length, unpacked. */
  readonly bytes: number;
  /** Where its bytes are. */
  readonly place: Place;
  /** Changes when it does, as far as one can tell without reading it. */
  readonly stamp: string;
}

/** What is not used, and why. */
export interface LeftOut {
  /** Of a file or an entry, or an address. */
  readonly name: string;
  /** In words. */
  readonly reason: string;
}

/** Files in the order of their names, and what could not be listed. */
export interface FileList {
  /** What can be read. */
  readonly files: readonly StoredFile[];
  /** What can not, such as links that lead nowhere. */
  readonly leftOut: readonly LeftOut[];
}

/** A longer file is no picture that anyone trains on. */
export const MOST_IMAGE_BYTES = 2 ** 28;
/** A longer one is no caption. */
export const MOST_TEXT_BYTES = 2 ** 20;

/**
 * Reads a file.
 *
 * @param most bytes that it may have
 * @throws Error that names it if it is longer, damaged or gone
 */
export async function readStored(
  file: StoredFile,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { name, bytes, place } = file;
  try {
    if (bytes > most) {
      throw new Error(`it has ${bytes} bytes, and at most ${most} are read`);
    }
    return await READERS[place.kind](file, place as never);
  } catch (error) {
    throw new Error(`Cannot read ${name}: ${faultOf(error)}`);
  }
}

/** What went wrong, in words. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isSystemError(error) ? reasonOf(error) : error.message;
}

type Read<K> = (
  file: StoredFile,
  place: Extract<Place, { kind: K }>,
) => Promise<Uint8Array<ArrayBuffer>>;

const READERS: { readonly [K in Place["kind"]]: Read<K> } = {
  file: (_, { path }) => Deno.readFile(path),
  slice: ({ bytes }, { path, offset }) => readPart(path, offset, bytes),
  zipped: readZipped,
};

/** Reads a stretch of a file. @throws Error if it ends before */
export async function readPart(
  path: string,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const bytes = await readUpTo(file, offset, length);
  if (bytes.length === length) return bytes;
  throw new Error(`${path} ends at byte ${offset + bytes.length}`);
}

type Zipped = Extract<Place, { kind: "zipped" }>;

async function readZipped(
  { bytes }: StoredFile,
  place: Zipped,
): Promise<Uint8Array<ArrayBuffer>> {
  const { path, packed, deflated, crc } = place;
  const stored = await readPart(path, await startOf(place), packed);
  const data = deflated ? inflate(stored, bytes) : stored;
  if (data.length !== bytes || crc32(data) !== crc) {
    throw new Error(`${path} is damaged: the entry's checksum is wrong`);
  }
  return data;
}

/** Where an entry's bytes begin. */
async function startOf({ path, offset }: Zipped): Promise<number> {
  const start = await entryStart((at, n) => readPart(path, at, n), offset);
  if (start !== undefined) return start;
  throw new Error(`${path} is damaged: it has no entry at byte ${offset}`);
}

/**
 * Where a file can be read in pieces: on the disk, or in an archive that doesn't
 * pack it; undefined for one that is packed. Pieces have no checksum.
 */
export async function unpackedPlace(
  { place }: StoredFile,
): Promise<{ readonly path: string; readonly offset: number } | undefined> {
  if (place.kind === "file") return { path: place.path, offset: 0 };
  if (place.kind === "slice") return { path: place.path, offset: place.offset };
  if (place.deflated) return undefined;
  return { path: place.path, offset: await startOf(place) };
}

/** Unpacks no more than was announced, whatever else there is. */
function inflate(stored: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  const data = inflateRawSync(stored, { maxOutputLength: Math.max(bytes, 1) });
  return new Uint8Array(data);
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a text of a data set, which is UTF-8.
 *
 * @throws Error that names it if it is too long, damaged or not UTF-8
 */
export async function readStoredText(
  file: StoredFile,
  most: number = MOST_TEXT_BYTES,
): Promise<string> {
  const bytes = await readStored(file, most);
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new Error(`Cannot read ${file.name}: it is not UTF-8`);
  }
}
