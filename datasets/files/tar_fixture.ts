/** Tar archives that tests make, well-formed or not. */

import { joinBytes } from "../../lib/run/join.ts";

/** An entry of a tar archive. */
export interface TarEntry {
  readonly name: string;
  readonly data: Uint8Array;
  /** "0" by default: a file. */
  readonly type?: string;
  /** The size that the header tells, if it is another than the data's. */
  readonly told?: number;
}

const BLOCK = 512;
const TEXT = new TextEncoder();

/** The archive's bytes, in the POSIX format, with zeros at its end. */
export function makeTar(entries: readonly TarEntry[]): Uint8Array {
  const blocks = entries.flatMap(({ name, data, type = "0", told }) => {
    const header = new Uint8Array(BLOCK);
    const put = (at: number, text: string) => header.set(TEXT.encode(text), at);
    put(0, name);
    put(100, "0000644\0");
    put(124, `${(told ?? data.length).toString(8).padStart(11, "0")}\0`);
    put(136, "00000000000\0");
    put(148, " ".repeat(8));
    put(156, type);
    put(257, "ustar\x0000");
    const sum = header.reduce((total, byte) => total + byte, 0);
    put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
    const body = new Uint8Array(Math.ceil(data.length / BLOCK) * BLOCK);
    body.set(data);
    return [header, body];
  });
  return joinBytes([...blocks, new Uint8Array(2 * BLOCK)]);
}
