/** How fast the runtime multiplies: what other rates are compared with. */

import { input, matmul, slice } from "../graph/ops.ts";
import type { Device } from "./device.ts";
import { createSession } from "./session.ts";
import { median, repeat } from "./timing.ts";

/** GFLOP/s of the runtime's fp32 matrix product, median of several calls. */
export async function multiplyRate(device?: Device): Promise<number> {
  const [rows, width, products] = [2048, 1024, 8];
  const a = input("a", [rows, width]);
  const b = input("b", [width, width]);
  let product = a;
  for (let i = 0; i < products; i++) product = matmul(product, b);
  // One row leaves the runtime: copying results out is not multiplying.
  const outputs = { row: slice(product, 0, 0, 1) };
  const session = await createSession(outputs, undefined, { device });
  try {
    const feeds = {
      a: new Float32Array(rows * width).fill(1 / 32),
      b: new Float32Array(width * width).fill(1 / 32),
    };
    const seconds = await repeat(
      { warmUp: 2, runs: 10 },
      () => session.run(feeds),
    );
    return 2 * products * rows * width ** 2 / median(seconds) / 1e9;
  } finally {
    await session.release();
  }
}
