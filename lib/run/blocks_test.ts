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
  Deno.test(`quantizeBlocks() keeps each value within the levels to half of one, in ${name}`, () => {
    const { block, bits } = format;
    const data = normals(ROWS * COLUMNS);
    data.fill(0, 0, block);
    const { values, scales } = quantizeBlocks(data, format);
    assert.equal(values.length, data.length * bits / 8);
    const back = dequantizeBlocks({ values, scales }, format);
    data.forEach((x, i) => {
      const scale = scales[Math.floor(i / block)];
      const [lowest, highest] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
      const level = scale === 0 ? 0 : x / scale;
      const near = Math.max(lowest, Math.min(highest, level)) * scale;
      const most = Math.abs(scale) * 0.5 + 1e-5;
      assert.ok(Math.abs(back[i] - near) <= most, `${i}`);
    });
    // What is on a level stays there.
    assert.deepEqual(quantizeBlocks(back, format).values, values);
    assert.throws(
      () => quantizeBlocks(normals(33), format),
      new RegExp(`33 values in blocks of ${block}`),
    );
  });
}

Deno.test("quantizeBlocks() cuts off what would make the other levels of int4 coarse", () => {
  const { block } = BLOCKS.int4;
  const data = normals(ROWS * COLUMNS);
  const error = (scaleOf: (widest: number) => number) => {
    let sum = 0;
    for (let i = 0; i < data.length; i += block) {
      const own = data.subarray(i, i + block);
      const widest = Math.max(...own.map(Math.abs)) / 8;
      const sign = own.find((x) => Math.abs(x) === widest * 8)! < 0 ? 1 : -1;
      const scale = sign * scaleOf(widest);
      own.forEach((x) => {
        const level = Math.max(-8, Math.min(7, Math.round(x / scale)));
        sum += (x - level * scale) ** 2;
      });
    }
    return sum;
  };
  const stored = quantizeBlocks(data, BLOCKS.int4);
  const back = dequantizeBlocks(stored, BLOCKS.int4);
  const found = data.reduce((sum, x, i) => sum + (x - back[i]) ** 2, 0);
  const fixed = [1, 0.9, 0.8].map((share) => error((widest) => share * widest));
  fixed.forEach((most) => assert.ok(found < most, `${found} and ${most}`));
});

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
