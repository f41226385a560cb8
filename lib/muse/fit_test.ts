import assert from "node:assert/strict";
import { checkFit, checkSuperresFit } from "./fit.ts";
import { TINY_VQGAN } from "../vqgan/tiny_vqgan.ts";
import { TINY } from "./tiny_base.ts";
import { TINY_SUPERRES } from "./tiny_superres.ts";

const BASE = { ...TINY, textWidth: 6, codes: 10, grid: [4, 4] } as const;
const TOKENIZER = { ...TINY_VQGAN, codes: 10 };
const ENCODER = { width: 6, length: 3 };

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
  assert.throws(check({}, {}, { length: 5 }), /its texts: 5, wanted 3/);
});

Deno.test("checkSuperresFit() names every part that is made for another model", () => {
  const network = { ...TINY_SUPERRES, lowGrid: [2, 2], grid: [4, 4] } as const;
  const low = { ...TOKENIZER, imageSize: 8, codes: 16 };
  const high = { ...TOKENIZER, codes: 12 };
  const encoder = { width: 12, length: 3 };
  const parts = { low, high, encoder };
  checkSuperresFit("draw", network, parts);
  assert.throws(
    () => checkSuperresFit("draw", network, { ...parts, low: high }),
    {
      message: "Cannot draw: the super-resolution transformer is made for " +
        "other parts (codes of the base tokenizer: 12, wanted 16; grid of " +
        "the base tokenizer: 4x4, wanted 2x2); take parts that fit",
    },
  );
  assert.throws(
    () => checkSuperresFit("draw", network, { ...parts, high: low }),
    /codes of the high-res.*: 16, wanted 12; grid of the high.*2x2, wanted 4x4/,
  );
  assert.throws(
    () =>
      checkSuperresFit("draw", network, {
        ...parts,
        encoder: { width: 6, length: 4 },
      }),
    /width of the text encoder: 6, wanted 12; length of its texts: 4, wanted 3/,
  );
});
