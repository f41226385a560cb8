import assert from "node:assert/strict";
import { leaves } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import { discriminator } from "./discriminator.ts";

const CONFIG = { stem: 2, channels: [8, 16, 16] };

Deno.test("discriminator() gives a number for each patch", () => {
  const scores = discriminator(CONFIG, input("pictures", ["1B", 3, 16, 24]));
  assert.deepEqual(scores.shape, ["1B", 1, 2, 3]);
  const names = leaves([scores], "parameter").map(({ op }) => op.name);
  assert.ok(names.every((name) => name.startsWith("discriminator.")));
  assert.equal(new Set(names).size, names.length);
});

Deno.test("discriminator() judges each picture by itself", () => {
  const rng = createRng("discriminator");
  const normals = (length: number) =>
    Float32Array.from({ length }, () => 0.3 * rng.normal());
  const scores = discriminator(CONFIG, input("pictures", ["1B", 3, 16, 16]));
  const values = Object.fromEntries(
    leaves([scores], "parameter").map(({ op, shape }) => [
      op.name,
      normals((shape as number[]).reduce((a, b) => a * b, 1)),
    ]),
  );
  const pictures = normals(2 * 3 * 256);
  const run = (pictures: Float32Array) => {
    const results = interpret({ scores }, { ...values, pictures });
    const data = [...results.scores.dataSync()];
    results.scores.dispose();
    return data;
  };
  const both = run(pictures);
  assert.equal(both.length, 2 * 4);
  assert.deepEqual(run(pictures.subarray(3 * 256)), both.slice(4));
  assert.notDeepEqual(both.slice(0, 4), both.slice(4));
});
