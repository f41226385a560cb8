/** The weights of PyTorch files, for sessions. */

import { dtypeBytes, type SafetensorsDtype } from "./safetensors_header.ts";
import type { TorchFile, TorchInfo } from "./torch_file.ts";
import type { Weight, Weights } from "./weights.ts";

/** Floating types, as the runtime calls those that it takes from a file. */
const FLOATS: ReadonlyMap<
  SafetensorsDtype,
  "float32" | "float16" | "bfloat16" | null
> = new Map([
  ["F32", "float32"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
  ["F64", null],
]);

/**
 * The floating tensors where they lie in the file, if the runtime can take all
 * of them from there: plain, whole and aligned.
 */
export async function weightsInPlace(
  torch: TorchFile,
): Promise<Weights | undefined> {
  const path = await Deno.realPath(torch.path); // the runtime refuses links
  const weights = new Map<string, Weight>();
  for (const [name, info] of torch.tensors) {
    const type = FLOATS.get(info.dtype);
    if (type === undefined) continue; // integers
    if (type === null || torch.bigEndian || !isPlain(info)) return undefined;
    const { shape, start, span: length, storage } = info;
    const offset = storage.offset + start;
    weights.set(name, { kind: "file", path, type, shape, offset, length });
  }
  return weights;
}

function isPlain({ dtype, contiguous, start, storage }: TorchInfo): boolean {
  const aligned = (storage.offset + start) % dtypeBytes(dtype) === 0;
  return contiguous && aligned && !storage.deflated;
}
