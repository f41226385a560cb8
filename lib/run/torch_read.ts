/** The values of tensors in PyTorch files. */

import {
  dtypeBytes,
  SAFETENSORS_ARRAYS,
  type SafetensorsArray,
  tensorBytes,
} from "./safetensors_header.ts";
import { joinBytes } from "./join.ts";
import { readPart, readPieces } from "./stretch.ts";
import type { TorchFile, TorchInfo } from "./torch_file.ts";
import { openSource, type TorchSource } from "./torch_source.ts";

/** Reads one tensor's elements, row by row, as stored. */
export async function readTorchTensor(
  torch: TorchFile,
  name: string,
): Promise<SafetensorsArray> {
  const info = torch.tensors.get(name);
  if (!info) {
    throw new Error(
      `reading ${torch.path}: there is no tensor "${name}" among its ` +
        `${torch.tensors.size}`,
    );
  }
  using source = await openSource(torch.path);
  const pieces = await Array.fromAsync(tensorPieces(source, torch, info));
  const bytes = joinBytes(pieces);
  return new SAFETENSORS_ARRAYS[info.dtype](bytes.buffer as ArrayBuffer);
}

/** The bytes of a tensor's elements, row by row, low byte first, in pieces. */
export async function* tensorPieces(
  source: TorchSource,
  { bigEndian }: TorchFile,
  { dtype, shape, strides, start, span, contiguous, storage }: TorchInfo,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (shape.includes(0)) return;
  const size = dtypeBytes(dtype);
  const swapped = bigEndian && size > 1;
  if (contiguous && !swapped) {
    yield* readPieces(source, storage, start, span);
    return;
  }
  const stored = await readPart(source, storage, start, span);
  const bytes = contiguous
    ? stored
    : gather(stored, size, shape, strides, tensorBytes(dtype, shape));
  if (swapped) swap(bytes, size);
  yield bytes;
}

const ARRAYS = {
  1: Uint8Array,
  2: Uint16Array,
  4: Uint32Array,
  8: BigUint64Array,
} as const;

/** Copies the elements of a view row by row. */
function gather(
  stored: Uint8Array<ArrayBuffer>,
  size: number,
  shape: readonly number[],
  strides: readonly number[],
  length: number,
): Uint8Array<ArrayBuffer> {
  const Elements = ARRAYS[size as keyof typeof ARRAYS];
  const from = new Elements(stored.buffer);
  const bytes = new Uint8Array(length);
  const to = new Elements(bytes.buffer);
  const rowLength = shape.at(-1)!;
  const step = strides.at(-1)!;
  const index = shape.map(() => 0);
  let row = 0;
  for (let at = 0; at < to.length; at += rowLength) {
    for (let i = 0; i < rowLength; i++) to[at + i] = from[row + i * step];
    // The next row: as an odometer, the last axes turn first.
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      row += strides[axis];
      if (++index[axis] < shape[axis]) break;
      row -= shape[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return bytes;
}

function swap(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) {
    bytes.subarray(at, at + size).reverse();
  }
}
