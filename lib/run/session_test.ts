import assert from "node:assert/strict";
import { B } from "../graph/dim.ts";
import type { Values } from "../graph/op.ts";
import * as g from "../graph/ops.ts";
import { f32ToBf16, f32ToF16 } from "./half.ts";
import { loadWeights } from "./load_weights.ts";
import { int8Entries } from "./quantize.ts";
import { writeSafetensors } from "./safetensors.ts";
import { createSession } from "./session.ts";
import type { Weight, Weights } from "./weights.ts";

const floats = (...numbers: number[]) => Float32Array.from(numbers);

Deno.test("createSession() takes names that compilers like to make up", async () => {
  const names = ["v0", "v1", "c0", "c1", "0", "w[2]", "a b/c:d.é"];
  const inputs = names.map((name) => g.input(name, [B, 2]));
  const sum = inputs.reduce((total, x) => g.add(g.mul(total, 3), x));
  const same = g.reshape(sum, [B, 1, 2]);
  const session = await createSession({ v0: sum, c0: sum, "0": same });
  const feeds = names.map((name, i) => [name, floats(i, 1)] as const);
  const results = await session.run(Object.fromEntries(feeds));
  const wanted = names.map((_, i) => i).reduce((total, i) => total * 3 + i);
  for (const name of ["v0", "c0", "0"]) {
    assert.deepEqual(results[name].data, floats(wanted, 1093));
  }
  await session.release();
});

Deno.test("createSession() feeds a parameter that is two nodes once", async () => {
  const w = () => g.parameter("w", [2]);
  const session = await createSession({ y: g.sub(g.mul(w(), 3), w()) });
  const { y } = await session.run({ w: floats(1, 2) });
  assert.deepEqual(y.data, floats(2, 4));
  await session.release();
});

Deno.test("createSession() refuses two leaves of one name", async () => {
  const y = g.add(g.parameter("a", [2]), g.parameter("a", [1]));
  await assert.rejects(createSession({ y }), {
    name: "RangeError",
    message: /^Cannot use the graph: a is the name of the parameter float32/,
  });
});

/** A file of one weight of every kind, and two weights in memory. */
async function mixedWeights(path: string): Promise<Weights> {
  const shape = [2, 2];
  const data = floats(1, -2, 0.5, 4);
  await writeSafetensors(path, [
    { name: "f32", dtype: "F32", shape, data },
    { name: "f16", dtype: "F16", shape, data: f32ToF16(data) },
    { name: "bf16", dtype: "BF16", shape, data: f32ToBf16(data) },
    ...int8Entries("int8", shape, floats(127, -64, 0, 254), 2),
  ]);
  const memory = { kind: "memory", shape, data: floats(9, 8, 7, 6) } as const;
  return new Map<string, Weight>([
    ...await loadWeights(path),
    ["memory", memory],
    // A view of a part of its buffer.
    ["view", { ...memory, data: floats(0, 5, 6, 7, 8, 0).subarray(1, 5) }],
  ]);
}

const MIXED = {
  f32: floats(1, -2, 0.5, 4),
  f16: floats(1, -2, 0.5, 4),
  bf16: floats(1, -2, 0.5, 4),
  int8: floats(127, -64, 0, 254),
  memory: floats(9, 8, 7, 6),
  view: floats(5, 6, 7, 8),
};

const MIXES: (keyof typeof MIXED)[][] = [
  ["f32", "f16", "bf16", "int8", "memory", "view"],
  ["memory", "int8"],
  ["f16", "view"],
  ["memory", "view"],
  ["f32", "int8"], // those in memory are not used
];

for (const names of MIXES) {
  Deno.test(`createSession() takes the weights ${names} at once`, async () => {
    const path = await Deno.makeTempFile();
    const weights = await mixedWeights(path);
    const outputs = Object.fromEntries(
      names.map((name) => [name, g.parameter(name, [2, 2])]),
    );
    const rows = g.gather(
      g.parameter(names[0], [2, 2]),
      g.input("ids", [2], "int32"),
    );
    const session = await createSession({ ...outputs, rows }, weights);
    const results = await session.run({ ids: Int32Array.of(1, 0) });
    for (const name of names) assert.deepEqual(results[name].data, MIXED[name]);
    const [a, b, c, d] = MIXED[names[0]];
    assert.deepEqual(results.rows.data, floats(c, d, a, b));
    await session.release();
    await Deno.remove(path);
  });
}

Deno.test("createSession() refuses a weight of another shape", async () => {
  const weights: Weights = new Map([
    ["w", { kind: "memory", shape: [3], data: floats(1, 2, 3) }],
  ]);
  await assert.rejects(createSession({ w: g.parameter("w", [2]) }, weights), {
    name: "RangeError",
    message: "Cannot use the weight w: found shape [3], wanted [2]",
  });
});

Deno.test("release() may come twice, and run() refuses after it", async () => {
  const session = await createSession({ y: g.neg(g.input("x", [B])) });
  await session.run({ x: floats(1) });
  await Promise.all([session.release(), session.release()]);
  await session.release();
  await assert.rejects(session.run({ x: floats(1) }), {
    message: "Cannot run the graph: its session was released; make another " +
      "with createSession()",
  });
});

Deno.test("createSession() refuses a number of threads that is none", async () => {
  for (const threads of [0, -1, 1.5, NaN]) {
    await assert.rejects(
      createSession({ y: g.input("x", [B]) }, undefined, { threads }),
      new RegExp(`for ${threads} threads: wanted a whole number from 1 on`),
    );
  }
});

Deno.test("run() refuses feeds that don't fit, and names them", async () => {
  const x = g.input("x", ["2B", 3]);
  const ids = g.input("ids", [B], "int32");
  const w = g.parameter("w", [3]);
  const y = g.add(g.mul(x, w), g.sum(g.cast(ids, "float32")));
  const session = await createSession({ y });
  const fits = { x: floats(1, 2, 3, 4, 5, 6), ids: Int32Array.of(1) };
  const run = (feeds: Record<string, Values>) =>
    session.run({ ...fits, w: floats(1, 2, 3), ...feeds });
  await run({ other: floats() });
  const refused: [Record<string, Values>, RegExp][] = [
    [{ x: floats(1, 2, 3) }, /feed x: wanted .*2B,3\], found .* of 3$/],
    [{ x: floats() }, /feed x: .* of 0$/],
    [{ ids: floats(1) }, /feed ids: wanted int32\[B\], found Float32Array/],
    [{ ids: Int32Array.of(1, 2) }, /ids .* batch of 2: x has a batch of 1/],
    [{ w: floats(1) }, /feed w: wanted float32\[3\], found .* of 1$/],
  ];
  for (const [feeds, message] of refused) {
    await assert.rejects(run(feeds), { name: "RangeError", message });
  }
  await assert.rejects(session.run({ ...fits, X: fits.x, W: floats(1) }), {
    message: "Cannot run the graph without the parameter w, float32[3]; " +
      "given were: x, ids, X, W",
  });
  await session.release();
});

Deno.test("run() writes outputs where it is told, and nowhere else", async () => {
  const x = g.input("x", [B, 2]);
  const session = await createSession({ y: g.neg(x), z: g.argMax(x) });
  const feeds = { x: floats(1, 2, 4, 3) };
  const [y, z] = [floats(0, 0, 0, 0), Int32Array.of(0, 0)];
  await session.run(feeds, { y, z });
  assert.deepEqual([[...y], [...z]], [[-1, -2, -4, -3], [1, 0]]);
  const refused: [Record<string, Values>, RegExp][] = [
    [{ Y: y }, /write the output Y: .*none of that name; .* are y, z$/],
    [
      { y: y.subarray(2) },
      /output y: wanted Float32Array of 4, found .* of 2$/,
    ],
    [{ z: floats(0, 0) }, /output z: wanted Int32Array of 2, found Float32/],
  ];
  for (const [into, message] of refused) {
    await assert.rejects(session.run(feeds, into), {
      name: "RangeError",
      message,
    });
  }
  await session.release();
});
