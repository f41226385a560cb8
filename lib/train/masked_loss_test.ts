import assert from "node:assert/strict";
import { input } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import { maskedCrossEntropy } from "./masked_loss.ts";

Deno.test("maskedCrossEntropy() averages over the masked positions", () => {
  const rng = createRng("masked loss");
  const logits = Float32Array.from({ length: 12 }, () => 3 * rng.normal());
  const tokens = Int32Array.of(2, 0, 1, 1);
  const weights = Float32Array.of(1, 0, 0, 1);
  const result = interpret(
    maskedCrossEntropy(
      input("logits", [2, 2, 3]),
      input("tokens", [2, 2], "int32"),
      input("weights", [2, 2]),
    ),
    { logits, tokens, weights },
  );
  const logOf = (row: number, code: number) => {
    const values = logits.slice(3 * row, 3 * row + 3);
    const total = values.reduce((sum, x) => sum + Math.exp(x), 0);
    return values[code] - Math.log(total);
  };
  const crossEntropy = -(logOf(0, 2) + logOf(3, 1)) / 2;
  const smooth =
    -[0, 3].flatMap((row) => [0, 1, 2].map((code) => logOf(row, code)))
      .reduce((a, b) => a + b, 0) / 6;
  assertClose(result.crossEntropy.dataSync(), [crossEntropy], 1e-6);
  assertClose(result.smooth.dataSync(), [smooth], 1e-6);
  Object.values(result).forEach((tensor) => tensor.dispose());
});

Deno.test("maskedCrossEntropy() is 0 where nothing is masked", () => {
  const result = interpret(
    maskedCrossEntropy(
      input("logits", [1, 2, 3]),
      input("tokens", [1, 2], "int32"),
      input("weights", [1, 2]),
    ),
    {
      logits: new Float32Array(6),
      tokens: new Int32Array(2),
      weights: new Float32Array(2),
    },
  );
  assert.equal(result.crossEntropy.dataSync()[0] + 0, 0);
  Object.values(result).forEach((tensor) => tensor.dispose());
});
