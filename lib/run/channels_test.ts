import assert from "node:assert/strict";
import {
  add,
  constant,
  conv,
  input,
  matmul,
  mul,
  parameter,
  reshape,
} from "../graph/ops.ts";
import type { Node } from "../graph/node.ts";
import { assertClose } from "./assert_close.ts";
import { dequantizeChannels, quantizeChannels } from "./channels.ts";
import { createRng } from "./random.ts";
import { layerErrors } from "./layer_errors.ts";
import { loadWeights } from "./load_weights.ts";
import { preciseWeights } from "./precise_weights.ts";
import { LARGEST_ERROR, quantizedCopy } from "./quantized_copy.ts";
import {
  type MemoryWeights,
  randomWeights,
  weightEntries,
} from "./random_weights.ts";
import { runOnce } from "./run_once.ts";
import { writeSafetensors } from "./safetensors.ts";
import { createSession, type HostTensor } from "./session.ts";
import { withFolder } from "./temp_folder.ts";

const [ROWS, INPUTS, OUTPUTS] = [5, 96, 80];
const x = input("x", ["1B", ROWS, INPUTS]);
const picture = input("picture", ["1B", INPUTS, 3, 4]);

/** Products that int8 serves, of what is fed. */
const PRODUCTS: Record<string, () => Node> = {
  "a linear layer": () =>
    add(
      matmul(x, parameter("w", [OUTPUTS, INPUTS]), { transposeB: true }),
      parameter("bias", [OUTPUTS]),
    ),
  "a 1x1 convolution": () =>
    conv(
      picture,
      parameter("w", [OUTPUTS, INPUTS, 1, 1]),
      parameter("bias", [OUTPUTS]),
    ),
  "a kernel seen as a matrix": () => {
    const kernel = parameter("w", [OUTPUTS, INPUTS, 1, 1]);
    const matrix = reshape(kernel, [OUTPUTS, INPUTS]);
    return matmul(x, matrix, { transposeB: true });
  },
  "several layers of one input": () => {
    const layer = (name: string) =>
      matmul(x, parameter(name, [OUTPUTS, INPUTS]), { transposeB: true });
    return add(layer("w"), add(layer("v"), layer("w")));
  },
};

/** Writes weights to a file and lends what reads it. */
async function withWeights(
  weights: MemoryWeights,
  use: (path: string, cache: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const path = `${folder}/published.safetensors`;
    await writeSafetensors(path, weightEntries(weights));
    await use(path, `${folder}/cache`);
  });
}

function feeds(batch: number): Record<string, Float32Array> {
  const rng = createRng("channels");
  const floats = (count: number) =>
    Float32Array.from({ length: batch * count }, () => rng.normal());
  return { x: floats(ROWS * INPUTS), picture: floats(INPUTS * 12) };
}

function relativeError(found: HostTensor, wanted: HostTensor): number {
  const energy = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value * value, 0);
  const exact = [...wanted.data as Float32Array];
  return Math.sqrt(
    energy(exact.map((value, i) => found.data[i] - value)) / energy(exact),
  );
}

for (const [what, build] of Object.entries(PRODUCTS)) {
  Deno.test(`int8 with a scale a channel serves ${what}, and errs as measured`, async () => {
    const y = build();
    await withWeights(randomWeights(what, [y]), async (path, cache) => {
      const weights = await loadWeights(path);
      const copy = await quantizedCopy([y], weights, "int8", { cache });
      assert.equal(copy.get("w")?.kind, "channels");
      const exact = await createSession({ y }, weights);
      const int8 = await createSession({ y }, copy);
      const wanted = (await exact.run(feeds(2))).y;
      const found = (await int8.run(feeds(2))).y;
      assert.deepEqual([...found.shape], [...wanted.shape]);
      const error = relativeError(found, wanted);
      assert.ok(error > 1e-3 && error < 0.02, `error ${error}`);
      const measured = await layerErrors([y], weights, new Set(["w"]));
      const layer = measured.get("w")!;
      assert.ok(layer > error / 2 && layer < 2 * error, `${layer} ${error}`);
      await Promise.all([exact.release(), int8.release()]);
    });
  });

  Deno.test(`int8 gives ${what} the same alone and in a batch`, async () => {
    const y = build();
    await withWeights(randomWeights(what, [y]), async (path, cache) => {
      const weights = await loadWeights(path);
      const how = { precision: "int8", cache } as const;
      const int8 = await preciseWeights([y], weights, how);
      const session = await createSession({ y }, int8);
      const three = feeds(3);
      const together = (await session.run(three)).y.data;
      for (let i = 0; i < 3; i++) {
        const alone = (await session.run({
          x: part(three.x, i),
          picture: part(three.picture, i),
        })).y.data;
        assert.deepEqual([...alone], [...part(together as Float32Array, i)]);
      }
      await session.release();
    });
  });
}

for (const [precision, most] of [["int8", 0.02], ["int4", 0.2]] as const) {
  Deno.test(`a product in ${precision} of a fixed batch takes no sum in`, async () => {
    const [rows, width] = [3, 128];
    const x = input("x", [rows, width]);
    const w = parameter("w", [width, width]);
    const y = add(mul(matmul(x, w, { transposeB: true }), 0.5), x);
    const product = add(x, matmul(x, parameter("v", [width, width])));
    await withWeights(
      randomWeights("sum", [y, product]),
      async (path, cache) => {
        const exact = await loadWeights(path);
        const copy = await preciseWeights([y, product], exact, {
          precision,
          cache,
        });
        assert.equal(
          copy.get("w")?.kind,
          { int8: "channels", int4: "blocks" }[precision],
        );
        const fed = { x: feeds(1).x.slice(0, rows * width) };
        const wanted = await runOnce({ y, product }, fed, exact);
        const found = await runOnce({ y, product }, fed, copy);
        const error = relativeError(found.y, wanted.y);
        assert.ok(error > 1e-4 && error < most, `error ${error}`);
        assertClose(found.product.data, wanted.product.data, 1e-5);
      },
    );
  });
}

function part(values: Float32Array, i: number): Float32Array {
  const size = values.length / 3;
  return values.slice(i * size, (i + 1) * size);
}

Deno.test("quantizedCopy() keeps layers in float32 that int8 changes too much", async () => {
  const layer = (name: string, x: Node) =>
    matmul(x, parameter(name, [OUTPUTS, INPUTS]), { transposeB: true });
  // A weight that nothing reaches drowns the others in its channel's scale.
  const reached = new Float32Array(INPUTS).fill(1);
  reached[1] = 0;
  const y = add(layer("even", x), layer("odd", mul(x, constant(reached))));
  const weights = randomWeights("kept", [y]);
  const { data } = weights.get("odd")!;
  for (let n = 0; n < OUTPUTS; n++) data[n * INPUTS + 1] = 400;
  await withWeights(weights, async (path, cache) => {
    const exact = await loadWeights(path);
    const errors = await layerErrors([y], exact, new Set(["odd", "even"]));
    assert.ok(errors.get("even")! < 0.02);
    assert.ok(errors.get("odd")! > LARGEST_ERROR);
    const copy = await quantizedCopy([y], exact, "int8", { cache });
    assert.equal(copy.get("even")?.kind, "channels");
    assert.equal(copy.get("odd")?.kind, "file");
    assert.deepEqual(copy.get("odd"), exact.get("odd"));
  });
});

Deno.test("quantizeChannels() is undone to half a level, of 8 bits or of 7", () => {
  const rng = createRng("levels");
  const data = Float32Array.from({ length: 12 }, () => rng.normal());
  data.fill(0, 8); // a channel without any weight
  for (const levels of [127, 63] as const) {
    const channels = quantizeChannels(data, 3, levels);
    assert.ok(channels.values.every((value) => Math.abs(value) <= levels));
    const half = Math.max(...channels.scales) / 2;
    assertClose(dequantizeChannels(channels), data, half * 1.001);
  }
});

Deno.test("quantizedCopy() keeps all weights in float16 for fp16-storage", async () => {
  const y = PRODUCTS["a linear layer"]();
  await withWeights(randomWeights("half", [y]), async (path, cache) => {
    const weights = await loadWeights(path);
    const copy = await quantizedCopy([y], weights, "fp16-storage", { cache });
    for (const weight of copy.values()) {
      assert.ok(weight.kind === "file" && weight.type === "float16");
    }
    const exact = await createSession({ y }, weights);
    const half = await createSession({ y }, copy);
    const wanted = (await exact.run(feeds(1))).y;
    const error = relativeError((await half.run(feeds(1))).y, wanted);
    assert.ok(error > 1e-6 && error < 1e-3, `error ${error}`);
    // What is in float16 already stays where it is.
    const again = await quantizedCopy([y], copy, "fp16-storage", { cache });
    assert.deepEqual(again, copy);
    await Promise.all([exact.release(), half.release()]);
  });
});
