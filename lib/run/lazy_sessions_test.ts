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
