/** PyTorch files: which tensors are in them, and where. */

import type { TorchTensor } from "./pickle_values.ts";
import { type SafetensorsDtype, tensorBytes } from "./safetensors_header.ts";
import { findStateDict } from "./state_dict.ts";
import { type FileStretch, readBytes } from "./stretch.ts";
import { readTorchLegacy } from "./torch_legacy.ts";
import {
  openSource,
  type TorchContent,
  type TorchSource,
} from "./torch_source.ts";
import { extent } from "./torch_tensors.ts";
import { readTorchZip } from "./torch_zip.ts";

/** Choices when a PyTorch file is opened. */
export interface TorchOptions {
  /**
   * Keys that lead to the state dict, with "/" between them; "" for all that
   * was saved. Without it, it is what lies under the first of `state_dict`,
   * `model_state_dict`, `model`, `module`, `params_ema` and `params` that holds
   * tensors; or what was saved, if it holds tensors itself; or the only entry
   * of it that has some inside.
   */
  readonly stateDict?: string;
}

/** Where a tensor of a PyTorch file lies: a view of a storage. */
export interface TorchInfo {
  /** Type of its elements. */
  readonly dtype: SafetensorsDtype;
  /** Sizes of the axes; empty for a scalar. */
  readonly shape: readonly number[];
  /** Elements from one to the next along each axis. */
  readonly strides: readonly number[];
  /** Its first byte, counted from the storage's. */
  readonly start: number;
  /** Bytes from its first element to its last, both counted. */
  readonly span: number;
  /** Whether its elements lie row by row, without holes. */
  readonly contiguous: boolean;
  /** The storage in the file. */
  readonly storage: FileStretch;
}

/** The tensors of a PyTorch file, checked against its size. */
export interface TorchFile {
  /** The file. */
  readonly path: string;
  /** Its tensors, by the names in the file. */
  readonly tensors: ReadonlyMap<string, TorchInfo>;
  /** Whether numbers begin with their high byte. */
  readonly bigEndian: boolean;
}

/**
 * Views that repeat what is stored, and what is inflated again and again, may
 * cost so many times the file; and this much for small files.
 */
const MOST_REPEATED = 16;
const ALWAYS_ALLOWED = 64 << 20;

/**
 * Reads what a file of `torch.save()` or TorchScript says about its tensors,
 * without Python: its pickle is data here, and what it would call is refused.
 * The tensors' bytes stay on the disk.
 *
 * A TorchScript module's tensors have the names of its `state_dict()`; the
 * constants of its code are `CONSTANTS.c0` and so on.
 * @throws Error if the file is damaged, asks for more than tensors and plain
 * data, or if there is not one state dict
 */
export async function openTorch(
  path: string,
  { stateDict }: TorchOptions = {},
): Promise<TorchFile> {
  using source = await openSource(path);
  const content = await readContent(source);
  const { root, bigEndian } = content;
  const found = findStateDict(root, stateDict, source.refuse);
  const tensors = new Map<string, TorchInfo>();
  const storages = new Map<string, FileStretch>();
  let cost = 0;
  for (const [name, tensor] of found) {
    const { key } = tensor.storage;
    const storage = storages.get(key) ?? await content.locate(key);
    storages.set(key, storage);
    const info = checkTensor(source, name, tensor, storage);
    tensors.set(name, info);
    cost += readingCost(info);
    if (cost > MOST_REPEATED * source.size + ALWAYS_ALLOWED) {
      source.refuse(
        `up to "${name}", its tensors take ${cost} bytes to read, of a file ` +
          `of ${source.size}`,
      );
    }
  }
  return { path, tensors, bigEndian };
}

const START_BYTES = 265;

/** Whether a file begins as PyTorch's do, and not as safetensors do. */
export async function isTorchFile(path: string): Promise<boolean> {
  using source = await openSource(path);
  return await formatOf(source) !== undefined;
}

async function readContent(source: TorchSource): Promise<TorchContent> {
  const format = await formatOf(source);
  if (format === "zip") return await readTorchZip(source);
  if (format === "pickle") return await readTorchLegacy(source);
  if (format === "tar") {
    source.refuse(
      "it is a tar file, as PyTorch saved before 2017, which isn't read",
      "load it with PyTorch and save it again",
    );
  }
  return source.refuse("it is neither a zip file nor a pickle");
}

async function formatOf(
  source: TorchSource,
): Promise<"zip" | "pickle" | "tar" | undefined> {
  const length = Math.min(START_BYTES, source.size);
  const bytes = await readBytes(source, 0, length);
  const text = new TextDecoder("latin1").decode(bytes);
  if (text[8] === "{") return undefined; // safetensors, whatever its length
  if (text.startsWith("PK\x03\x04")) return "zip";
  // PROTO and the protocol, or the magic number of 1.1 in letters
  if (bytes[0] === 0x80 && bytes[1] <= 5) return "pickle";
  if (text.startsWith("L119547037146038801333356L")) return "pickle";
  if (text.slice(257, 262) === "ustar") return "tar";
}

function checkTensor(
  source: TorchSource,
  name: string,
  tensor: TorchTensor,
  storage: FileStretch,
): TorchInfo {
  const { element, shape, strides } = tensor;
  const { bytes, dtype } = element;
  if (dtype === undefined) {
    source.refuse(
      `"${name}" is ${element.name}, which isn't read`,
      "convert it with PyTorch",
    );
  }
  const held = tensor.storage.element.bytes;
  const start = tensor.storage.first * held + tensor.first * bytes;
  const span = extent(tensor) * bytes;
  const end = (tensor.storage.first + tensor.storage.count) * held;
  if (end > storage.size) {
    source.refuse(
      `"${name}" is in a storage of ${end} bytes, of which the file holds ` +
        `${storage.size}`,
    );
  }
  const contiguous = isContiguous(shape, strides);
  return { dtype, shape, strides, start, span, contiguous, storage };
}

function isContiguous(
  shape: readonly number[],
  strides: readonly number[],
): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis];
  }
  return true;
}

function readingCost({ dtype, shape, start, span, storage }: TorchInfo) {
  const read = storage.deflated ? start + span : span;
  return Math.max(tensorBytes(dtype, shape), read);
}
