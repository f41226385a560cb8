import assert from "node:assert/strict";
import { createRng } from "../run/random.ts";
import { corruptTokens, NEIGHBOURS } from "./corrupt.ts";

const CODES = 100;
const LENGTH = 500;
const BATCH = 200;
/** The codes that follow, in a circle. */
const NEAR = Int32Array.from(
  { length: CODES * NEIGHBOURS },
  (_, i) => (Math.floor(i / NEIGHBOURS) + 1 + i % NEIGHBOURS) % CODES,
);
/** Codes 0 to 9 only: the batch has no others. */
const TOKENS = Int32Array.from(
  { length: BATCH * LENGTH },
  (_, i) => (i * 7 + Math.floor(i / LENGTH)) % 10,
);

function corrupt(most: number): Int32Array {
  const rng = createRng("corrupt test");
  return corruptTokens(TOKENS, BATCH, NEAR, most, rng);
}

Deno.test("corruptTokens() changes from none to the most of each picture", () => {
  const corrupted = corrupt(0.5);
  const shares = Array.from({ length: BATCH }, (_, picture) => {
    const from = picture * LENGTH;
    let changed = 0;
    for (let i = from; i < from + LENGTH; i++) {
      if (corrupted[i] !== TOKENS[i]) changed++;
    }
    return changed / LENGTH;
  }).sort((a, b) => a - b);
  const mean = shares.reduce((a, b) => a + b) / BATCH;
  // A twentieth of the replacements is the token that was there.
  assert.ok(Math.abs(mean - 0.25 * 0.95) < 0.02, `${mean}`);
  assert.ok(shares[5] < 0.05 && shares.at(-5)! > 0.42, `${shares}`);
  assert.ok(shares.at(-1)! < 0.56);
  assert.deepEqual(corrupt(0), TOKENS);
});

Deno.test("corruptTokens() takes half of the replacements from near codes, half from the batch", () => {
  const corrupted = corrupt(1);
  let near = 0;
  let fromBatch = 0;
  TOKENS.forEach((token, i) => {
    const found = corrupted[i];
    if (found === token) return;
    const isNear = (found - token + CODES) % CODES <= NEIGHBOURS;
    assert.ok(isNear || found < 10, `${token} became ${found}`);
    // What only one of the two gives
    if (isNear && found >= 10) near++;
    if (!isNear && found < 10) fromBatch++;
  });
  const replaced = BATCH * LENGTH / 2;
  // Of a code's 8 neighbours, 3.6 on average are not among the first ten
  // codes; of ten codes from the batch, 3.7 are neither near nor the same.
  assert.ok(Math.abs(near / (replaced / 2) - 3.6 / 8) < 0.03, `${near}`);
  assert.ok(fromBatch / (replaced / 2) > 0.3, `${fromBatch}`);
});

Deno.test("corruptTokens() is the same for the same chance, and leaves its input", () => {
  const before = TOKENS.slice();
  assert.deepEqual(corrupt(0.7), corrupt(0.7));
  assert.deepEqual(TOKENS, before);
});
