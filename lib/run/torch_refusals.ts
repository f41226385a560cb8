/** Opens hostile PyTorch files, for tests. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "./temp_folder.ts";
import { openTorch } from "./torch_file.ts";
import { readTorchTensor } from "./torch_read.ts";

/** Opens a file of these bytes and reads all that is in it. */
export async function readAll(bytes: Uint8Array): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, "hostile.pth");
    await Deno.writeFile(path, bytes);
    const torch = await openTorch(path);
    for (const name of torch.tensors.keys()) await readTorchTensor(torch, name);
  });
}

/** Holds that whatever goes wrong is said in a sentence about the file. */
export function assertRefusal(error: unknown, message: RegExp = /; ./): true {
  assert.ok(error instanceof Error);
  assert.equal(error.constructor, Error, String(error.stack));
  assert.match(error.message, /^reading the PyTorch file \S*: /);
  assert.match(error.message, message);
  assert.ok(error.message.length < 1000, error.message);
  return true;
}
