import assert from "node:assert/strict";
import { add, gather, input, matmul, parameter } from "../graph/ops.ts";
import { dequantizeInt4, INT4_BLOCK, quantizeInt4 } from "./int4.ts";
import { createRng } from "./random.ts";
import { createSession } from "./session.ts";
import { readWeight } from "./weights_together.ts";

const rng = createRng("int4 test");
const normals = (length: number) =>
  Float32Array.from({ length }, () => rng.normal());
const [ROWS, COLUMNS] = [24, 2 * INT4_BLOCK];

Deno.test("quantizeInt4() keeps each value to half a level of its block", () => {
  const data = normals(ROWS * COLUMNS);
  data.fill(0, 0, INT4_BLOCK);
  const { values, scales } = quantizeInt4(data);
  assert.equal(values.length, data.length / 2);
  const back = dequantizeInt4({ values, scales });
  data.forEach((x, i) => {
    const half = scales[Math.floor(i / INT4_BLOCK)] / 2;
    assert.ok(Math.abs(back[i] - x) <= half * (1 + 1e-5), `${i}`);
  });
  // What is on a level stays there.
  assert.deepEqual(quantizeInt4(back).values, values);
  assert.throws(() => quantizeInt4(normals(33)), /33 values in blocks of 32/);
});

Deno.test("a session multiplies by int4 matrices, beside others", async () => {
  const data = normals(ROWS * COLUMNS);
  const shape = [ROWS, COLUMNS];
  const int4 = { kind: "int4" as const, shape, ...quantizeInt4(data) };
  const bias = { kind: "memory" as const, shape: [ROWS], data: normals(ROWS) };
  const product = matmul(
    input("x", ["1B", 3, COLUMNS]),
    parameter("w.weight", shape),
    { transposeB: true },
  );
  const y = add(product, parameter("w.bias", [ROWS]));
  const x = normals(2 * 3 * COLUMNS);
  const weights = { "w.bias": bias };
  const exact = new Map(Object.entries({
    ...weights,
    "w.weight": {
      kind: "memory" as const,
      shape,
      data: await readWeight(int4),
    },
  }));
  const rounded = new Map(Object.entries({ ...weights, "w.weight": int4 }));
  const [wanted, found] = await Promise.all(
    [exact, rounded].map(async (weights) => {
      const session = await createSession({ y }, weights);
      const results = await session.run({ x });
      await session.release();
      return results.y;
    }),
  );
  assert.deepEqual(found.shape, [2, 3, ROWS]);
  // The runtime rounds the activations to int8.
  const squares = Array.from(wanted.data, (value) => value ** 2);
  const spread = Math.sqrt(squares.reduce((a, b) => a + b) / squares.length);
  wanted.data.forEach((value, i) => {
    assert.ok(Math.abs(found.data[i] - value) < 0.04 * spread, `${i}`);
  });
});

Deno.test("createSession() refuses int4 for what is no linear layer", async () => {
  const shape = [ROWS, COLUMNS];
  const table = quantizeInt4(normals(ROWS * COLUMNS));
  const weights = new Map([["w", { kind: "int4" as const, shape, ...table }]]);
  const w = parameter("w", shape);
  const uses = [
    gather(w, input("ids", ["1B"], "int32")),
    matmul(input("x", ["1B", ROWS]), w),
  ];
  for (const y of uses) {
    await assert.rejects(
      createSession({ y }, weights),
      /Cannot use w in int4: .*linear layers only/,
    );
  }
});
