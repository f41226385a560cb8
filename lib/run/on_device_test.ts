import assert from "node:assert/strict";
import { input, mul } from "../graph/ops.ts";
import { assertClose } from "./assert_close.ts";
import { DEVICES } from "./device.ts";
import { knownDevices } from "./on_device.ts";
import { createSession } from "./session.ts";

const x = input("x", [3]);

for (const device of DEVICES) {
  Deno.test(`createSession() computes by ${device}, or says what is missing`, async () => {
    let session;
    try {
      session = await createSession({ y: mul(x, 2) }, undefined, { device });
    } catch (error) {
      assert.notEqual(device, "cpu");
      assert.ok(error instanceof Error);
      assert.match(
        error.message,
        new RegExp(`^Cannot run on ${device}: it needs `),
      );
      return;
    }
    const { y } = await session.run({ x: Float32Array.of(1, 2, 3) });
    assertClose(y.data, [2, 4, 6], 1e-5);
    await session.release();
  });
}

Deno.test("knownDevices() has the processor, and not what other systems have", () => {
  const known = knownDevices();
  assert.ok(known.includes("cpu"));
  assert.equal(known.includes("dml"), Deno.build.os === "windows");
  assert.equal(known.includes("coreml"), Deno.build.os === "darwin");
});
