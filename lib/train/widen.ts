/**
 * A larger decoder that draws what a smaller one does (after Net2Net, Chen et
 * al. 2016): the channels of the small one come first and read nothing of the
 * new ones, and new residual blocks add nothing. Since the groups of the
 * norms grow in number and not in size, the old channels are normed as before.
 */

import type { Node } from "../graph/node.ts";
import type { Rng } from "../run/random.ts";
import type { FloatTensor } from "../run/safetensors.ts";
import { initialValue } from "./init.ts";

/**
 * First values of all parameters, as far as they come from the small network.
 * A parameter of the same shape there is taken over; what is new starts at
 * random where nothing of the old reads it.
 *
 * @param small the small network's tensors by name
 * @throws Error for a parameter that is smaller than in the small network
 */
export function widenParameters(
  parameters: readonly Node<"parameter">[],
  small: ReadonlyMap<string, FloatTensor>,
  rng: Rng,
): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const node of parameters) {
    const { name } = node.op;
    const value = initialValue(node, rng);
    const old = small.get(name);
    if (old) placeInside(name, value, node.shape as number[], old);
    else if (name.endsWith(".conv2.weight")) value.fill(0);
    values.set(name, value);
  }
  return values;
}

/** Writes a tensor into the first rows and columns of a larger one. */
function placeInside(
  name: string,
  value: Float32Array,
  shape: readonly number[],
  old: FloatTensor,
): void {
  const fits = shape.length === old.shape.length &&
    shape.every((size, axis) =>
      axis < 2 ? size >= old.shape[axis] : size === old.shape[axis]
    );
  if (!fits) {
    throw new Error(
      `Cannot widen ${name} from [${old.shape}] to [${shape}]: wanted at ` +
        `least as many channels; raise "decoderWidening"`,
    );
  }
  const oldRow = old.data.length / old.shape[0];
  const row = value.length / shape[0];
  for (let i = 0; i < old.shape[0]; i++) {
    // Old channels read nothing of new ones.
    value.fill(0, i * row, (i + 1) * row);
    value.set(old.data.subarray(i * oldRow, (i + 1) * oldRow), i * row);
  }
}
