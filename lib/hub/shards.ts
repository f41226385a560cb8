/** Weights that are published in several files, with a list of them. */

import { checkPath } from "./layout.ts";

const INDEX = /\.(?:safetensors|bin)\.index\.json$/;

/**
 * The files that an index names, as paths in the repository; none for a file
 * that is no index.
 *
 * @param path of the index in its repository
 * @param local where it is on the disk
 * @throws Error if the index is damaged, or names a file outside its folder
 */
export async function shardsOf(path: string, local: string): Promise<string[]> {
  if (!INDEX.test(path)) return [];
  const refuse = (why: string): never => {
    throw new Error(`Cannot use the list of weights ${local}: ${why}`);
  };
  const map = weightMap(await Deno.readTextFile(local));
  if (map === undefined) {
    return refuse(
      'it is not JSON with a "weight_map"; remove it and pull it again',
    );
  }
  const names = new Set<string>();
  for (const name of Object.values(map)) {
    if (typeof name !== "string" || name.includes("/")) {
      return refuse(`it names ${JSON.stringify(name)}, which is no file name`);
    }
    names.add(checkPath(name));
  }
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return [...names].sort().map((name) => folder + name);
}

function weightMap(text: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const map = "weight_map" in value ? value.weight_map : undefined;
  return typeof map === "object" && map !== null
    ? map as Record<string, unknown>
    : undefined;
}
