/** The recorded results of the reference, for tests. */

import { join } from "node:path";
import {
  type FloatTensor,
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
} from "../run/safetensors.ts";
import { parseUVitConfig, type UVitConfig } from "./config.ts";

/** Folder of the fixtures: see `make_amused.py` there. */
export const TESTDATA: string = new URL("testdata", import.meta.url).pathname;

/** A tiny pipeline of the published layout. */
export const tinyFolder = (name: "tiny-256" | "tiny-512"): string =>
  join(TESTDATA, name);

/** The mask's id in the recorded tokens; ours is the number of codes. */
const RECORDED_MASK = 39;

/** The number of codes of the tiny pipelines. */
export const TINY_CODES = 32;

const HEADER = await readSafetensorsHeader(
  join(TESTDATA, "parity.safetensors"),
);
const FLOATS = await readTensorsF32(HEADER);

/** A recorded tensor of numbers. */
export function recorded(name: string): FloatTensor {
  const found = FLOATS.get(name);
  if (found) return found;
  throw new Error(`nothing is recorded as "${name}"`);
}

/** Recorded whole numbers. */
export async function recordedIntegers(name: string): Promise<Int32Array> {
  return await readTensor(HEADER, name) as Int32Array;
}

/** Recorded tokens, with our id of an unknown one. */
export async function recordedTokens(name: string): Promise<Int32Array> {
  const ids = await recordedIntegers(name);
  return ids.map((id) => id === RECORDED_MASK ? TINY_CODES : id);
}

/** The shape of a recorded tensor. */
export function recordedShape(name: string): readonly number[] {
  return HEADER.tensors.get(name)!.shape;
}

/** Sizes of a tiny pipeline's transformer. */
export async function tinyConfig(
  name: "tiny-256" | "tiny-512",
): Promise<UVitConfig> {
  const path = join(tinyFolder(name), "transformer", "config.json");
  return parseUVitConfig(JSON.parse(await Deno.readTextFile(path)), path);
}
