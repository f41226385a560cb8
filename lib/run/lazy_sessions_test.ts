import assert from "node:assert/strict";
import { input, mul, parameter } from "../graph/ops.ts";
import { lazySessions } from "./lazy_sessions.ts";
import type { Weight } from "./weights.ts";

Deno.test("lazySessions() compiles a graph once, and frees it once", async () => {
  const sessions = lazySessions("doubler", new Map());
  let asked = 0;
  const open = () =>
    sessions.open("double", () => {
      asked++;
      return { y: mul(input("x", ["1B"]), 2) };
    });
  const [session, again] = await Promise.all([open(), open()]);
  assert.equal(session, again);
  assert.equal(asked, 1);
  const { y } = await session.run({ x: Float32Array.of(1, 2) });
  assert.deepEqual(y.data, Float32Array.of(2, 4));
  await Promise.all([sessions.release(), sessions.release()]);
  await sessions.release();
  await assert.rejects(
    open(),
    /Cannot use the doubler: it was released; load it again/,
  );
});

Deno.test("lazySessions() frees the others of a graph that doesn't compile", async () => {
  const weight: Weight = {
    kind: "memory",
    shape: [1],
    data: Float32Array.of(2),
  };
  const sessions = lazySessions("doubler", new Map([["w", weight]]));
  const x = input("x", ["1B"]);
  await sessions.open("double", () => ({ y: mul(x, 2) }));
  await assert.rejects(
    sessions.open("broken", () => ({ y: mul(x, parameter("w", [3, 1])) })),
    /Cannot use the weight w/,
  );
  await sessions.release();
});

Deno.test("lazySessions() forgets a graph that doesn't compile", async () => {
  const weight: Weight = {
    kind: "memory",
    shape: [1],
    data: Float32Array.of(2),
  };
  const sessions = lazySessions("scaler", new Map([["w", weight]]), {
    most: 2,
  });
  const x = input("x", ["1B"]);
  const scaled = (shape: number[]) => () => ({
    y: mul(x, parameter("w", shape)),
  });
  await assert.rejects(
    sessions.open("scale", scaled([3, 1])),
    /Cannot use the weight w/,
  );
  const session = await sessions.open("scale", scaled([1]));
  const { y } = await session.run({ x: Float32Array.of(3) });
  assert.deepEqual(y.data, Float32Array.of(6));
  // The next that fails takes nobody's place for long.
  await assert.rejects(sessions.open("broken", scaled([3, 1])), /the weight w/);
  await sessions.open("double", () => ({ y: mul(x, 2) }));
  assert.equal(await sessions.open("scale", scaled([1])), session);
  await sessions.release();
});

Deno.test("lazySessions() keeps the latest few, and releases the others", async () => {
  const sessions = lazySessions("scaler", new Map(), { most: 2 });
  const asked: number[] = [];
  const scaled = (factor: number) => {
    asked.push(factor);
    return { y: mul(input("x", ["1B"]), factor) };
  };
  const open = (factor: number) =>
    sessions.open(`${factor}`, () => scaled(factor));
  const x = Float32Array.of(1);
  const two = await open(2);
  const three = await open(3);
  await open(2);
  await open(4); // in place of three
  await assert.rejects(three.run({ x }), /its session was released/);
  const { y } = await two.run({ x });
  assert.deepEqual(y.data, Float32Array.of(2));
  const again = await open(3);
  assert.notEqual(again, three);
  await assert.rejects(two.run({ x }), /its session was released/);
  assert.deepEqual(asked, [2, 3, 4, 3]);
  await sessions.release();
  await assert.rejects(again.run({ x }), /its session was released/);
});

Deno.test("run() of lazySessions() ends before its session makes room", async () => {
  const sessions = lazySessions("scaler", new Map(), { most: 1 });
  const x = Float32Array.of(1, 2);
  const factors = [2, 3, 2, 4];
  const run = (factor: number) =>
    sessions.run(
      `${factor}`,
      () => ({ y: mul(input("x", ["1B"]), factor) }),
      { x },
    );
  const results = await Promise.all(factors.map(run));
  assert.deepEqual(
    results.map(({ y }) => y.data),
    factors.map((factor) => Float32Array.of(factor, 2 * factor)),
  );
  const last = run(5);
  await sessions.release();
  assert.deepEqual((await last).y.data, Float32Array.of(5, 10));
  await assert.rejects(run(5), /Cannot use the scaler: it was released/);
});
