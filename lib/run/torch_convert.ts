/** Copies of PyTorch files as safetensors, made once and kept in the cache. */

import { basename, join } from "node:path";
import { cacheFolder } from "./cache_folder.ts";
import {
  readSafetensorsHeader,
  writeSafetensorsPieces,
} from "./safetensors.ts";
import { reasonOf } from "./system_error.ts";
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
 * The copy is of the file at this path with these bytes and times: a digest of
 * several gigabytes would take longer than all else at each start. Copies of
 * what was at this path before are removed.
 * @returns the path of the safetensors file; its metadata say where it's from
 * @throws Error as {@link openTorch}, and if the cache can't be written
 */
export async function torchAsSafetensors(
  path: string,
  options: TorchCopyOptions = {},
): Promise<string> {
  const folder = options.cache ?? join(cacheFolder(), "torch");
  const { family, version } = await keysOf(path, options);
  const copy = join(folder, `${family}-${version}.safetensors`);
  if (await isWhole(copy)) return copy;
  const torch = await openTorch(path, options);
  try {
    await Deno.mkdir(folder, { recursive: true });
    await convert(torch, copy);
    await removeOlder(folder, family, copy);
  } catch (error) {
    if ((error as Error).constructor === Error) throw error; // of the file
    throw new Error(
      `Cannot keep ${path} as safetensors in ${folder}: ${reasonOf(error)}; ` +
        `make room there, or name another cache by XDG_CACHE_HOME`,
    );
  }
  return copy;
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

async function keysOf(path: string, { stateDict }: TorchOptions) {
  const real = await Deno.realPath(path);
  const { size, mtime, ctime } = await Deno.stat(real);
  const name = basename(path).replaceAll(/[^\w.-]/g, "_").slice(0, 80);
  return {
    family: `${name}-${await digest([real, stateDict ?? null])}`,
    version: await digest([VERSION, size, mtime, ctime]),
  };
}

async function digest(values: readonly unknown[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(values));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.subarray(0, 8).toHex();
}

async function isWhole(path: string): Promise<boolean> {
  try {
    await readSafetensorsHeader(path);
    return true;
  } catch {
    return false; // not there, or damaged: it is made again
  }
}

async function removeOlder(folder: string, family: string, copy: string) {
  for await (const { name } of Deno.readDir(folder)) {
    const old = join(folder, name);
    const isCopy = name.startsWith(`${family}-`) &&
      name.endsWith(".safetensors");
    if (isCopy && old !== copy) await Deno.remove(old).catch(() => {});
  }
}
