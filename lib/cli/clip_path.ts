/** Where a CLIP is that a command was told of. */

import { findCheckpoint, pathOf } from "../hub/find.ts";
import { exists } from "../run/exists.ts";
import { missingText, pullCommand } from "./missing_text.ts";

/**
 * The path as it is if something is there; otherwise that of a published
 * checkpoint of the name: its file, or its folder where it has several.
 * @throws Error if there is no such checkpoint, or not all of it is here
 */
export async function clipPath(name: string): Promise<string> {
  if (await exists(name)) return name;
  const found = await findCheckpoint(name);
  if (found.missing.length === 0) return pathOf(found);
  throw new Error(
    `scoring by CLIP: ${found.checkpoint.name} is not all here, ` +
      `${missingText(found.missing)}; get it with \`${
        pullCommand(found)
      }\`, or name ` +
      `a folder by --clip`,
  );
}
