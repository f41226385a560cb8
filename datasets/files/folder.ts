/** Files below a folder. */

import { join } from "node:path";
import { reasonOf } from "../../lib/run/system_error.ts";
import { byName, isHidden } from "./names.ts";
import type { FileList, LeftOut, StoredFile } from "./place.ts";

/**
 * Lists a folder and all below it, links followed.
 *
 * @throws Error if it can't be read
 */
export async function listFolder(folder: string): Promise<FileList> {
  const files: StoredFile[] = [];
  const leftOut: LeftOut[] = [];
  // A link may lead back to a folder above it.
  const seen = new Set<string>();

  async function walk(below: string): Promise<void> {
    const path = join(folder, below);
    const real = await Deno.realPath(path);
    if (seen.has(real)) return;
    seen.add(real);
    for await (const entry of Deno.readDir(path)) {
      if (!isHidden(entry.name)) await take(below + entry.name);
    }
  }

  async function take(name: string): Promise<void> {
    const path = join(folder, name);
    let info: Deno.FileInfo;
    try {
      info = await Deno.stat(path);
    } catch (error) {
      leftOut.push({ name, reason: reasonOf(error) });
      return;
    }
    if (info.isDirectory) return await walk(`${name}/`);
    if (!info.isFile) return;
    const stamp = String(info.mtime?.getTime() ?? "");
    const place = { kind: "file", path } as const;
    files.push({ name, bytes: info.size, place, stamp });
  }

  try {
    await walk("");
  } catch (error) {
    throw new Error(`Cannot list the folder ${folder}: ${reasonOf(error)}`);
  }
  return { files: byName(files), leftOut: byName(leftOut) };
}
