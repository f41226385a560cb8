import assert from "node:assert/strict";
import { configChanges } from "./config_changes.ts";

Deno.test("configChanges() names the fields that differ, at any depth", () => {
  const before = {
    network: { channels: [8, 16], heads: 2 },
    training: { steps: 3, optimizer: { beta1: 0.9 } },
  };
  const after = {
    training: { optimizer: { beta1: 0.95 }, steps: 3, adversarial: {} },
    network: { heads: 2, channels: [8] },
  };
  assert.deepEqual(configChanges(before, after), [
    { field: "network.channels", before: "[8,16]", after: "[8]" },
    { field: "training.optimizer.beta1", before: "0.9", after: "0.95" },
    { field: "training.adversarial", before: "missing", after: "{}" },
  ]);
});

Deno.test("configChanges() sees no difference in the order of the fields", () => {
  assert.deepEqual(
    configChanges({ a: 1, b: { c: [1], d: 2 } }, { b: { d: 2, c: [1] }, a: 1 }),
    [],
  );
});
