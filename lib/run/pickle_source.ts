/** Bytes of a pickle, from front to back, out of memory or a file. */

import type { Refuse } from "./pickle_values.ts";
import type { TorchSource } from "./torch_source.ts";

/** Reads on and on. */
export interface PickleSource {
  /** The next byte. */
  byte(): number;
  /** The next bytes; a view that stays as it is. */
  take(length: number): Uint8Array;
  /** Text up to the end of a line, which is left out. */
  line(): string;
  /** How many bytes were read. */
  position(): number;
}

const LATIN1 = new TextDecoder("latin1");
const WINDOW = 1 << 16;
/** Names and numbers are shorter by far; a line is read byte by byte. */
const LONGEST_LINE = 1 << 16;

/**
 * @param read gives bytes of a place, all of them
 * @param size how many there are
 */
function pickleSource(
  read: (offset: number, length: number) => Uint8Array,
  size: number,
  refuse: Refuse,
): PickleSource {
  let start = 0; // of the window
  let window: Uint8Array = new Uint8Array(0);
  let at = 0; // in the window
  const take = (length: number): Uint8Array => {
    if (at + length > window.length) {
      start += at;
      at = 0;
      if (length > size - start) {
        refuse(
          `its pickle ends at byte ${size}, ${length} more were wanted at ` +
            `byte ${start}`,
        );
      }
      window = read(start, Math.min(Math.max(length, WINDOW), size - start));
    }
    at += length;
    return window.subarray(at - length, at);
  };
  const byte = () => at < window.length ? window[at++] : take(1)[0];
  return {
    byte,
    take,
    line() {
      const codes: number[] = [];
      for (let code = byte(); code !== 0x0a; code = byte()) {
        codes.push(code);
        if (codes.length > LONGEST_LINE) {
          refuse(`a line of its pickle has more than ${LONGEST_LINE} bytes`);
        }
      }
      return LATIN1.decode(Uint8Array.from(codes));
    },
    position: () => start + at,
  };
}

/** Of bytes in memory. */
export function bytesSource(bytes: Uint8Array, refuse: Refuse): PickleSource {
  return pickleSource(
    (offset, length) => bytes.subarray(offset, offset + length),
    bytes.length,
    refuse,
  );
}

/** Of a file, from its start. */
export function fileSource(source: TorchSource): PickleSource {
  const { file, size, refuse } = source;
  return pickleSource(
    (offset, length) => {
      file.seekSync(offset, Deno.SeekMode.Start);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const count = file.readSync(bytes.subarray(done));
        if (count === null) source.refuse(`it ends at byte ${offset + done}`);
        done += count;
      }
      return bytes;
    },
    size,
    refuse,
  );
}
