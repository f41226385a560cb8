/** How long a Fréchet distance takes, beside the runtime's own products. */

import { createRng } from "../../lib/run/random.ts";
import type { ThreadOptions } from "../../lib/run/session.ts";
import type { Features } from "./features.ts";
import { frechetDistance } from "./frechet.ts";
import { gaussianOf, momentsOf } from "./moments.ts";
import { withProgram } from "./native.ts";

/** What is measured. */
export interface FrechetSpeedOptions extends ThreadOptions {
  /** Numbers of a sample; Inception's pool3 has 2048. */
  readonly width: number;
  /** Samples of each set. */
  readonly samples: number;
}

/** What was measured. */
export interface FrechetSpeed {
  readonly width: number;
  readonly samples: number;
  readonly threads: number;
  /** Of fp64 products of square matrices. */
  readonly multiplyGflops: number;
  /** For mean and covariance of one set. */
  readonly statisticsSeconds: number;
  /** For the distance of two. */
  readonly distanceSeconds: number;
  readonly distance: number;
}

/** Measures with random features, whose variances fall off as Inception's do. */
export async function measureFrechet(
  options: FrechetSpeedOptions,
): Promise<FrechetSpeed> {
  const { width, samples, threads = navigator.hardwareConcurrency } = options;
  const [a, b] = ["a", "b"].map((key) => fallingFeatures(samples, width, key));
  const multiply = await secondsOfProduct(width, { threads });
  const began = performance.now();
  const first = gaussianOf(await momentsOf(a, { threads }));
  const statisticsSeconds = (performance.now() - began) / 1000;
  const second = gaussianOf(await momentsOf(b, { threads }));
  const middle = performance.now();
  const distance = await frechetDistance(first, second, { threads });
  return {
    width,
    samples,
    threads,
    multiplyGflops: 2 * width ** 3 / multiply / 1e9,
    statisticsSeconds,
    distanceSeconds: (performance.now() - middle) / 1000,
    distance,
  };
}

/** Variances from 1 down to 1e-6, each number with a part of its neighbour. */
function fallingFeatures(count: number, width: number, key: string): Features {
  const rng = createRng("frechet speed", key);
  const data = new Float32Array(count * width);
  for (let i = 0; i < data.length; i++) {
    const j = i % width;
    const own = rng.normal() * 10 ** (-3 * j / width);
    data[i] = own + (j > 0 ? 0.5 * data[i - 1] : 0);
  }
  return { count, width, data };
}

async function secondsOfProduct(
  size: number,
  threads: ThreadOptions,
): Promise<number> {
  const a = {
    rows: size,
    columns: size,
    data: new Float64Array(size * size).fill(0.5),
  };
  return await withProgram("rowProducts", threads, async (rowProducts) => {
    await rowProducts({ a, b: a });
    const began = performance.now();
    await rowProducts({ a, b: a });
    return (performance.now() - began) / 1000;
  });
}
