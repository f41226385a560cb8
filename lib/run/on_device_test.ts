import assert from "node:assert/strict";
import { input, mul } from "../graph/ops.ts";
import { assertClose } from "./assert_close.ts";
import config from "../../deno.json" with { type: "json" };
import { DEVICES, NEEDS } from "./device.ts";
import { knownDevices, onDevice } from "./on_device.ts";
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
      const [before, after] = error.message
        .split(`it needs ${NEEDS[device]}; `);
      if (!known.includes(device)) {
        assert.equal(before, `Cannot run on ${device}: `);
        assert.match(
          after,
          /^the runtime's package for .* has cpu.*choose one/,
        );
      } else {
        assert.match(
          before,
          /^Cannot run on \w+: the runtime says: [^\n]+\. If/,
        );
        assert.match(after, /^\S.* \S/);
      }
      if (known.includes(device) && device === "cuda") {
        const runtime = config.imports["onnxruntime-node"];
        assert.ok(after.includes(`deno run -A ${runtime}/script/install.js`));
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

Deno.test("onDevice() says what the runtime says before what may be missing", async () => {
  const fail = () =>
    Promise.reject(new Error("/src/alloc.cc:12 Failed to\n allocate 9 bytes."));
  for (const device of knownDevices()) {
    const message = device === "cpu"
      ? /^\/src\/alloc\.cc:12 Failed/ // nothing can be missing there
      : /: the runtime says: Failed to allocate 9 bytes\. If the .*: it needs /;
    await assert.rejects(onDevice(device, fail), { message });
  }
});
