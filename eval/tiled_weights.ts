/** Weights at random for networks whose weights nobody has. */

import { BLOCKS, quantizeBlocks } from "../lib/run/blocks.ts";
import { createRng } from "../lib/run/random.ts";
import type { Weight, Weights } from "../lib/run/weights.ts";

/** How the matrices of linear layers are held; all else is float32. */
export type TiledStorage = "float32" | "int4";

/** Values that all tensors are made of, since billions take long to draw. */
const DRAWN = 1 << 20;

/**
 * Normal numbers of standard deviation one over the root of the fan-in; ones
 * for the scales of norms, zeros for biases.
 *
 * @param shapes by name
 */
export function tiledWeights(
  shapes: ReadonlyMap<string, readonly number[]>,
  storage: TiledStorage,
): Weights {
  const rng = createRng("tiled weights");
  const drawn = Float32Array.from({ length: DRAWN }, () => rng.normal());
  const nibbles = storage === "int4"
    ? quantizeBlocks(drawn, BLOCKS.int4)
    : undefined;
  const weights = new Map<string, Weight>();
  for (const [i, [name, shape]] of [...shapes].entries()) {
    // The runtime holds equal matrices once, which no trained network has.
    const start = i * 104_729 * BLOCKS.int4.block % DRAWN;
    const count = shape.reduce((a, b) => a * b, 1);
    const deviation = 1 / Math.sqrt(count / shape[0]);
    const isLinear = shape.length === 2 && shape[1] % BLOCKS.int4.block === 0 &&
      !name.includes("embedding");
    if (nibbles && isLinear) {
      const values = new Uint8Array(count / 2);
      const scales = new Float32Array(count / BLOCKS.int4.block);
      tile(values, nibbles.values, start / 2);
      const own = nibbles.scales.map((scale) => scale * deviation);
      tile(scales, own, start / BLOCKS.int4.block);
      weights.set(name, { kind: "int4", shape, values, scales });
      continue;
    }
    const data = new Float32Array(count);
    if (shape.length > 1) tile(data, drawn.map((x) => x * deviation), start);
    else if (!name.endsWith(".bias")) data.fill(1);
    weights.set(name, { kind: "memory", shape, data });
  }
  return weights;
}

/** Fills an array by repeating another, from a place on. */
function tile<Values extends Float32Array | Uint8Array>(
  into: Values,
  part: Values,
  start: number,
): void {
  let from = start;
  for (let at = 0; at < into.length; from = 0) {
    const piece = part.subarray(from, from + into.length - at);
    into.set(piece, at);
    at += piece.length;
  }
}
