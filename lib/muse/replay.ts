/** Recorded numbers in place of random ones, for tests. */

import assert from "node:assert/strict";
import type { FloatTensor } from "../run/safetensors.ts";
import type { Streams } from "./decode.ts";

/**
 * The numbers of a decode whose pictures have the seeds 0, 1, …
 *
 * @param uniforms by which tokens are drawn, [steps,B,N]
 * @param noise the uniform numbers of which the choice's noise is, [steps,B,N]
 */
export function replay(uniforms: FloatTensor, noise: FloatTensor): Streams {
  const [, batch, length] = uniforms.shape;
  const unused = () => assert.fail("no other numbers are recorded");
  return (seed, step) => {
    const from = (step * batch + seed) * length;
    let next = from;
    return {
      fill(out) {
        out.set(uniforms.data.subarray(from, from + length));
        return out;
      },
      uniform: () => noise.data[next++],
      integer: unused,
      normal: unused,
      pick: unused,
      shuffle: unused,
      state: unused,
    };
  };
}
