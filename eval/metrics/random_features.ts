/** Features for tests. */

import { createRng } from "../../lib/run/random.ts";
import type { Features } from "./features.ts";

/** Normally distributed features, of dimensions that depend on each other. */
export function randomFeatures(
  count: number,
  width: number,
  ...key: readonly (number | string)[]
): Features {
  const mix = createRng("mix of features", width);
  const mixed = Float64Array.from(
    { length: width * width },
    () => mix.normal(),
  );
  const rng = createRng("features", ...key);
  const data = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const raw = Float64Array.from({ length: width }, () => rng.normal());
    for (let j = 0; j < width; j++) {
      let sum = raw[j];
      for (let k = 0; k < width; k++) sum += mixed[j * width + k] * raw[k];
      data[i * width + j] = sum;
    }
  }
  return { count, width, data };
}
