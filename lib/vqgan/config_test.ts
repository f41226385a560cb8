import assert from "node:assert/strict";
import { parseVqganConfig } from "./config.ts";
import { TINY_VQGAN } from "./tiny_vqgan.ts";

/** With every field that a file says. */
const CONFIG = {
  ...TINY_VQGAN,
  middleBlocks: 0,
  groups: 4,
  localEncoder: false,
  decoderWidening: 1,
};

Deno.test("parseVqganConfig() reads what fits, and names file and field of what does not", () => {
  assert.deepEqual(parseVqganConfig({ ...CONFIG, more: 1 }, "t"), CONFIG);
  const odd: [unknown, RegExp][] = [
    [null, /tokenizer t: its network is null, wanted an object/],
    [[], /its network is \[\]/],
    [{}, /tokenizer t: "imageSize" of its network is undefined/],
    [{ ...CONFIG, stem: 0 }, /"stem" .* is 0, wanted a whole .* least 1/],
    [{ ...CONFIG, codes: 1.5 }, /"codes" of its network is 1\.5/],
    [{ ...CONFIG, codes: "6" }, /"codes" of its network is "6"/],
    [{ ...CONFIG, middleBlocks: -1 }, /"middleBlocks" .* at least 0/],
    [{ ...CONFIG, channels: [] }, /"channels" of its network is \[\]/],
    [{ ...CONFIG, channels: [4, 6] }, /is \[4,6\], .* its 4 groups/],
    [{ ...CONFIG, normalizeCodes: 1 }, /is 1, wanted true or false/],
    [{ ...CONFIG, decoderWidening: 1.1 }, /is 1\.1, wanted a number from 1/],
    [{ ...CONFIG, decoderWidening: 0.5 }, /is 0\.5, wanted a number from 1/],
    [{ ...CONFIG, decoderWidening: "2" }, /is "2", wanted a finite number/],
    [
      { ...CONFIG, stem: 0, codes: 0 },
      /"stem" .* 0, .*; "codes" .* 0, .*; exp/,
    ],
    [{ ...CONFIG, imageSize: 18 }, /is 18, .* multiple of the 4 pixels/],
  ];
  for (const [json, message] of odd) {
    assert.throws(() => parseVqganConfig(json, "t"), message);
  }
});
