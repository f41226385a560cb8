/** Reads parts of a stretch of a file, inflating it where it is deflated. */

import { readUpTo } from "./read_up_to.ts";
import type { TorchSource } from "./torch_source.ts";

/** A stretch of bytes of a file, perhaps compressed by deflate. */
export interface FileStretch {
  /** First byte, counted from the start of the file. */
  readonly offset: number;
  /** Bytes in the file. */
  readonly length: number;
  /** Bytes once inflated. */
  readonly size: number;
  /** Whether it is compressed. */
  readonly deflated: boolean;
}

/** Divisible by every element's size. */
const CHUNK = 4 << 20;
/** Deflated bytes at a time. */
const PACKED_CHUNK = 1 << 16;

/** The bytes from `start` on in pieces; of a plain stretch, whole elements. */
export async function* readPieces(
  source: TorchSource,
  stretch: FileStretch,
  start: number,
  length: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (!stretch.deflated) {
    for (let done = 0; done < length; done += CHUNK) {
      const count = Math.min(CHUNK, length - done);
      yield await readBytes(source, stretch.offset + start + done, count);
    }
    return;
  }
  let at = 0;
  const end = start + length;
  if (length === 0) return;
  try {
    for await (const piece of inflate(source, stretch)) {
      const from = Math.max(0, start - at);
      const to = Math.min(piece.length, end - at);
      at += piece.length;
      if (from < to) yield piece.subarray(from, to);
      if (at >= end) return;
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    source.refuse(`its deflated data is damaged (${error.message})`);
  }
  source.refuse(`its deflated data ends after ${at} of ${stretch.size} bytes`);
}

/** The bytes from `start` on, together. */
export async function readPart(
  source: TorchSource,
  stretch: FileStretch,
  start: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for await (const piece of readPieces(source, stretch, start, length)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Reads bytes as they are in the file. */
export async function readBytes(
  { file, refuse }: TorchSource,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readUpTo(file, offset, length);
  if (bytes.length < length) refuse(`it ends at byte ${offset + bytes.length}`);
  return bytes;
}

function inflate(
  source: TorchSource,
  { offset, length }: FileStretch,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let done = 0;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const count = Math.min(PACKED_CHUNK, length - done);
      if (count === 0) return controller.close();
      controller.enqueue(await readBytes(source, offset + done, count));
      done += count;
    },
  });
  return packed.pipeThrough(new DecompressionStream("deflate-raw"));
}
