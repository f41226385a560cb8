import assert from "node:assert/strict";
import { input, mul } from "../graph/ops.ts";
import { assertClose } from "./assert_close.ts";
import config from "../../deno.json" with { type: "json" };
import { DEVICES, NEEDS } from "./device.ts";
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
      const known = knownDevices();
      const told = error.message
        .replace(`Cannot run on ${device}: it needs ${NEEDS[device]}; `, "");
      if (!known.includes(device)) {
        assert.match(told, /^the runtime's package for .* has cpu.*choose one/);
      } else {
        assert.match(told, /^\S.* \S.*\. The runtime says: [^\n]+$/);
      }
      if (known.includes(device) && device === "cuda") {
        const runtime = config.imports["onnxruntime-node"];
        assert.ok(told.includes(`deno run -A ${runtime}/script/install.js`));
      }
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
