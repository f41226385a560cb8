import assert from "node:assert/strict";
import { join } from "node:path";
import { add, input, parameter } from "../graph/ops.ts";
import { loadWeights, type LoadWeightsOptions } from "./load_weights.ts";
import { readSafetensorsHeader, readTensorsF32 } from "./safetensors.ts";
import { createSession } from "./session.ts";
import { contents, withFolder } from "./temp_folder.ts";
import type { Weights } from "./weights.ts";
import { bringTogether } from "./weights_together.ts";

const FOLDER = new URL("testdata/torch/", import.meta.url).pathname;

/** What a session sees of each weight, by adding zeros to it. */
async function valuesOf(weights: Weights): Promise<Record<string, number[]>> {
  const sums = [...weights].map(([name, { shape }]) =>
    [name, add(parameter(name, shape), input(`zeros ${name}`, shape))] as const
  );
  const zeros = [...weights].map(([name, { shape }]) =>
    [
      `zeros ${name}`,
      new Float32Array(shape.reduce((a, b) => a * b, 1)),
    ] as const
  );
  const session = await createSession(Object.fromEntries(sums), weights);
  const results = await session.run(Object.fromEntries(zeros));
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [
      name,
      Array.from(data, Number),
    ]),
  );
}

/** Holds what a session sees against what Python wrote beside the file. */
async function assertSeen(
  fixture: string,
  options: LoadWeightsOptions,
): Promise<Weights> {
  const weights = await loadWeights(join(FOLDER, `${fixture}.pth`), options);
  const full = new Map(
    [...weights].filter(([, { shape }]) => !shape.includes(0)),
  );
  const header = await readSafetensorsHeader(
    join(FOLDER, `${fixture}.safetensors`),
  );
  const wanted = await readTensorsF32(header);
  assert.deepEqual([...weights.keys()].sort(), [...wanted.keys()].sort());
  for (const [name, values] of Object.entries(await valuesOf(full))) {
    assert.deepEqual(values, [...wanted.get(name)!.data], name);
  }
  return weights;
}

for (const name of ["parameters", "lightning", "script", "traced"]) {
  Deno.test(`loadWeights() leaves the weights of ${name} where they are`, async () => {
    await withFolder(async (cache) => {
      const weights = await assertSeen(name, { cache });
      const path = await Deno.realPath(join(FOLDER, `${name}.pth`));
      for (const weight of weights.values()) {
        assert.equal(weight.kind === "file" && weight.path, path);
      }
      assert.deepEqual(contents(cache), []);
    });
  });
}

for (const name of ["zip", "zip_views", "legacy", "legacy_views", "deflated"]) {
  Deno.test(`loadWeights() takes the weights of ${name} from a copy`, async () => {
    await withFolder(async (cache) => {
      const weights = await assertSeen(name, { cache });
      const copies = contents(cache);
      assert.equal(copies.length, 1);
      const paths = [...weights.values()].flatMap((weight) =>
        weight.kind === "file" ? [weight.path] : []
      );
      assert.ok(paths.length > 0);
      assert.deepEqual(new Set(paths), new Set([join(cache, copies[0])]));
    });
  });
}

Deno.test("loadWeights() reads only the float64 weights into memory", async () => {
  await withFolder(async (cache) => {
    const weights = await loadWeights(join(FOLDER, "zip.pth"), { cache });
    const kinds = [...weights].filter(([, { kind }]) => kind === "memory");
    assert.deepEqual(kinds.map(([name]) => name), ["f64"]);
    const others = await bringTogether(weights, new Set(["f32", "f16"]));
    for (const { kind } of others.values()) assert.equal(kind, "file");
  });
});

Deno.test("loadWeights() takes the state dict that is named", async () => {
  const path = join(FOLDER, "lightning.pth");
  const stateDict = "optimizer_states/0/state/0";
  const weights = await loadWeights(path, { stateDict });
  assert.deepEqual([...weights.keys()], ["exp_avg"]);
  await assert.rejects(
    loadWeights(join(FOLDER, "zip.safetensors"), { stateDict }),
    /zip\.safetensors: the state dict "\S+" was asked for, and only PyTorch/,
  );
});
