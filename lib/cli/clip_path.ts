/** Where a CLIP is that a command was told of. */

import { findCheckpoint } from "../hub/find.ts";
import { missingText, pullCommand } from "./missing_text.ts";

/**
 * The path as it is if something is there; otherwise that of a published
 * checkpoint of the name.
 * @throws Error if there is no such checkpoint, or not all of it is here
 */
export async function clipPath(name: string): Promise<string> {
  try {
    await Deno.stat(name);
    return name;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const found = await findCheckpoint(name);
  if (found.missing.length === 0) return found.folder;
  throw new Error(
    `scoring by CLIP: ${found.checkpoint.name} is not all here, ` +
      `${missingText(found)}; get it with \`${pullCommand(found)}\`, or name ` +
      `a folder by --clip`,
  );
}
