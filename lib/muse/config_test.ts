import assert from "node:assert/strict";
import { parseBaseConfig } from "./config.ts";
import { TINY } from "./tiny_base.ts";

const CONFIG = { ...TINY, width: 8, rotary: false };

Deno.test("parseBaseConfig() reads what fits, and names file and field of what does not", () => {
  assert.deepEqual(parseBaseConfig({ ...CONFIG, more: 1 }, "b"), CONFIG);
  const odd: [unknown, RegExp][] = [
    [null, /base transformer b: its network is null, wanted an object/],
    [{}, /base transformer b: .*; "grid" of its network is undefined/],
    [{ ...CONFIG, grid: [4] }, /is \[4\], wanted a height and a width/],
    [{ ...CONFIG, grid: [2, 3, 4] }, /is \[2,3,4\], wanted a height/],
    [{ ...CONFIG, grid: [2, 0] }, /is \[2,0\], wanted a height/],
    [{ ...CONFIG, layers: -1 }, /"layers" of its network is -1/],
    [{ ...CONFIG, codes: 1e300 }, /"codes" of its network is 1e\+300/],
    [{ ...CONFIG, rotary: true, heads: 4 }, /a divisor of a quarter of the/],
    [{ ...CONFIG, heads: 3 }, /is 3, wanted a divisor of the width 8/],
  ];
  for (const [json, message] of odd) {
    assert.throws(() => parseBaseConfig(json, "b"), message);
  }
});
