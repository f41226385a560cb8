import assert from "node:assert/strict";
import { join } from "node:path";
import { loadWeights } from "./load_weights.ts";
import { contents, withFolder } from "./temp_folder.ts";
import { findWeightFiles } from "./weight_files.ts";
import { readWeight } from "./weights_together.ts";

const FOLDER = new URL("testdata/torch/", import.meta.url).pathname;
const INDEX = {
  sharded_bin: "pytorch_model.bin.index.json",
  sharded_safetensors: "model.safetensors.index.json",
};
const RAMP = [0, 1, 2, 3, 4, 5];
/** The fixtures' floating tensors, as float32. */
const WANTED = {
  f64: RAMP.map((n) => n / 4),
  f32: RAMP.map((n) => n - 2.5),
  f16: [...new Float16Array(RAMP.map((n) => n / 3))],
  scalar: [7],
  empty: [],
};

async function valuesOf(path: string, cache: string) {
  const weights = await loadWeights(path, { cache });
  assert.deepEqual(
    [...weights.keys()].filter((name) => name !== "bf16").sort(),
    [...Object.keys(WANTED)].sort(),
  );
  const values: Record<string, number[]> = {};
  for (const name of Object.keys(WANTED)) {
    values[name] = [...await readWeight(weights.get(name)!)];
  }
  return values;
}

for (const [name, index] of Object.entries(INDEX)) {
  Deno.test(`loadWeights() reads several files as one: ${name}`, async () => {
    await withFolder(async (cache) => {
      const folder = join(FOLDER, name);
      assert.deepEqual(await valuesOf(folder, cache), WANTED);
      assert.deepEqual(await valuesOf(join(folder, index), cache), WANTED);
      const files = new Set(
        [...(await loadWeights(folder, { cache })).values()]
          .flatMap((weight) => weight.kind === "file" ? [weight.path] : []),
      );
      assert.equal(files.size, 2);
    });
  });

  Deno.test(`loadWeights() names all files that are missing: ${name}`, async () => {
    await withFolder(async (folder) => {
      await Deno.copyFile(join(FOLDER, name, index), join(folder, index));
      await assert.rejects(
        loadWeights(folder),
        /index\.json: 2 of the 2 files it names are missing beside it: \S+1-of-00002\.\w+, \S+2-of-00002\.\w+; fetch them too$/,
      );
    });
  });
}

Deno.test("findWeightFiles() prefers a folder's files as transformers does", async () => {
  await withFolder(async (folder) => {
    await assert.rejects(
      findWeightFiles(folder),
      /none of model\.safetensors, .* is in it; name the file itself$/,
    );
    for (const name of ["pytorch_model.bin", "model.safetensors"]) {
      await Deno.writeTextFile(join(folder, name), "");
      assert.deepEqual(await findWeightFiles(folder), [
        { path: join(folder, name) },
      ]);
    }
    const path = join(folder, "pytorch_model.bin");
    assert.deepEqual(await findWeightFiles(path), [{ path }]);
    await assert.rejects(
      findWeightFiles(join(folder, "no")),
      Deno.errors.NotFound,
    );
  });
});

const INDICES: Record<string, [unknown, RegExp]> = {
  "that is no JSON": ["{", /it is not JSON/],
  "without a map": [{}, /it has no weight_map/],
  "that is a list": [[], /it has no weight_map/],
  "with a list for a map": [{ weight_map: ["a"] }, /it has no weight_map/],
  "of nothing": [{ weight_map: {} }, /its weight_map is empty/],
  "with a number for a file": [
    { weight_map: { a: 5 } },
    /"a" is in the file 5/,
  ],
  "of a file elsewhere": [
    { weight_map: { a: "../x.safetensors" } },
    /"a" is in the file "\.\.\/x\.safetensors"/,
  ],
  "of a full path": [
    { weight_map: { a: "/etc/passwd" } },
    /"a" is in the file "\/etc\/passwd"/,
  ],
  "of the folder above": [{ weight_map: { a: ".." } }, /no file of weights/],
  "of itself": [
    { weight_map: { a: "model.safetensors.index.json" } },
    /no file of weights/,
  ],
};

for (const [what, [index, message]] of Object.entries(INDICES)) {
  Deno.test(`findWeightFiles() refuses an index ${what}`, async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "model.safetensors.index.json");
      const text = typeof index === "string" ? index : JSON.stringify(index);
      await Deno.writeTextFile(path, text);
      await assert.rejects(findWeightFiles(path), message);
    });
  });
}

Deno.test("loadWeights() says when a tensor isn't in the file of the index", async () => {
  await withFolder(async (folder) => {
    const source = join(FOLDER, "sharded_safetensors");
    for (const name of contents(source)) {
      await Deno.copyFile(join(source, name), join(folder, name));
    }
    const path = join(folder, INDEX.sharded_safetensors);
    const index = JSON.parse(await Deno.readTextFile(path));
    index.weight_map.more = index.weight_map.f32;
    await Deno.writeTextFile(path, JSON.stringify(index));
    await assert.rejects(
      loadWeights(path),
      /"more" is not in .*-00001-of-00002\.safetensors, as it says; fetch both/,
    );
    delete index.weight_map.more;
    delete index.weight_map.f32;
    await Deno.writeTextFile(path, JSON.stringify(index));
    assert.ok(!(await loadWeights(path)).has("f32"));
  });
});
