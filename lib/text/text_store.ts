/**
 * States of texts in files, one a text, in a folder of the encoder that said
 * them. Files are written whole and renamed, and read whole, so that several
 * programs may share the folder; what is damaged or gone is read anew.
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { sampledHash } from "../run/sampled_hash.ts";
import {
  readSafetensorsHeader,
  readTensorsF32,
  writeSafetensors,
} from "../run/safetensors.ts";
import type { TextStates } from "./text_model.ts";

/** Where states of texts are kept. */
export interface TextStore {
  /** Those of a text, if they are there. */
  get(key: string): Promise<TextStates | undefined>;
  /** Keeps more; what can't be written is not kept. */
  put(texts: readonly (readonly [string, TextStates])[]): Promise<void>;
}

/** Which encoder says something, and where that is kept. */
export interface TextStoreOptions {
  /** For the folders of all encoders. */
  readonly folder: string;
  /** Files of its weights. */
  readonly files: readonly string[];
  /** Whatever else its states depend on, as JSON. */
  readonly settings: unknown;
  /** About as many bytes the texts of all encoders take, 1 GB by default. */
  readonly most?: number;
}

/** Counts up when the same encoder would say something else. */
const VERSION = 1;

/** Opens the store of an encoder. */
export async function openTextStore(
  { folder, files, settings, most = 1e9 }: TextStoreOptions,
): Promise<TextStore> {
  const hash = await sampledHash(files);
  const own = join(folder, digest([VERSION, hash, settings]).slice(0, 16));
  // Bytes that may be written before all texts are counted again.
  let room = 0;
  const pathOf = (key: string) => join(own, `${digest(key)}.safetensors`);
  return {
    async get(key) {
      try {
        return await readStates(pathOf(key));
      } catch {
        return undefined; // not there, damaged, or just removed
      }
    },
    async put(texts) {
      try {
        await Deno.mkdir(own, { recursive: true });
        for (const [key, states] of texts) {
          room -= await writeStates(pathOf(key), states);
        }
        if (room < 0) room = await makeRoom(folder, most);
      } catch {
        // The encoder is asked again the next time.
      }
    },
  };
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

async function readStates(path: string): Promise<TextStates> {
  const header = await readSafetensorsHeader(path);
  const tensors = await readTensorsF32(header);
  const now = new Date();
  await Deno.utime(path, now, now).catch(() => {}); // the latest stay longest
  const pooled = tensors.get("pooled")?.data;
  return { states: tensors.get("states")!.data, ...(pooled && { pooled }) };
}

/** @returns the bytes of the file */
async function writeStates(path: string, states: TextStates): Promise<number> {
  const entries = Object.entries(states).map(([name, data]) => (
    { name, dtype: "F32", shape: [data.length], data } as const
  ));
  await writeSafetensors(path, entries);
  return (await Deno.stat(path)).size;
}

/** A full store is emptied to this share, so that it isn't at once full again. */
const LEFT = 0.9;

/**
 * Removes what was not read for the longest time, if there is too much.
 * @returns the bytes that are free now
 */
async function makeRoom(folder: string, most: number): Promise<number> {
  const files: { path: string; size: number; time: number }[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    for await (const file of Deno.readDir(join(folder, name))) {
      const path = join(folder, name, file.name);
      const found = await Deno.stat(path).catch(() => undefined);
      if (!found) continue; // somebody else removed it
      const { size, mtime } = found;
      files.push({ path, size, time: mtime?.getTime() ?? 0 });
    }
  }
  let total = files.reduce((sum, { size }) => sum + size, 0);
  const wanted = total > most ? LEFT * most : most;
  for (const { path, size } of files.sort((a, b) => a.time - b.time)) {
    if (total <= wanted) break;
    await Deno.remove(path).catch(() => {});
    total -= size;
  }
  return most - total;
}
