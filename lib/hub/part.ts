/** The part of a file that is here so far, and its hashes. */

import { createHash } from "node:crypto";
import { NoRoomError, roomError } from "../run/no_room.ts";
import { reasonOf } from "../run/system_error.ts";

/** Hashes of a file, in hexadecimal. */
export interface Hashes {
  readonly sha256: string;
  /** As git names the content; undefined if its size was not known. */
  readonly gitSha1?: string;
}

/** A file that grows at its end. */
export interface Part extends Disposable {
  /** How much is here. */
  bytes(): number;
  /** Adds bytes. */
  append(chunk: Uint8Array): Promise<void>;
  /** Throws away what is here. */
  restart(): Promise<void>;
  /** Of all that is here, which is on the disk then; the end of it. */
  finish(): Promise<Hashes>;
}

/** Hashes bytes in the order they come. */
interface Hashing {
  update(chunk: Uint8Array): void;
  digest(): Hashes;
}

/** @param bytes of the whole, which git's hash begins with */
function startHashing(bytes: number | undefined): Hashing {
  const sha256 = createHash("sha256");
  const git = bytes === undefined ? undefined : createHash("sha1");
  git?.update(`blob ${bytes}\0`);
  return {
    update(chunk) {
      sha256.update(chunk);
      git?.update(chunk);
    },
    digest() {
      const hex = { sha256: sha256.digest("hex") };
      return git ? { ...hex, gitSha1: git.digest("hex") } : hex;
    },
  };
}

/** Opens a part, a new one or one that was left, and hashes what it has. */
export async function openPart(
  path: string,
  wholeBytes: number | undefined,
): Promise<Part> {
  const file = await Deno.open(path, { read: true, write: true, create: true });
  let hashing = startHashing(wholeBytes);
  let bytes = await hashRest(file, hashing);
  return {
    bytes: () => bytes,
    async append(chunk) {
      try {
        for (let done = 0; done < chunk.length;) {
          done += await file.write(chunk.subarray(done));
        }
      } catch (error) {
        throw unwritten(error, path, wholeBytes);
      }
      hashing.update(chunk);
      bytes += chunk.length;
    },
    async restart() {
      await file.truncate(0);
      await file.seek(0, Deno.SeekMode.Start);
      hashing = startHashing(wholeBytes);
      bytes = 0;
    },
    async finish() {
      try {
        await file.sync(); // where a disk may be found full only now
      } catch (error) {
        throw unwritten(error, path, wholeBytes);
      }
      return hashing.digest();
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function unwritten(error: unknown, path: string, bytes?: number): Error {
  const told = roomError(error, path, bytes);
  const todo = told instanceof NoRoomError ? "make room there, and " : "";
  return new Error(
    `Cannot write ${path}: ${reasonOf(told)}; what is here is kept: ${todo}` +
      "the same command goes on from there",
  );
}

/**
 * Size and hashes of a file.
 *
 * @param onBytes told how far it is, now and then
 */
export async function hashFile(
  path: string,
  onBytes: (done: number) => void = () => {},
): Promise<Hashes & { readonly bytes: number }> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const hashing = startHashing(size);
  const bytes = await hashRest(file, hashing, onBytes);
  return { bytes, ...hashing.digest() };
}

async function hashRest(
  file: Deno.FsFile,
  hashing: Hashing,
  onBytes: (done: number) => void = () => {},
): Promise<number> {
  const buffer = new Uint8Array(1 << 20);
  let bytes = 0;
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) return bytes;
    hashing.update(buffer.subarray(0, count));
    bytes += count;
    onBytes(bytes);
  }
}
