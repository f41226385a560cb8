/**
 * The header of a safetensors file: what it may say, and the checks that make
 * it safe to believe. The format: 8 bytes of header length, little-endian, a
 * JSON object, then the tensors' bytes without holes.
 */

import { isRecord } from "./field.ts";

/** The array type of each element type. */
export interface SafetensorsArrays {
  /** float64. */
  readonly F64: Float64Array;
  /** float32. */
  readonly F32: Float32Array;
  /** float16, as bits. */
  readonly F16: Uint16Array;
  /** bfloat16, as bits. */
  readonly BF16: Uint16Array;
  /** int64. */
  readonly I64: BigInt64Array;
  /** int32. */
  readonly I32: Int32Array;
  /** int16. */
  readonly I16: Int16Array;
  /** int8. */
  readonly I8: Int8Array;
  /** uint8. */
  readonly U8: Uint8Array;
  /** 0 or 1. */
  readonly BOOL: Uint8Array;
}

/** Element types, by their names in the file. */
export type SafetensorsDtype = keyof SafetensorsArrays;

/** The elements of a tensor. */
export type SafetensorsArray<D extends SafetensorsDtype = SafetensorsDtype> =
  SafetensorsArrays[D];

/** Makes the array that holds the elements of some bytes. */
export const SAFETENSORS_ARRAYS: {
  readonly [D in SafetensorsDtype]: {
    readonly BYTES_PER_ELEMENT: number;
    new (bytes: ArrayBuffer): SafetensorsArrays[D];
  };
} = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

/** Where one tensor lies. */
export interface SafetensorsInfo {
  /** Type of its elements. */
  readonly dtype: SafetensorsDtype;
  /** Sizes of the axes; empty for a scalar. */
  readonly shape: readonly number[];
  /** First byte, counted from the start of the file. */
  readonly offset: number;
  /** Number of bytes. */
  readonly length: number;
}

/** What a file says about itself, checked against its size. */
export interface SafetensorsHeader {
  /** The file. */
  readonly path: string;
  /** Its tensors, by name. */
  readonly tensors: ReadonlyMap<string, SafetensorsInfo>;
  /** What its writer noted beside them. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The key that is not a tensor. */
export const METADATA = "__metadata__";

/** The reference implementation's limit; a longer header is an attack. */
export const MAX_HEADER_BYTES = 100_000_000;

/** Bytes of one element. */
export function dtypeBytes(dtype: SafetensorsDtype): number {
  return SAFETENSORS_ARRAYS[dtype].BYTES_PER_ELEMENT;
}

/** Bytes of a tensor. */
export function tensorBytes(
  dtype: SafetensorsDtype,
  shape: readonly number[],
): number {
  return shape.reduce((size, n) => size * n, dtypeBytes(dtype));
}

/** Throws the error of a file that cannot be believed. */
export function refuse(path: string, found: string): never {
  throw new Error(
    `reading ${path}: ${found}; it is damaged or not a safetensors file, ` +
      `fetch it again`,
  );
}

/**
 * Checks a header's JSON against the file's size.
 * @param start where the tensors' bytes begin in the file
 * @param size the file's bytes
 */
export function parseSafetensorsHeader(
  path: string,
  json: Uint8Array,
  start: number,
  size: number,
): SafetensorsHeader {
  const { [METADATA]: metadata, ...entries } = parseJson(path, json);
  const tensors = new Map<string, SafetensorsInfo>();
  for (const [name, entry] of Object.entries(entries)) {
    tensors.set(name, parseInfo(path, name, entry, start));
  }
  checkLayout(path, tensors, start, size);
  return { path, tensors, metadata: parseMetadata(path, metadata) };
}

function parseJson(
  path: string,
  json: Uint8Array,
): Readonly<Record<string, unknown>> {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(json);
    value = JSON.parse(text);
  } catch {
    refuse(path, `its header of ${json.length} bytes is not JSON`);
  }
  if (!isRecord(value)) refuse(path, "its header is not a JSON object");
  const twice = repeatedKey(text);
  if (twice !== undefined) refuse(path, `it names "${twice}" twice`);
  return value;
}

/** JSON.parse keeps the last of equal keys, which would hide a tensor. */
function repeatedKey(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (
    const [token, key] of text.matchAll(
      /("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g,
    )
  ) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && key !== undefined) {
      const name = JSON.parse(key);
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
}

function parseMetadata(
  path: string,
  metadata: unknown = {},
): Record<string, string> {
  if (!isStringRecord(metadata)) {
    refuse(path, `its ${METADATA} is not a table of strings`);
  }
  return metadata;
}

function parseInfo(
  path: string,
  name: string,
  entry: unknown,
  start: number,
): SafetensorsInfo {
  const { dtype, shape, data_offsets: span } = isRecord(entry) ? entry : {};
  if (!isDtype(dtype)) {
    refuse(path, `"${name}" has the unknown type ${JSON.stringify(dtype)}`);
  }
  if (!isCounts(shape)) {
    refuse(path, `"${name}" has the shape ${JSON.stringify(shape)}`);
  }
  if (!isCounts(span) || span.length !== 2 || span[0] > span[1]) {
    refuse(path, `"${name}" lies at ${JSON.stringify(span)}`);
  }
  const length = span[1] - span[0];
  const bytes = tensorBytes(dtype, shape);
  if (length !== bytes) {
    refuse(
      path,
      `"${name}" is ${dtype} [${shape}], that is ${bytes} bytes, but it ` +
        `takes ${length}`,
    );
  }
  return { dtype, shape, offset: start + span[0], length };
}

/** The format forbids overlaps, holes and bytes that belong to no tensor. */
function checkLayout(
  path: string,
  tensors: ReadonlyMap<string, SafetensorsInfo>,
  start: number,
  size: number,
): void {
  const inOrder = [...tensors].sort(([, a], [, b]) =>
    a.offset - b.offset || a.length - b.length
  );
  let end = start;
  for (const [name, { offset, length }] of inOrder) {
    if (offset !== end) {
      const what = offset < end ? "overlaps the tensor" : "leaves a hole";
      refuse(path, `"${name}" at byte ${offset} ${what} before it`);
    }
    end += length;
    if (end > size) {
      refuse(path, `"${name}" ends at byte ${end}, the file at ${size}`);
    }
  }
  if (end !== size) {
    refuse(path, `its last tensor ends at byte ${end}, the file at ${size}`);
  }
}

function isStringRecord(value: unknown): value is Record<string, string> {
  return isRecord(value) &&
    Object.values(value).every((text) => typeof text === "string");
}

function isDtype(value: unknown): value is SafetensorsDtype {
  return typeof value === "string" && Object.hasOwn(SAFETENSORS_ARRAYS, value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) &&
    value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
