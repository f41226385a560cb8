/** Doubles a number on the device that is its argument, or fails. */

import { input, mul } from "../../lib/graph/ops.ts";
import { DEVICES } from "../../lib/run/device.ts";
import { createSession } from "../../lib/run/session.ts";

const device = DEVICES.find((name) => name === Deno.args[0]);
if (device === undefined) throw new RangeError(`no device ${Deno.args[0]}`);
const outputs = { y: mul(input("x", [1]), 2) };
const session = await createSession(outputs, undefined, { device });
const { y } = await session.run({ x: Float32Array.of(21) });
await session.release();
if (y.data[0] !== 42) throw new Error(`${device} computes wrongly`);
