/**
 * Files in a tar archive. Its headers are read one after the other and the
 * bytes between them skipped; libraries unpack tar as a stream and don't tell
 * where an entry's bytes lie. Formats: POSIX ustar and pax (IEEE 1003.1, pax),
 * and GNU's long names and large sizes (GNU tar's manual, "Basic Tar Format").
 */

import { byName, checkDistinct, entryName, isHidden } from "./names.ts";
import {
  faultOf,
  type FileList,
  type LeftOut,
  MOST_TEXT_BYTES,
  type StoredFile,
} from "./place.ts";

const BLOCK = 512;
const TEXT = new TextDecoder();

/** A header, understood. */
interface Header {
  readonly name: string;
  readonly bytes: number;
  /** One letter. */
  readonly type: string;
}

/**
 * Lists a tar archive that is not packed any further.
 *
 * @throws Error if it is damaged, an entry's name leads out of it, or two have
 * the same name
 */
export function listTar(path: string): FileList {
  const files: StoredFile[] = [];
  const leftOut: LeftOut[] = [];
  try {
    using file = Deno.openSync(path);
    const { size, mtime } = file.statSync();
    const stamp = String(mtime?.getTime() ?? "");
    for (const { bytes, type, offset, ...entry } of entries(file, size)) {
      const name = entryName(entry.name);
      if (type === "5" || name.endsWith("/") || isHidden(name)) continue;
      if (type === "0" || type === "\0" || type === "7") {
        const place = { kind: "slice", path, offset } as const;
        files.push({ name, bytes, place, stamp });
      } else leftOut.push({ name, reason: "it is a link or a device" });
    }
    checkDistinct(files);
  } catch (error) {
    throw new Error(
      `Cannot list the tar archive ${path}: ${faultOf(error)}; it may be ` +
        `damaged, half downloaded or packed (unpack a .tar.gz first)`,
    );
  }
  return { files: byName(files), leftOut };
}

interface Entry extends Header {
  /** Where its bytes begin. */
  readonly offset: number;
}

function* entries(file: Deno.FsFile, size: number): Generator<Entry> {
  // What headers of their own say of the entry that follows them.
  let next: Partial<Pick<Header, "name" | "bytes">> = {};
  for (let at = 0; at < size;) {
    const block = read(file, at, BLOCK, size);
    if (block.every((byte) => byte === 0)) return; // the archive's end
    const header = { ...parseHeader(block, at), ...next };
    const offset = at + BLOCK;
    const end = offset + header.bytes;
    if (end > size) throw new Error(`it ends within ${header.name}`);
    at = offset + Math.ceil(header.bytes / BLOCK) * BLOCK;
    const say = EXTENSIONS[header.type];
    if (say) {
      if (header.bytes > MOST_TEXT_BYTES) {
        throw new Error(`a header at byte ${offset} has ${header.bytes} bytes`);
      }
      next = { ...next, ...say(read(file, offset, header.bytes, size)) };
      continue;
    }
    next = {};
    yield { ...header, offset };
  }
}

function read(
  file: Deno.FsFile,
  offset: number,
  length: number,
  size: number,
): Uint8Array {
  const bytes = new Uint8Array(length);
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let done = 0; done < length;) {
    const more = file.readSync(bytes.subarray(done));
    if (more === null) throw new Error(`it ends at byte ${size}`);
    done += more;
  }
  return bytes;
}

function parseHeader(block: Uint8Array, at: number): Header {
  const sum = block.reduce((total, byte) => total + byte, 0);
  const stored = block.subarray(148, 156);
  const blanked = sum - stored.reduce((total, byte) => total + byte, 0) +
    8 * 0x20;
  if (number(stored) !== blanked) {
    throw new Error(`there is no header at byte ${at}`);
  }
  const name = text(block.subarray(0, 100));
  // GNU's own format keeps times where POSIX has the front of a long name.
  const isPosix = text(block.subarray(257, 263)) === "ustar" &&
    block[262] === 0;
  const prefix = isPosix ? text(block.subarray(345, 500)) : "";
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    bytes: number(block.subarray(124, 136)),
    type: String.fromCharCode(block[156]),
  };
}

/** Up to the first zero. */
function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return TEXT.decode(end < 0 ? field : field.subarray(0, end));
}

/** Octal digits, or GNU's big-endian bytes after one with the top bit. */
function number(field: Uint8Array): number {
  const value = field[0] & 0x80
    ? field.reduce((sum, byte, i) => sum * 256 + (i ? byte : byte & 0x7f), 0)
    : parseInt(text(field).trim() || "0", 8);
  return wholeNumber(value, text(field));
}

function wholeNumber(value: number, found: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`a header has the number ${JSON.stringify(found)}`);
}

type Extension = (bytes: Uint8Array) => Partial<Pick<Header, "name" | "bytes">>;

/** By type: GNU's long name, pax's fields, and what is not about the next. */
const EXTENSIONS: Readonly<Record<string, Extension>> = {
  L: (bytes) => ({ name: text(bytes) }),
  K: () => ({}),
  g: () => ({}),
  x: parsePax,
};

/** Lines "LENGTH KEY=VALUE\n", whose length counts all of it. */
function parsePax(bytes: Uint8Array): ReturnType<Extension> {
  const found: { name?: string; bytes?: number } = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(TEXT.decode(bytes.subarray(at, space)));
    const end = at + length;
    if (space < 0 || !(length > space - at && end <= bytes.length)) {
      throw new Error("a pax header is damaged");
    }
    const line = TEXT.decode(bytes.subarray(space + 1, end - 1));
    const [, key, value] = /^([^=]*)=([^]*)$/.exec(line) ?? [];
    if (key === "path") found.name = value;
    if (key === "size") found.bytes = wholeNumber(Number(value), value);
    at = end;
  }
  return found;
}
