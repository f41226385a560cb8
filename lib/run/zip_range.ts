/** A file that zip.js reads stretch by stretch. */

/** What zip.js calls a readable reader. */
export interface RangeReader {
  readonly size: number;
  readonly readable: ReadableStream<Uint8Array>;
  readUint8Array(offset: number, length: number): Promise<Uint8Array>;
}

/** Of a file of so many bytes, of which `read` gives what lies inside of it. */
export function rangeReader(
  size: number,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): RangeReader {
  return {
    size,
    readable: new ReadableStream<Uint8Array>(), // never used: size is known
    readUint8Array(offset, length) {
      // It looks for the directory's end further back than some files reach.
      const from = Math.max(0, offset);
      return read(from, Math.max(0, Math.min(offset + length, size) - from));
    },
  };
}
