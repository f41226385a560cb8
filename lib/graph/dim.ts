/**
 * Dimensions and shapes. A dimension is a number or a multiple of the
 * symbolic batch B, so that one compiled graph serves every batch size.
 */

/** A multiple of the symbolic batch, such as "1B" or "256B". */
export type BatchDim = `${number}B`;

/** Size of one axis. */
export type Dim = number | BatchDim;

/** Sizes of all axes; the empty shape is a scalar. */
export type Shape = readonly Dim[];

/** The symbolic batch itself. */
export const B: BatchDim = "1B";

/** True for a multiple of the symbolic batch. */
export function isBatch(dim: Dim): dim is BatchDim {
  return typeof dim === "string";
}

/** True for what an axis can have: 1, 2, … elements or k·B. */
export function isDim(dim: Dim): boolean {
  return isBatch(dim)
    ? /^[1-9]\d*B$/.test(dim)
    : Number.isSafeInteger(dim) && dim > 0;
}

/** What {@linkcode isDim} asks for, for the end of an error. */
export const DIMS_WANTED = "positive integers and multiples of the batch";

/** The factor k of k·B. */
export function batchFactor(dim: BatchDim): number {
  return Number.parseInt(dim);
}

/** Product of dimensions. @throws RangeError when B would be squared. */
export function product(shape: Shape): Dim {
  let factor = 1;
  let batches = 0;
  for (const dim of shape) {
    if (isBatch(dim)) batches++;
    factor *= isBatch(dim) ? batchFactor(dim) : dim;
  }
  if (batches > 1) {
    throw new RangeError(
      `Cannot multiply the dimensions of ${printShape(shape)}: ` +
        `the batch may occur once, found ${batches} times`,
    );
  }
  return batches === 1 ? `${factor}B` : factor;
}

/** `total / part` where it is exact, else undefined. */
export function divideDim(total: Dim, part: Dim): Dim | undefined {
  const a = isBatch(total) ? batchFactor(total) : total;
  const b = isBatch(part) ? batchFactor(part) : part;
  if (a % b !== 0 || (isBatch(part) && !isBatch(total))) return undefined;
  return isBatch(total) && !isBatch(part) ? `${a / b}B` : a / b;
}

/** Sum of dimensions along a concatenated axis, or undefined if mixed. */
export function sumDims(dims: readonly Dim[]): Dim | undefined {
  if (dims.every(isBatch)) {
    return `${dims.reduce((sum, dim) => sum + batchFactor(dim), 0)}B`;
  }
  if (dims.some(isBatch)) return undefined;
  return dims.reduce((sum: number, dim) => sum + (dim as number), 0);
}

/** True when both shapes are the same, dimension by dimension. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** The NumPy broadcast of two shapes, or undefined if they don't fit. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const p = a[axis - rank + a.length] ?? 1;
    const q = b[axis - rank + b.length] ?? 1;
    if (p !== q && p !== 1 && q !== 1) return undefined;
    out.push(p === 1 ? q : p);
  }
  return out;
}

/** A shape as text: `[B,256,2B]`. */
export function printShape(shape: Shape): string {
  return `[${shape.map((dim) => dim === B ? "B" : dim).join(",")}]`;
}

/** The shape with B replaced by a number. */
export function bindShape(shape: Shape, batch: number): number[] {
  return shape.map((dim) => isBatch(dim) ? batchFactor(dim) * batch : dim);
}

/** Number of elements of a shape without a symbolic batch. */
export function countElements(shape: Shape): number {
  const count = product(shape);
  if (isBatch(count)) {
    throw new RangeError(
      `Cannot count the elements of ${
        printShape(shape)
      }: its batch is symbolic`,
    );
  }
  return count;
}
