/** Reads and writes safetensors files, the form in which all weights come. */
import { writeAtomic } from "./atomic.ts";
import { bf16ToF32, f16ToF32 } from "./half.ts";
import { readUpTo } from "./read_up_to.ts";
import {
  dtypeBytes,
  MAX_HEADER_BYTES,
  METADATA,
  parseSafetensorsHeader,
  refuse,
  SAFETENSORS_ARRAYS,
  type SafetensorsArray,
  type SafetensorsDtype,
  type SafetensorsHeader,
  type SafetensorsInfo,
  tensorBytes,
} from "./safetensors_header.ts";

export type {
  SafetensorsArray,
  SafetensorsArrays,
  SafetensorsDtype,
  SafetensorsHeader,
  SafetensorsInfo,
} from "./safetensors_header.ts";

/** A tensor to write. */
export type SafetensorsEntry = {
  [D in SafetensorsDtype]: {
    readonly name: string;
    readonly dtype: D;
    readonly shape: readonly number[];
    readonly data: SafetensorsArray<D>;
  };
}[SafetensorsDtype];

/** A tensor widened to float32. */
export interface FloatTensor {
  /** Sizes of the axes; empty for a scalar. */
  readonly shape: readonly number[];
  /** Elements, row by row. */
  readonly data: Float32Array<ArrayBuffer>;
}

const PREFIX = 8;
/** Tensor data starts at a multiple of this, for readers that map the file. */
const ALIGN = 64;

/**
 * Reads and checks the header; the tensors' bytes stay on the disk.
 * @throws if the file is not a whole, well-formed safetensors file
 */
export async function readSafetensorsHeader(
  path: string,
): Promise<SafetensorsHeader> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  if (size < PREFIX) refuse(path, `it ends after ${size} bytes`);
  const prefix = await readAt(file, path, 0, PREFIX);
  const length = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES || length > size - PREFIX) {
    refuse(path, `it has ${size} bytes and announces a header of ${length}`);
  }
  const json = await readAt(file, path, PREFIX, length);
  return parseSafetensorsHeader(path, json, PREFIX + length, size);
}

/** Reads one tensor's elements, as stored. */
export async function readTensor(
  header: SafetensorsHeader,
  name: string,
): Promise<SafetensorsArray> {
  const info = find(header, name);
  using file = await Deno.open(header.path);
  return await readElements(file, header.path, info);
}

/**
 * Reads tensors as float32, widening F16 and BF16 and rounding F64. Without
 * `names`, all tensors of these types.
 * @throws if a named tensor is missing or holds integers
 */
export async function readTensorsF32(
  header: SafetensorsHeader,
  names?: Iterable<string>,
): Promise<Map<string, FloatTensor>> {
  const wanted = names ??
    [...header.tensors.keys()].filter((name) =>
      find(header, name).dtype in TO_F32
    );
  using file = await Deno.open(header.path);
  const tensors = new Map<string, FloatTensor>();
  for (const name of wanted) {
    const info = find(header, name);
    const toF32 = TO_F32[info.dtype];
    if (toF32 === undefined) {
      throw new Error(
        `reading ${header.path}: "${name}" is ${info.dtype}, and a floating ` +
          `type was wanted; read it with readTensor()`,
      );
    }
    const bytes = await readAt(file, header.path, info.offset, info.length);
    tensors.set(name, { shape: info.shape, data: toF32(bytes.buffer) });
  }
  return tensors;
}

const TO_F32: Partial<
  Record<SafetensorsDtype, (bytes: ArrayBuffer) => Float32Array<ArrayBuffer>>
> = {
  F64: (bytes) => new Float32Array(new Float64Array(bytes)),
  F32: (bytes) => new Float32Array(bytes),
  F16: (bytes) => f16ToF32(new Uint16Array(bytes)),
  BF16: (bytes) => bf16ToF32(new Uint16Array(bytes)),
};

/**
 * Writes a file that appears whole or not at all. Tensors are laid out by
 * falling element size, in the order given within a size, so that each one is
 * aligned to its elements.
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<SafetensorsEntry>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeSafetensorsPieces(
    path,
    tensors,
    (
      { data },
    ) => [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
    metadata,
  );
}

/** As {@link writeSafetensors}, for tensors that are not in memory at once. */
export async function writeSafetensorsPieces<
  Tensor extends Pick<SafetensorsEntry, "name" | "dtype" | "shape">,
>(
  path: string,
  tensors: Iterable<Tensor>,
  piecesOf: (
    tensor: Tensor,
  ) => Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const entries = [...tensors].sort((a, b) =>
    dtypeBytes(b.dtype) - dtypeBytes(a.dtype)
  );
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set(METADATA, metadata);
  let end = 0;
  for (const { name, dtype, shape } of entries) {
    const bytes = tensorBytes(dtype, shape);
    if (name === METADATA || header.has(name)) {
      throw new Error(`writing ${path}: the name "${name}" is taken already`);
    }
    header.set(name, { dtype, shape, data_offsets: [end, end + bytes] });
    end += bytes;
  }
  const first = encodeHeader(header);
  const pieces = allPieces(path, first, entries, piecesOf);
  await writeAtomic(path, pieces, first.length + end);
}

async function* allPieces<
  Tensor extends Pick<SafetensorsEntry, "name" | "dtype" | "shape">,
>(
  path: string,
  header: Uint8Array,
  tensors: readonly Tensor[],
  piecesOf: (
    tensor: Tensor,
  ) => Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield header;
  for (const tensor of tensors) {
    let length = 0;
    for await (const piece of piecesOf(tensor)) {
      yield piece;
      length += piece.length;
    }
    const { name, dtype, shape } = tensor;
    const bytes = tensorBytes(dtype, shape);
    if (length !== bytes) {
      throw new Error(
        `writing ${path}: "${name}" is ${dtype} [${shape}], that is ${bytes} ` +
          `bytes, but its data has ${length}`,
      );
    }
  }
}

function encodeHeader(header: ReadonlyMap<string, unknown>): Uint8Array {
  // Joined by hand: an object would move names that look like numbers.
  const fields = [...header].map(([name, value]) =>
    `${JSON.stringify(name)}:${JSON.stringify(value)}`
  );
  const json = new TextEncoder().encode(`{${fields.join(",")}}`);
  const size = Math.ceil((PREFIX + json.length) / ALIGN) * ALIGN;
  const bytes = new Uint8Array(size).fill(0x20); // the format pads with spaces
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size - PREFIX), true);
  bytes.set(json, PREFIX);
  return bytes;
}

function find(header: SafetensorsHeader, name: string): SafetensorsInfo {
  const info = header.tensors.get(name);
  if (info !== undefined) return info;
  throw new Error(
    `reading ${header.path}: there is no tensor "${name}" among its ` +
      `${header.tensors.size}`,
  );
}

async function readElements(
  file: Deno.FsFile,
  path: string,
  { dtype, offset, length }: SafetensorsInfo,
): Promise<SafetensorsArray> {
  const bytes = await readAt(file, path, offset, length);
  return new SAFETENSORS_ARRAYS[dtype](bytes.buffer);
}

/** Reads a stretch of a file. @throws if the file ends before it */
export async function readAt(
  file: Deno.FsFile,
  path: string,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readUpTo(file, offset, length);
  if (bytes.length < length) {
    refuse(path, `it ends at byte ${offset + bytes.length}`);
  }
  return bytes;
}
