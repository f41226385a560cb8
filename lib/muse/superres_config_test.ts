import assert from "node:assert/strict";
import { formFaults } from "../run/network_form.ts";
import { parseSuperresConfig, SUPERRES_FORM } from "./superres_config.ts";
import { TINY_SUPERRES } from "./tiny_superres.ts";

Deno.test("parseSuperresConfig() reads what fits, and names file and field of what does not", () => {
  assert.deepEqual(
    parseSuperresConfig({ ...TINY_SUPERRES, more: 1 }, "s"),
    { ...TINY_SUPERRES, rotary: false, lowAdded: false },
  );
  const odd: [unknown, RegExp][] = [
    [null, /super-resolution transformer s: its network is null, wanted/],
    [
      { ...TINY_SUPERRES, block: [4] },
      /"block" of its network is \[4\], .*a height/,
    ],
    [{ ...TINY_SUPERRES, lowLayers: 0 }, /"lowLayers" of its network is 0/],
    [
      { ...TINY_SUPERRES, heads: 3 },
      /is 3, wanted an even divisor of the width/,
    ],
    [{ ...TINY_SUPERRES, lowGrid: [3, 3] }, /is \[3,3\], wanted a divisor of/],
  ];
  for (const [json, message] of odd) {
    assert.throws(() => parseSuperresConfig(json, "s"), message);
  }
});

Deno.test("SUPERRES_FORM names the sizes that don't fit each other", () => {
  const wrong = (change: object) =>
    formFaults(SUPERRES_FORM, { ...TINY_SUPERRES, ...change })
      .map(({ field }) => field);
  assert.deepEqual(wrong({}), []);
  assert.deepEqual(wrong({ heads: 1 }), ["heads"]);
  assert.deepEqual(wrong({ heads: 6 }), ["heads"]);
  assert.deepEqual(wrong({ heads: 8 }), []);
  assert.deepEqual(wrong({ heads: 8, rotary: true }), ["heads"]);
  assert.deepEqual(wrong({ lowGrid: [3, 3] }), ["lowGrid"]);
  assert.deepEqual(wrong({ block: [2, 4], heads: 1 }), ["heads", "block"]);
});
