import assert from "node:assert/strict";
import { checkFit } from "./fit.ts";

const BASE = {
  textWidth: 6,
  textLength: 4,
  width: 8,
  layers: 2,
  heads: 2,
  hidden: 12,
  codes: 10,
  grid: [4, 4],
} as const;
const TOKENIZER = {
  imageSize: 16,
  stem: 2,
  channels: [4, 8],
  encoderBlocks: 1,
  decoderBlocks: 1,
  middleBlocks: 1,
  groups: 2,
  codeWidth: 4,
  codes: 10,
  normalizeCodes: true,
};
const ENCODER = { width: 6, length: 4 };

Deno.test("checkFit() names every part that is made for another model", () => {
  checkFit("draw", BASE, TOKENIZER, ENCODER);
  const check = (base: object, tokenizer: object, encoder: object) => () =>
    checkFit(
      "draw",
      { ...BASE, ...base },
      { ...TOKENIZER, ...tokenizer },
      { ...ENCODER, ...encoder },
    );
  assert.throws(check({}, { codes: 20 }, {}), {
    message: "Cannot draw: the base transformer is made for other parts " +
      "(codes of the tokenizer: 20, wanted 10); take parts that fit",
  });
  assert.throws(
    check({ grid: [4, 5] }, {}, { width: 7 }),
    /grid of the tokenizer: 4x4, wanted 4x5; width of .*: 7, wanted 6\)/,
  );
  assert.throws(check({}, {}, { length: 5 }), /its texts: 5, wanted 4/);
});
