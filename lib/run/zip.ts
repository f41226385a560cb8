/** Zip files, of which only the stretches that are asked for are read. */

import type { ZipReader, ZipReaderConstructorOptions } from "@zip.js/zip.js";

/** Gives bytes of a file, all of which lie inside of it. */
export type ReadRange = (
  offset: number,
  length: number,
) => Promise<Uint8Array<ArrayBuffer>>;

/** A reader of the directory of a zip file of so many bytes. */
export async function openZip(
  size: number,
  read: ReadRange,
  options: ZipReaderConstructorOptions = {},
): Promise<ZipReader<unknown>> {
  const { ZipReader } = await import("@zip.js/zip.js"); // only where needed
  const range = {
    size,
    readable: new ReadableStream<Uint8Array>(), // never used: size is known
    readUint8Array(offset: number, length: number) {
      // It looks for the directory's end further back than some files reach.
      const from = Math.max(0, offset);
      return read(from, Math.max(0, Math.min(offset + length, size) - from));
    },
  };
  return new ZipReader(range, { useWebWorkers: false, ...options });
}

/** Bytes of an entry's own header before its name (APPNOTE 4.3.7). */
export const LOCAL_HEADER_BYTES = 30;
const LOCAL_SIGNATURE = 0x04034b50;

/**
 * Where the bytes of an entry begin: behind its own header, whose extra fields
 * may be others than the directory's; undefined if there is no such header.
 */
export async function entryStart(
  read: ReadRange,
  header: number,
): Promise<number | undefined> {
  const { buffer } = await read(header, LOCAL_HEADER_BYTES);
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== LOCAL_SIGNATURE) return undefined;
  const skipped = view.getUint16(26, true) + view.getUint16(28, true);
  return header + LOCAL_HEADER_BYTES + skipped;
}
