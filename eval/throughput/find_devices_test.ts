import assert from "node:assert/strict";
import { input, mul } from "../../lib/graph/ops.ts";
import { createSession } from "../../lib/run/session.ts";
import { DEVICES } from "../../lib/run/device.ts";
import { findDevices } from "./find_devices.ts";

Deno.test("findDevices() finds those that make a session, the processor first", async () => {
  const found = await findDevices();
  assert.equal(found[0], "cpu");
  for (const device of DEVICES) {
    const outputs = { y: mul(input("x", [1]), 2) };
    const made = await createSession(outputs, undefined, { device })
      .then((session) => session.release()).then(() => true, () => false);
    assert.equal(found.includes(device), made, device);
  }
});
