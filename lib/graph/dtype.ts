/** Element types and the arrays that hold them. */

import type { DType, Values } from "./op.ts";

/** The array of each element type. */
export const DTYPE_ARRAYS = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
} as const satisfies Record<DType, unknown>;

/** The element type an array holds. @throws TypeError for other arrays */
export function dtypeOf(values: Values): DType {
  const dtypes = Object.keys(DTYPE_ARRAYS) as DType[];
  const dtype = dtypes.find((dtype) => values instanceof DTYPE_ARRAYS[dtype]);
  if (dtype) return dtype;
  const wanted = dtypes.map((dtype) =>
    `${DTYPE_ARRAYS[dtype].name} (${dtype})`
  );
  const found = Object.prototype.toString.call(values).slice(8, -1);
  throw new TypeError(
    `Cannot tell the element type of values: found ${found}, ` +
      `wanted one of ${wanted.join(", ")}`,
  );
}
