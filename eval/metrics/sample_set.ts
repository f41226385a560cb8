/** Sets of samples as files: statistics of them, or their features. */

import { createHash } from "node:crypto";
import { f16ToF32 } from "../../lib/run/half.ts";
import {
  readSafetensorsHeader,
  readTensor,
  writeSafetensors,
} from "../../lib/run/safetensors.ts";
import { checkFeatures, type Features, hashFeatures } from "./features.ts";
import type { Gaussian } from "./moments.ts";
import { floatsOf, readNpy } from "./npy.ts";
import { type NpzFile, openNpz, readNpzArray } from "./npz.ts";
import {
  hasStatistics,
  ORIGIN,
  type Origin,
  originOf,
  parseOrigin,
  readStatistics,
} from "./statistics_file.ts";

/** What is known of a set of samples. */
export interface SampleSet {
  /** What it is called: its path. */
  readonly name: string;
  /** SHA-256 of what was read. */
  readonly hash: string;
  /** The network that made the features, if that is said. */
  readonly network?: string;
  /** SHA-256 of its weights, if that is said. */
  readonly weights?: string;
  /** How pictures were brought to its size, if that is said. */
  readonly resize?: string;
  /** In which it was computed, if that is said. */
  readonly precision?: string;
  /** Their statistics, if nothing else is left of them. */
  readonly statistics?: Gaussian;
  /** Features, if they were kept. */
  readonly features?: Features;
  /** Logits of a classifier, if they were kept. */
  readonly logits?: Features;
}

/** Names that programs give to features. */
const FEATURE_NAMES = ["features", "feats", "reps", "arr_0"];

/**
 * Reads a set: an `.npz` of statistics (`mu`, `sigma`) or of features, an
 * `.npy` of features, or `.safetensors` with the tensors `features` and
 * `logits` and, in its metadata, the `network` that they are of, its `weights`,
 * the `resize` and the `precision`.
 *
 * @throws Error for a file that holds none of these, or is damaged
 */
export async function readSampleSet(path: string): Promise<SampleSet> {
  const ending = /\.(npz|npy|safetensors)$/i.exec(path)?.[1].toLowerCase();
  const read = READERS[ending ?? ""];
  if (read) return await read(path);
  throw new Error(
    `Cannot read ${path}: wanted statistics or features, in a file that ends ` +
      `in .npz, .npy or .safetensors`,
  );
}

const READERS: Readonly<Record<string, (path: string) => Promise<SampleSet>>> =
  {
    npz: readArchive,
    async npy(path) {
      const features = matrixOf(readNpy(await Deno.readFile(path), path), path);
      return { name: path, hash: hashFeatures(features), features };
    },
    safetensors: readTensors,
  };

async function readArchive(path: string): Promise<SampleSet> {
  const npz = await openNpz(path);
  if (hasStatistics(npz)) {
    const { features: statistics } = await readStatistics(npz);
    const hash = createHash("sha256")
      .update(bytesOf(statistics.mean))
      .update(bytesOf(statistics.covariance.data))
      .digest("hex");
    const origin = npz.arrays.has(ORIGIN)
      ? parseOrigin(await readNpzArray(npz, ORIGIN), path)
      : {};
    return { name: path, hash, statistics, ...origin };
  }
  const name = FEATURE_NAMES.find((name) => npz.arrays.has(name));
  const features = name && await readMatrix(npz, name);
  const logits = npz.arrays.has("logits") && await readMatrix(npz, "logits");
  return setOf(path, features || undefined, logits || undefined);
}

async function readMatrix(npz: NpzFile, name: string): Promise<Features> {
  return matrixOf(await readNpzArray(npz, name), `${name} of ${npz.path}`);
}

function matrixOf(
  array: Parameters<typeof floatsOf>[0],
  what: string,
): Features {
  const data = floatsOf(array);
  const [count, width] = array.shape;
  if (!data || array.shape.length !== 2) {
    const pictures = array.shape.length === 4
      ? "; pictures have to go through a network first"
      : "";
    throw new Error(
      `Cannot read ${what}: it is ${array.dtype} [${array.shape}], wanted ` +
        `features, floats [n,F]${pictures}`,
    );
  }
  const features = { count, width, data };
  checkFeatures(features, what);
  return features;
}

async function readTensors(path: string): Promise<SampleSet> {
  const header = await readSafetensorsHeader(path);
  const read = async (name: string): Promise<Features | undefined> => {
    const info = header.tensors.get(name);
    if (!info) return undefined;
    const stored = await readTensor(header, name);
    const data = info.dtype === "F16"
      ? f16ToF32(stored as Uint16Array)
      : stored;
    const [count, width] = info.shape;
    const isFloat = data instanceof Float32Array ||
      data instanceof Float64Array;
    if (!isFloat || info.shape.length !== 2) {
      throw new Error(
        `Cannot read ${name} of ${path}: it is ${info.dtype} ` +
          `[${info.shape}], wanted F64, F32 or F16 [n,F]`,
      );
    }
    const features = { count, width, data };
    checkFeatures(features, `${name} of ${path}`);
    return features;
  };
  const set = setOf(path, await read("features"), await read("logits"));
  return { ...set, ...originOf(header.metadata) };
}

function setOf(
  path: string,
  features: Features | undefined,
  logits: Features | undefined,
): SampleSet {
  if (!features && !logits) {
    throw new Error(
      `Cannot read ${path}: it holds neither statistics (mu and sigma) nor ` +
        `features (named ${FEATURE_NAMES.join(", ")}) nor logits`,
    );
  }
  const hash = [features, logits].filter((part) => part !== undefined)
    .map(hashFeatures).join("+");
  return {
    name: path,
    hash,
    ...(features ? { features } : {}),
    ...(logits ? { logits } : {}),
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Writes features, and logits if there are any, as they are read here. */
export async function writeFeatures(
  path: string,
  { features, logits }: Pick<SampleSet, "features" | "logits">,
  origin: Origin,
): Promise<void> {
  const parts = { features, logits };
  const entries = Object.entries(parts).flatMap(([name, part]) => {
    if (!part) return [];
    const data = Float32Array.from(part.data);
    const shape = [part.count, part.width];
    return [{ name, dtype: "F32" as const, shape, data }];
  });
  await writeSafetensors(path, entries, { ...origin });
}
