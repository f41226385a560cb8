/** Features of a reference that another run has already. */

import { join } from "node:path";
import { exists } from "../../lib/run/exists.ts";
import type { Run } from "./open_run.ts";
import { RUN_FILES } from "./record.ts";

/**
 * Takes over what the networks of another run said of its reference. Blocks are
 * named after what they depend on inside: those of another reference or another
 * network are made anew, as if they were not there.
 */
export async function takeReference(
  { folder, record }: Run,
  other: string,
): Promise<void> {
  for (const { name } of record.networks) {
    const [from, to] = [other, folder]
      .map((run) => join(run, RUN_FILES.features, "reference", name));
    if (from === to || !await exists(from)) continue;
    await Deno.mkdir(to, { recursive: true });
    for await (const block of Deno.readDir(from)) {
      if (!block.isFile || !block.name.endsWith(".safetensors")) continue;
      await take(join(from, block.name), join(to, block.name));
    }
  }
}

/** By a second name if the disk knows that, and else as a copy. */
async function take(from: string, to: string): Promise<void> {
  if (await exists(to)) return;
  try {
    await Deno.link(from, to);
  } catch {
    await Deno.copyFile(from, to);
  }
}
