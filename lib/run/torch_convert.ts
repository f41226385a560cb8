/** Copies of PyTorch files as safetensors, made once and kept in the cache. */

import { join } from "node:path";
import { cacheFolder } from "./cache_folder.ts";
import { cachedCopy } from "./cached_copy.ts";
import { writeSafetensorsPieces } from "./safetensors.ts";
import { openTorch, type TorchFile, type TorchOptions } from "./torch_file.ts";
import { tensorPieces } from "./torch_read.ts";
import { openSource } from "./torch_source.ts";

/** Counts up when the same file would give other tensors. */
const VERSION = 1;

/** Choices when a PyTorch file is copied. */
export interface TorchCopyOptions extends TorchOptions {
  /** The folder of the copies; `torch` in {@link cacheFolder} by default. */
  readonly cache?: string;
}

/**
 * The tensors of a PyTorch file as a safetensors file in the cache, which is
 * written in a stream the first time and found again afterwards.
 *
 * @returns the path of the safetensors file; its metadata say where it's from
 * @throws Error as {@link openTorch}, and if the cache can't be written
 */
export async function torchAsSafetensors(
  path: string,
  options: TorchCopyOptions = {},
): Promise<string> {
  const folder = options.cache ?? join(cacheFolder(), "torch");
  const origin = {
    folder,
    sources: [path],
    settings: [VERSION, options.stateDict ?? null],
  };
  return await cachedCopy(origin, async (copy) => {
    await convert(await openTorch(path, options), copy);
  });
}

async function convert(torch: TorchFile, copy: string): Promise<void> {
  using source = await openSource(torch.path);
  await writeSafetensorsPieces(
    copy,
    [...torch.tensors].map(([name, info]) => ({ name, ...info })),
    (info) => tensorPieces(source, torch, info),
    { origin: torch.path, bytes: String(source.size) },
  );
}
