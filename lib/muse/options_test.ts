import assert from "node:assert/strict";
import { DEFAULTS, settingsOf } from "./options.ts";

Deno.test("settingsOf() takes the defaults for what is absent or undefined", () => {
  assert.deepEqual(settingsOf({}), DEFAULTS);
  const options = { steps: 3, guidance: undefined, negative: undefined };
  assert.deepEqual(settingsOf(options), { ...DEFAULTS, steps: 3 });
  assert.equal(settingsOf({ seed: 0, negative: "" }).negative, "");
});
