/** Where a CLIP is that a command was told of. */

import { networkPath } from "./network_path.ts";

/**
 * The path as it is if something is there; otherwise that of a published
 * checkpoint of the name.
 * @throws Error if there is no such checkpoint, or not all of it is here
 */
export async function clipPath(name: string): Promise<string> {
  return await networkPath(name, "scoring by CLIP", "clip");
}
