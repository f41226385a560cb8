import assert from "node:assert/strict";
import { add, gather, input, matmul, parameter } from "../graph/ops.ts";
import { BLOCKS, dequantizeBlocks, quantizeBlocks } from "./blocks.ts";
import { createRng } from "./random.ts";
import { createSession } from "./session.ts";
import { readWeight } from "./weights_together.ts";

const rng = createRng("int4 test");
const normals = (length: number) =>
  Float32Array.from({ length }, () => rng.normal());
const [ROWS, COLUMNS] = [24, 256];

for (const [name, format] of Object.entries(BLOCKS)) {
  Deno.test(`quantizeBlocks() keeps each value to half a level, or a level on the other side, in ${name}`, () => {
    const { block, bits } = format;
    const data = normals(ROWS * COLUMNS);
    data.fill(0, 0, block);
    const { values, scales } = quantizeBlocks(data, format);
    assert.equal(values.length, data.length * bits / 8);
    const back = dequantizeBlocks({ values, scales }, format);
    data.forEach((x, i) => {
      const scale = scales[Math.floor(i / block)];
      const level = scale === 0 ? 0 : x / scale;
      const clipped = level > 2 ** (bits - 1) - 1;
      const most = Math.abs(scale) * (clipped ? 1 : 0.5);
      assert.ok(Math.abs(back[i] - x) <= most * (1 + 1e-5), `${i}`);
    });
    // What is on a level stays there.
    assert.deepEqual(quantizeBlocks(back, format).values, values);
    assert.throws(
      () => quantizeBlocks(normals(33), format),
      new RegExp(`33 values in blocks of ${block}`),
    );
  });
}

Deno.test("a session multiplies by int4 matrices, beside others", async () => {
  const data = normals(ROWS * COLUMNS);
  const shape = [ROWS, COLUMNS];
  const int4 = {
    kind: "int4" as const,
    shape,
    ...quantizeBlocks(data, BLOCKS.int4),
  };
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
  const table = quantizeBlocks(normals(ROWS * COLUMNS), BLOCKS.int4);
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
