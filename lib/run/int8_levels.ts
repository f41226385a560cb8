/** Whether this processor adds the products of int8 without losing any. */

import { InferenceSession, Tensor } from "./ort.ts";
import { writeModel } from "../graph/onnx_proto.ts";
import type { ChannelLevels } from "./channels.ts";

/** Inputs and outputs of the product that is tried. */
const SIDE = 64;

let known: Promise<ChannelLevels> | undefined;

/**
 * How many levels weights may have on either side of the zero. Processors of
 * x86 without VNNI add two products of an unsigned and a signed byte in 16
 * bits, where the largest of them don't fit: there, one bit is left out. Blocks
 * need none of it: for them the runtime takes each byte in two halves there.
 */
export function int8Levels(): Promise<ChannelLevels> {
  return known ??= largestSum(127).then(levelsFor).catch((error) => {
    known = undefined; // so that the next call tries again
    throw error;
  });
}

/**
 * The same of a processor by what it makes of the largest sum, that of weights
 * of 127.
 */
export function levelsFor(sum: number): ChannelLevels {
  return sum === SIDE * 255 * 127 ? 127 : 63;
}

/**
 * The runtime's sum of as many of the largest products as a side has.
 * @param weight of all weights; inputs are 255
 */
export async function largestSum(weight: number): Promise<number> {
  const place = (values: Uint8Array | Int8Array) => ({
    bytes: new Uint8Array(values.buffer),
  });
  const shape = [SIDE, SIDE];
  const model = writeModel({
    nodes: [{
      type: "MatMulInteger",
      domain: "",
      inputs: ["x", "w"],
      outputs: ["y"],
      attributes: {},
    }],
    initializers: [{
      name: "w",
      type: "int8",
      shape,
      data: place(new Int8Array(SIDE * SIDE).fill(weight)),
    }],
    inputs: [{ name: "x", type: "uint8", shape }],
    outputs: [{ name: "y", type: "int32", shape }],
  }, { "": 26 });
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const x = new Tensor("uint8", new Uint8Array(SIDE * SIDE).fill(255), shape);
  try {
    const { y } = await session.run({ x });
    return (y.data as Int32Array).reduce((least, sum) => Math.min(least, sum));
  } finally {
    await session.release();
  }
}
