/**
 * Statistics in files, as pytorch-fid and many others keep them (`mu`,
 * `sigma`), and as OpenAI's guided-diffusion does, with those of a layer that
 * still knows places beside them (`mu_s`, `sigma_s`), for sFID.
 */

import { checkGaussian } from "./frechet.ts";
import type { Gaussian } from "./moments.ts";
import { floatsOf, type NpyArray } from "./npy.ts";
import { type NpzFile, openNpz, readNpzArray, writeNpz } from "./npz.ts";

/** Statistics of a set of pictures. */
export interface Statistics {
  /** Of its features. */
  readonly features: Gaussian;
  /** Of its features by place, if they are there. */
  readonly spatial?: Gaussian;
}

/** Where features are from, as far as it is known. */
export interface Origin {
  /** The network. */
  readonly network?: string;
  /** SHA-256 of its weights. */
  readonly weights?: string;
  /** How pictures were brought to its size. */
  readonly resize?: string;
  /** In which it was computed, such as "fp32". */
  readonly precision?: string;
}

/** The array of an archive that keeps it: JSON, as bytes. */
export const ORIGIN = "origin";

/** The part of a record that says where features are from. */
export function originOf(record: Readonly<Record<string, unknown>>): Origin {
  const names = ["network", "weights", "resize", "precision"] as const;
  return Object.fromEntries(
    names.filter((name) => typeof record[name] === "string")
      .map((name) => [name, record[name]]),
  );
}

/** What an archive keeps of it. @throws Error if that is damaged */
export function parseOrigin({ data }: NpyArray, path: string): Origin {
  try {
    const text = new TextDecoder("utf-8", { fatal: true })
      .decode(data as Uint8Array<ArrayBuffer>);
    return originOf(JSON.parse(text));
  } catch {
    throw new Error(
      `Cannot read the statistics ${path}: their ${ORIGIN} is not JSON`,
    );
  }
}

/** Whether an archive holds statistics. */
export function hasStatistics({ arrays }: NpzFile): boolean {
  return arrays.has("mu") && arrays.has("sigma");
}

/**
 * Reads statistics; `count`, which others don't write, if it is there.
 *
 * @throws Error for a file that holds none or damaged ones
 */
export async function readStatistics(
  file: NpzFile | string,
): Promise<Statistics> {
  const npz = typeof file === "string" ? await openNpz(file) : file;
  const count = npz.arrays.has("count")
    ? countOf(await readNpzArray(npz, "count"), npz.path)
    : undefined;
  const features = await readGaussian(npz, "", count);
  if (!npz.arrays.has("mu_s")) return { features };
  return { features, spatial: await readGaussian(npz, "_s", count) };
}

async function readGaussian(
  npz: NpzFile,
  ending: "" | "_s",
  count: number | undefined,
): Promise<Gaussian> {
  const [mu, sigma] = [
    await readNpzArray(npz, `mu${ending}`),
    await readNpzArray(npz, `sigma${ending}`),
  ];
  const [mean, data] = [floatsOf(mu), floatsOf(sigma)];
  const [rows, columns] = sigma.shape;
  const isMatrix = sigma.shape.length === 2 && mu.shape.length === 1;
  if (!mean || !data || !isMatrix) {
    throw new Error(
      `Cannot read the statistics ${npz.path}: mu${ending} is ${mu.dtype} ` +
        `[${mu.shape}] and sigma${ending} is ${sigma.dtype} ` +
        `[${sigma.shape}]; wanted floats [F] and [F,F]`,
    );
  }
  const gaussian = {
    mean: Float64Array.from(mean),
    covariance: { rows, columns, data: Float64Array.from(data) },
    ...(count === undefined ? {} : { count }),
  };
  checkGaussian(gaussian, npz.path);
  return gaussian;
}

function countOf({ data }: NpyArray, path: string): number {
  const count = Number(data[0]);
  if (data.length === 1 && Number.isSafeInteger(count) && count > 1) {
    return count;
  }
  throw new Error(
    `Cannot read the statistics ${path}: their count is [${data}], and one ` +
      `whole number from 2 on was wanted`,
  );
}

/** What is kept beside statistics to say what they are of. */
export interface StatisticsRecord extends Origin {
  /** Where the pictures were. */
  readonly pictures?: string;
  /** SHA-256 of their features. */
  readonly features?: string;
}

/**
 * Writes statistics, and where they are from; programs that know neither that
 * nor a `count` read them too.
 */
export async function writeStatistics(
  path: string,
  { features, spatial }: Statistics,
  origin?: StatisticsRecord,
): Promise<void> {
  const { count } = features;
  await writeNpz(path, {
    ...arraysOf(features, ""),
    ...(spatial ? arraysOf(spatial, "_s") : {}),
    ...(count === undefined ? {} : {
      count: { shape: [], dtype: "<i8", data: BigInt64Array.of(BigInt(count)) },
    }),
    ...(origin ? { [ORIGIN]: bytesArray(JSON.stringify(origin)) } : {}),
  });
}

function bytesArray(text: string): NpyArray {
  const data = new TextEncoder().encode(text);
  return { shape: [data.length], dtype: "|u1", data };
}

function arraysOf(
  { mean, covariance: { rows, columns, data } }: Gaussian,
  ending: "" | "_s",
): Record<string, NpyArray> {
  return {
    [`mu${ending}`]: { shape: [mean.length], dtype: "<f8", data: mean },
    [`sigma${ending}`]: { shape: [rows, columns], dtype: "<f8", data },
  };
}
