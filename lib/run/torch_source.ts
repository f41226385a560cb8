/** PyTorch files while they are read. */

import type { PickleValue, Refuse } from "./pickle_values.ts";
import type { FileStretch } from "./stretch.ts";

/** A PyTorch file that is open. */
export interface TorchSource {
  readonly path: string;
  readonly file: Deno.FsFile;
  /** Its bytes. */
  readonly size: number;
  readonly refuse: Refuse;
}

/** What a PyTorch file holds, and where its storages lie. */
export interface TorchContent {
  /** What was saved; a TorchScript module with the constants of its code. */
  readonly root: PickleValue;
  /** Whether numbers begin with their high byte. */
  readonly bigEndian: boolean;
  /** The bytes of a storage. */
  locate(key: string): Promise<FileStretch>;
}

/** Opens a file. @throws what the system throws if there is none */
export async function openSource(
  path: string,
): Promise<TorchSource & Disposable> {
  const file = await Deno.open(path);
  const { size } = await file.stat();
  return {
    path,
    file,
    size,
    refuse(found, next = "it is damaged, fetch it again") {
      throw new Error(`reading the PyTorch file ${path}: ${found}; ${next}`);
    },
    [Symbol.dispose]: () => file.close(),
  };
}
