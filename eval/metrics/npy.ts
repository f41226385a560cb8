/**
 * NumPy's array files, as `numpy.lib.format` describes them: a magic string, a
 * Python literal that says what follows, the numbers.
 */

import { f16ToF32 } from "../../lib/run/half.ts";

/** The arrays of the element types that are read. */
const ARRAYS = {
  "<f8": Float64Array,
  "<f4": Float32Array,
  "<f2": Uint16Array,
  "<i8": BigInt64Array,
  "<i4": Int32Array,
  "|u1": Uint8Array,
} as const;

/** An element type, by its name in the file. */
export type NpyDtype = keyof typeof ARRAYS;

/** The numbers of an array; float16 as bits. */
export type NpyData =
  | Float64Array
  | Float32Array
  | Uint16Array
  | BigInt64Array
  | Int32Array
  | Uint8Array;

/** An array, row by row. */
export interface NpyArray {
  /** Lengths of the axes; none for a single number. */
  readonly shape: readonly number[];
  /** The type of its elements. */
  readonly dtype: NpyDtype;
  /** The elements. */
  readonly data: NpyData;
}

/** What the start of a file says of it. */
export interface NpyHeader {
  /** Lengths of the axes. */
  readonly shape: readonly number[];
  /** The type of its elements. */
  readonly dtype: NpyDtype;
  /** Whether it is stored column by column. */
  readonly byColumns: boolean;
  /** Where the elements begin. */
  readonly offset: number;
  /** Bytes that they take. */
  readonly length: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** Bytes before the header's text, of version 1 and of later ones. */
const PREFIX = { short: 10, long: 12 };
/** NumPy's own limit. */
const MOST_HEADER = 10_000;

/** Bytes from which {@linkcode parseNpyHeader} can tell everything. */
export const NPY_START = PREFIX.long + MOST_HEADER;

/**
 * Reads what an array file says of itself.
 *
 * @param start its first bytes, {@linkcode NPY_START} of them or all
 * @param size its bytes in all
 * @throws Error for what is no array file, for pickled objects, and for a file
 * that is longer or shorter than it says
 */
export function parseNpyHeader(
  start: Uint8Array,
  size: number,
  what: string,
): NpyHeader {
  if (start.length < PREFIX.long || MAGIC.some((x, i) => start[i] !== x)) {
    return refuse(what, "it doesn't begin as NumPy's array files do");
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const isShort = start[6] === 1;
  const prefix = isShort ? PREFIX.short : PREFIX.long;
  const text = isShort ? view.getUint16(8, true) : view.getUint32(8, true);
  if (text > MOST_HEADER || prefix + text > start.length) {
    refuse(what, `its header has ${text} bytes`);
  }
  const header = new TextDecoder("latin1")
    .decode(start.subarray(prefix, prefix + text));
  const dtype = /'descr': *'([^']*)'/.exec(header)?.[1] ?? "structured";
  const order = /'fortran_order': *(True|False)\b/.exec(header)?.[1];
  const lengths = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1];
  if (order === undefined || lengths === undefined) {
    return refuse(what, `its header is ${JSON.stringify(header.trim())}`);
  }
  if (!isDtype(dtype)) {
    const why = dtype.endsWith("O")
      ? "it holds pickled Python objects, which could run anything"
      : `its elements are of the type ${JSON.stringify(dtype)}`;
    return refuse(what, why);
  }
  const shape = lengths.split(",").map((part) => part.trim())
    .filter((part) => part !== "").map(Number);
  const count = shape.reduce((product, length) => product * length, 1);
  const length = count * ARRAYS[dtype].BYTES_PER_ELEMENT;
  const offset = prefix + text;
  if (!Number.isSafeInteger(length) || offset + length !== size) {
    refuse(
      what,
      `${dtype} [${shape}] takes ${length} bytes, and it has ${size - offset}`,
    );
  }
  return { shape, dtype, byColumns: order === "True", offset, length };
}

/**
 * Reads an array.
 *
 * @param what its name, for errors
 * @throws Error for what is no array file, and for one that is damaged
 */
export function readNpy(
  bytes: Uint8Array<ArrayBuffer>,
  what: string,
): NpyArray {
  const { shape, dtype, byColumns, offset, length } = parseNpyHeader(
    bytes.subarray(0, NPY_START),
    bytes.length,
    what,
  );
  const copy = bytes.slice(offset, offset + length); // so that it is aligned
  const data = new ARRAYS[dtype](copy.buffer);
  if (!byColumns || shape.length < 2) return { shape, dtype, data };
  if (shape.length > 2) {
    return refuse(what, "it has more than two axes, stored column by column");
  }
  return { shape, dtype, data: transpose(data, shape[0], shape[1]) };
}

function transpose(stored: NpyData, rows: number, columns: number): NpyData {
  const data = stored.slice();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      data[i * columns + j] = stored[j * rows + i];
    }
  }
  return data;
}

/** Floats of any width as fp32 or fp64; undefined for other numbers. */
export function floatsOf(
  { dtype, data }: NpyArray,
): Float32Array | Float64Array | undefined {
  if (dtype === "<f2" && data instanceof Uint16Array) return f16ToF32(data);
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  return isFloat ? data : undefined;
}

/** An array as the bytes of a file, as `numpy.save` writes them. */
export function writeNpy({ shape, dtype, data }: NpyArray): Uint8Array {
  const lengths = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header =
    `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${lengths}), }`;
  // The numbers begin at a multiple of 64.
  const offset = Math.ceil((PREFIX.short + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(offset + data.byteLength).fill(0x20, 0, offset);
  bytes.set([...MAGIC, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, offset - PREFIX.short, true);
  bytes.set(new TextEncoder().encode(header), PREFIX.short);
  bytes[offset - 1] = 0x0a;
  bytes.set(
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    offset,
  );
  return bytes;
}

function isDtype(text: string): text is NpyDtype {
  return Object.hasOwn(ARRAYS, text);
}

function refuse(what: string, found: string): never {
  throw new Error(
    `Cannot read ${what}: ${found}; wanted an array of numbers, as ` +
      `numpy.save writes it`,
  );
}
