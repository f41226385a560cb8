import assert from "node:assert/strict";
import { parseSuperresConfig } from "./superres_config.ts";
import { TINY_SUPERRES } from "./tiny_superres.ts";

Deno.test("parseSuperresConfig() reads what fits, and names file and field of what does not", () => {
  assert.deepEqual(
    parseSuperresConfig({ ...TINY_SUPERRES, more: 1 }, "s"),
    { ...TINY_SUPERRES, rotary: false },
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
