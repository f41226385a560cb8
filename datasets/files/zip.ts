/** Files in a zip archive, by its directory: nothing else of it is read. */

import { readUpTo } from "../../lib/run/read_up_to.ts";
import { openZip } from "../../lib/run/zip.ts";
import { byName, checkDistinct, entryName, isHidden } from "./names.ts";
import {
  faultOf,
  type FileList,
  type LeftOut,
  type StoredFile,
} from "./place.ts";

/** How an entry's bytes are stored (APPNOTE 4.4.5). */
const [STORED, DEFLATED] = [0, 8];

/**
 * Lists a zip archive.
 *
 * @throws Error if it is damaged, an entry's name leads out of it, or two have
 * the same name
 */
export async function listZip(path: string): Promise<FileList> {
  const files: StoredFile[] = [];
  const leftOut: LeftOut[] = [];
  try {
    using file = await Deno.open(path);
    const { size } = await file.stat();
    const reader = await openZip(size, (from, n) => readUpTo(file, from, n), {
      filenameValidation: "tolerant", // its own error has no name in it
    });
    for await (const entry of reader.getEntriesGenerator()) {
      const { compressionMethod: method } = entry;
      const name = entryName(entry.filename);
      if (entry.directory || isHidden(name)) continue;
      if (entry.encrypted || method !== STORED && method !== DEFLATED) {
        const how = entry.encrypted ? "with a password" : `by method ${method}`;
        leftOut.push({ name, reason: `it is packed ${how}` });
        continue;
      }
      const crc = (entry.signature ?? 0) >>> 0;
      files.push({
        name,
        bytes: entry.uncompressedSize,
        place: {
          kind: "zipped",
          path,
          offset: entry.offset,
          packed: entry.compressedSize,
          deflated: method === DEFLATED,
          crc,
        },
        stamp: String(crc),
      });
    }
    checkDistinct(files);
  } catch (error) {
    throw new Error(
      `Cannot list the zip archive ${path}: ${faultOf(error)}; it may be ` +
        `damaged or half downloaded`,
    );
  }
  return { files: byName(files), leftOut };
}
