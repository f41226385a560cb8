import assert from "node:assert/strict";
import { B } from "../graph/dim.ts";
import * as g from "../graph/ops.ts";
import { createSession } from "./session.ts";

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
