import assert from "node:assert/strict";
import type { Node } from "../graph/node.ts";
import { add, gather, input, matmul, parameter } from "../graph/ops.ts";
import { assertClose } from "./assert_close.ts";
import { compute } from "./compute.ts";
import { loadWeights } from "./load_weights.ts";
import { quantizedCopy } from "./quantized_copy.ts";
import { randomWeights, weightEntries } from "./random_weights.ts";
import { writeSafetensors } from "./safetensors.ts";
import type { StoredPrecision } from "./stored_forms.ts";
import { contents, withFolder } from "./temp_folder.ts";

const [ROWS, WIDTH] = [600, 128];
const ids = input("ids", ["1B", 3], "int32");
const layer = (name: string, x: Node) =>
  matmul(x, parameter(name, [WIDTH, WIDTH]), { transposeB: true });
const table = gather(parameter("table", [ROWS, WIDTH]), ids); // [B,3,128]
const first = add(layer("a", table), parameter("bias", [WIDTH]));
const y = layer("b", first); // [B,3,128]
const small = gather(parameter("small", [4, WIDTH]), ids);
const outputs = [add(y, small)];
const feeds = { ids: Int32Array.of(0, 3, 1, 2, 1, 0) };

/** A file of the graph's weights in a folder, and a cache beside it. */
async function withWeights(
  use: (path: string, cache: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const path = `${folder}/published.safetensors`;
    const weights = randomWeights("quantized", outputs, 0.1);
    await writeSafetensors(path, weightEntries(weights));
    await use(path, `${folder}/cache`);
  });
}

const KINDS = {
  bias: "file",
  small: "file",
  table: "int8",
};

for (
  const [precision, matrices, tolerance] of [
    ["int8", "channels", 0.03],
    ["int4", "blocks", 0.3],
  ] as const
) {
  Deno.test(`quantizedCopy() stores each weight in ${precision} as its use allows`, async () => {
    await withWeights(async (path, cache) => {
      const exact = await loadWeights(path);
      const copy = await quantizedCopy(outputs, exact, precision, {
        cache,
      });
      assert.deepEqual(
        Object.fromEntries([...copy].map(([name, { kind }]) => [name, kind])),
        { ...KINDS, a: matrices, b: matrices },
      );
      const [sum] = outputs;
      const run = async (
        weights: typeof copy,
        by: "onnxruntime" | "tensorflow",
      ) => {
        const { sum: found } = await compute({ sum }, feeds, { weights, by });
        const values = await found.data();
        found.dispose();
        return values;
      };
      const wanted = await run(exact, "onnxruntime");
      const found = await run(copy, "onnxruntime");
      assertClose(found, wanted, tolerance);
      // The runtime rounds activations too, the interpreter only weights.
      assertClose(found, await run(copy, "tensorflow"), 0.02);
    });
  });
}

Deno.test("quantizedCopy() keeps 8 bits of sensitive matrices", async () => {
  await withWeights(async (path, cache) => {
    const copy = await quantizedCopy(
      outputs,
      await loadWeights(path),
      "int4",
      { cache, sensitive: (name) => name === "b" },
    );
    const bits = ["a", "b"].map((name) => {
      const weight = copy.get(name);
      return weight?.kind === "blocks" && weight.bits;
    });
    assert.deepEqual(bits, [4, 8]);
  });
});

Deno.test("quantizedCopy() is written once for the same files", async () => {
  await withWeights(async (path, cache) => {
    const copies = async (precision: StoredPrecision) => {
      const weights = await loadWeights(path);
      await quantizedCopy(outputs, weights, precision, { cache });
      return contents(cache);
    };
    const [int4] = await copies("int4");
    const whole = await Deno.stat(`${cache}/${int4}`);
    assert.deepEqual(await copies("int4"), [int4]);
    assert.deepEqual(
      (await Deno.stat(`${cache}/${int4}`)).mtime,
      whole.mtime,
    );
    assert.equal((await copies("int8")).length, 2);
    // A damaged copy is made again,
    await Deno.truncate(`${cache}/${int4}`, whole.size - 1);
    await copies("int4");
    assert.equal((await Deno.stat(`${cache}/${int4}`)).size, whole.size);
    // and one of a file that changed takes the place of the old one.
    await writeSafetensors(path, weightEntries(randomWeights("new", outputs)));
    const after = await copies("int4");
    assert.equal(after.length, 2);
    assert.ok(!after.includes(int4));
  });
});

Deno.test("quantizedCopy() leaves no file behind if the weights end too early", async () => {
  await withWeights(async (path, cache) => {
    const weights = await loadWeights(path);
    await Deno.truncate(path, 100_000);
    await assert.rejects(
      quantizedCopy(outputs, weights, "int4", { cache }),
      /published\.safetensors: it ends at byte/,
    );
    assert.deepEqual(contents(cache), []);
  });
});

Deno.test("quantizedCopy() refuses weights in memory, which nothing would tell apart", async () => {
  await assert.rejects(
    quantizedCopy(outputs, randomWeights("memory", outputs), "int4"),
    /Cannot quantize table: it is in memory, wanted all weights in files/,
  );
});
