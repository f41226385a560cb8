import assert from "node:assert/strict";
import { B } from "../graph/dim.ts";
import { concat, input, reshape } from "../graph/ops.ts";
import { embedding } from "../nn/linear.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import { createSession } from "../run/session.ts";
import {
  samplerGraph,
  samplerInputs,
  type SamplerOptions,
  sampleTokens,
} from "./sample_graph.ts";
import {
  feeds,
  GUIDED,
  type Limits,
  normals,
  sampleRows,
  UNGUIDED,
  withSampler,
} from "./sample_reference.ts";
import { variantName } from "./step_variant.ts";

const TOP: SamplerOptions = { guided: false, truncated: true };
const GUIDED_TOP: SamplerOptions = { guided: true, truncated: true };

const cases: [number, number, SamplerOptions, number, number, Limits?][] = [
  // N, K, options, temperature, guidance, top k and p
  [16, 1024, UNGUIDED, 1, 0],
  [16, 1000, GUIDED, 1, 3],
  [9, 97, GUIDED, 0.7, 0.5],
  [9, 8, GUIDED, 1.5, 0],
  [4, 1, UNGUIDED, 1, 0],
  [16, 64, UNGUIDED, 0, 0],
  [16, 64, GUIDED, 0, 2],
  [16, 64, TOP, 1, 0, { topK: 3 }],
  [16, 512, GUIDED_TOP, 1.2, 1.5, { topK: 50 }],
  [16, 64, TOP, 1, 0, { topK: 1 }],
  [16, 64, TOP, 1, 0, { topK: 64 }],
  [16, 64, TOP, 1, 0, { topP: 0.5 }],
  [16, 1000, GUIDED_TOP, 0.8, 2, { topP: 0.9 }],
  [16, 97, TOP, 2, 0, { topK: 20, topP: 0.7 }],
  [16, 64, TOP, 1, 0, { topP: 1e-6 }],
  [16, 64, TOP, 0, 0, { topK: 9, topP: 0.9 }],
  [4, 1, TOP, 1, 0, { topK: 1, topP: 0.5 }],
];

for (const [tokens, codes, options, temperature, guidance, top] of cases) {
  const about = `K ${codes}, ${variantName(options)}, ` +
    `temperature ${temperature}, guidance ${guidance}, ` +
    `${JSON.stringify(top ?? {})}`;
  Deno.test(`sampleTokens() agrees with its definition: ${about}`, async () => {
    await withSampler(tokens, codes, options, async (run) => {
      for (const batch of [1, 3]) {
        const rng = createRng("sample", codes, batch);
        const parts = options.guided ? 2 * batch : batch;
        const fed = feeds(
          normals(parts * tokens * codes, 2, rng),
          rng.fill(new Float32Array(batch * tokens)),
          temperature,
          guidance,
          top,
        );
        const found = await run(fed);
        const wanted = sampleRows(fed, codes, options);
        const clear = wanted.filter(({ margin }) => margin > 1e-5);
        assert(clear.length >= wanted.length - 1);
        wanted.forEach(({ id, margin }, i) => {
          if (margin > 1e-5) assert.equal(found.ids[i], id, `row ${i}`);
        });
        const confidence = wanted.map((row, i) => row.confidence[found.ids[i]]);
        assertClose(found.confidence, confidence, 1e-5);
      }
    });
  });
}

Deno.test("sampleTokens() gives the same on TensorFlow.js", async () => {
  const rng = createRng("two engines");
  const fed = feeds(
    normals(2 * 2 * 8 * 60, 2, rng),
    rng.fill(new Float32Array(2 * 8)),
    0.9,
    1,
    { topK: 20, topP: 0.8 },
  );
  await withSampler(8, 60, GUIDED_TOP, async (run) => {
    const fast = await run(fed);
    const graph = samplerGraph(8, 60, GUIDED_TOP);
    const checked = interpret({ ...graph }, { ...fed });
    assert.deepEqual([...fast.ids], [...checked.ids.dataSync()]);
    assertClose(fast.confidence, checked.confidence.dataSync(), 1e-6);
  });
});

Deno.test("sampleTokens() takes the first of the likeliest at temperature 0", async () => {
  await withSampler(2, 6, UNGUIDED, async (run) => {
    const logits = Float32Array.of(1, 5, 2, 5, 5, 0, -3, -3, -3, -3, -3, -3);
    const fed = feeds(logits, Float32Array.of(0.9, 0.9), 0);
    const { ids, confidence } = await run(fed);
    assert.deepEqual([...ids], [1, 0]);
    const e = Math.exp(-4) + Math.exp(-3) + Math.exp(-5);
    assertClose(confidence, [1 / (3 + e), 1 / 6], 1e-6);
  });
});

Deno.test("sampleTokens() with guidance 0 ignores the unconditional half", async () => {
  const rng = createRng("guidance 0");
  const conditional = normals(4 * 50, 1, rng);
  const both = new Float32Array(8 * 50);
  both.set(conditional);
  both.set(normals(4 * 50, 1, rng), 4 * 50);
  const uniforms = rng.fill(new Float32Array(4));
  await withSampler(4, 50, GUIDED, async (guided) => {
    await withSampler(4, 50, UNGUIDED, async (plain) => {
      assert.deepEqual(
        await guided(feeds(both, uniforms)),
        await plain(feeds(conditional, uniforms)),
      );
    });
  });
});

Deno.test("sampleTokens() draws from all codes at a top k of K and a top p of 1", async () => {
  const rng = createRng("all of them");
  const fed = feeds(normals(64 * 200, 3, rng), rng.fill(new Float32Array(64)));
  await withSampler(64, 200, TOP, async (truncated) => {
    await withSampler(64, 200, UNGUIDED, async (plain) => {
      assert.deepEqual(await truncated(fed), await plain(fed));
    });
  });
});

Deno.test("sampleTokens() joins a network, at any batch size alike", async () => {
  // A network whose logits are a table's rows, each id's own.
  const [tokens, codes] = [16, 200];
  const ids = input("ids", [B, tokens], "int32");
  const logits = embedding("table", concat([ids, ids], 0), codes, codes);
  const samples = sampleTokens(
    reshape(logits, ["2B", tokens, codes]),
    samplerInputs(tokens),
    GUIDED,
  );
  const session = await createSession({ ...samples });
  try {
    const rng = createRng("joined");
    const table = normals(codes * codes, 2, rng);
    const batch = 8;
    const all = {
      ids: Int32Array.from(
        { length: batch * tokens },
        () => rng.integer(codes),
      ),
      uniforms: rng.fill(new Float32Array(batch * tokens)),
    };
    const run = (from: number, to: number) =>
      session.run({
        "table.weight": table,
        ids: all.ids.slice(from * tokens, to * tokens),
        uniforms: all.uniforms.slice(from * tokens, to * tokens),
        temperature: Float32Array.of(1),
        guidance: Float32Array.of(2),
      });
    const whole = await run(0, batch);
    for (const size of [1, 3]) {
      const part = await run(2, 2 + size);
      for (const name of ["ids", "confidence"]) {
        assert.deepEqual(
          part[name].data,
          whole[name].data.slice(2 * tokens, (2 + size) * tokens),
        );
      }
    }
  } finally {
    await session.release();
  }
});
