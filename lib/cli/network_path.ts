/** Where a network is that a command was told of. */

import { findCheckpoint } from "../hub/find.ts";
import { exists } from "../run/exists.ts";
import { missingText, pullCommand } from "./missing_text.ts";

/**
 * The path as it is if something is there; otherwise that of a published
 * checkpoint of the name: its file, or its folder where it has several.
 *
 * @param doing what it is wanted for, such as "scoring by CLIP"
 * @param option by which another one is named
 * @throws Error if there is no such checkpoint, or not all of it is here
 */
export async function networkPath(
  name: string,
  doing: string,
  option: string,
): Promise<string> {
  if (await exists(name)) return name;
  const found = await findCheckpoint(name);
  if (found.missing.length === 0) {
    const [path, ...more] = found.files.values();
    return more.length === 0 ? path : found.folder;
  }
  throw new Error(
    `${doing}: ${found.checkpoint.name} is not all here, ` +
      `${missingText(found)}; get it with \`${pullCommand(found)}\`, or name ` +
      `a folder by --${option}`,
  );
}
