import assert from "node:assert/strict";
import { join } from "node:path";
import * as ops from "../graph/ops.ts";
import { writeRandomWeights } from "./random_weights.ts";
import { readSafetensorsHeader, readTensorsF32 } from "./safetensors.ts";
import { withFolder } from "./temp_folder.ts";

Deno.test("writeRandomWeights() are by the fan-in, ones and zeros, and no two matrices equal", () =>
  withFolder(async (folder) => {
    const sizes = {
      "first.weight": [1500, 1024],
      "second.weight": [1500, 1024],
      "first.bias": [3],
      "norm.weight": [3],
    };
    const path = join(folder, "weights.safetensors");
    const nodes = Object.entries(sizes).map(([name, shape]) =>
      ops.parameter(name, shape)
    );
    const count = await writeRandomWeights(path, nodes, "test");
    assert.equal(count, 2 * 1500 * 1024 + 6);
    const tensors = await readTensorsF32(await readSafetensorsHeader(path));
    const data = (name: keyof typeof sizes) => tensors.get(name)!.data;
    assert.deepEqual([...data("first.bias")], [0, 0, 0]);
    assert.deepEqual([...data("norm.weight")], [1, 1, 1]);
    const [first, second] = [data("first.weight"), data("second.weight")];
    const power = first.reduce((sum, x) => sum + x * x, 0) / first.length;
    assert.ok(Math.abs(1024 * power - 1) < 0.01);
    assert.notDeepEqual(first.slice(0, 8), second.slice(0, 8));
  }));
