import assert from "node:assert/strict";
import { B } from "../graph/dim.ts";
import { leaves } from "../graph/node.ts";
import { add, concat, input, matmul, mul, parameter } from "../graph/ops.ts";
import { embedding, linear } from "../nn/linear.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import { createSession } from "../run/session.ts";
import { decode, type Predict, type StepOptions } from "./decode.ts";
import { blankTokens, startDecode } from "./decode_state.ts";
import { samplerInputs, type Samples, sampleTokens } from "./sample_graph.ts";

const [TOKENS, CODES, WIDTH] = [36, 96, 24];

const OPTIONS: StepOptions = {
  guidance: { kind: "linear", from: 0.5, to: 1 },
  temperature: 0.9,
  choiceTemperature: 2,
};

/** A small network in which every position sees all others, and its sampler. */
function network(truncated: boolean): Samples {
  const tokens = input("tokens", [B, TOKENS], "int32");
  const ids = concat([tokens, tokens], 0); // [2B,N]
  const x = embedding("tokens", ids, CODES + 1, WIDTH); // [2B,N,D]
  const mixed = add(x, matmul(parameter("mix", [TOKENS, TOKENS]), x));
  // "Text" that is in the conditional half alone.
  const factor = input("factor", ["2B", 1, 1]);
  const told = add(mixed, mul(factor, parameter("text", [WIDTH])));
  const logits = linear("head", told, CODES); // [2B,N,K]
  return sampleTokens(logits, samplerInputs(TOKENS), {
    guided: true,
    truncated,
  });
}

function randomWeights(samples: Samples): Record<string, Float32Array> {
  const rng = createRng("small network");
  return Object.fromEntries(
    leaves([samples.confidence], "parameter").map(({ op, shape }) => {
      const count = (shape as number[]).reduce((a, b) => a * b, 1);
      const values = Float32Array.from(
        { length: count },
        () => 0.3 * rng.normal(),
      );
      return [op.name, values];
    }),
  );
}

function feeds(
  tokens: Int32Array,
  request: Parameters<Predict>[1],
  weights: Record<string, Float32Array>,
) {
  const batch = tokens.length / TOKENS;
  return {
    ...weights,
    tokens,
    factor: new Float32Array(2 * batch).fill(1, 0, batch),
    uniforms: request.uniforms,
    guidance: Float32Array.of(request.guidance),
    temperature: Float32Array.of(request.temperature),
    topK: Float32Array.of(10),
    topP: Float32Array.of(0.95),
  };
}

async function finalTokens(predict: Predict, batch: number, seed = 7) {
  const first = startDecode({
    tokens: blankTokens(batch, TOKENS, CODES),
    length: TOKENS,
    maskId: CODES,
    seed,
    schedule: "cosine",
    steps: 6,
  });
  let tokens = first.tokens;
  for await (const state of decode(first, predict, OPTIONS)) {
    tokens = state.tokens;
  }
  return tokens;
}

async function withNetwork(
  threads: number,
  body: (predict: Predict) => Promise<void>,
  truncated = false,
) {
  const samples = network(truncated);
  const weights = randomWeights(samples);
  const session = await createSession({ ...samples }, undefined, { threads });
  try {
    await body(async (tokens, request) => {
      const found = await session.run(feeds(tokens, request, weights));
      return {
        ids: found.ids.data as Int32Array,
        confidence: found.confidence.data as Float32Array,
      };
    });
  } finally {
    await session.release();
  }
}

Deno.test("decode() by a graph gives the same tokens at any batch and threads", async () => {
  let wanted: Int32Array | undefined;
  for (const threads of [1, 2]) {
    await withNetwork(threads, async (predict) => {
      wanted ??= await finalTokens(predict, 8);
      for (const batch of [1, 3, 8]) {
        assert.deepEqual(
          await finalTokens(predict, batch),
          wanted.slice(0, batch * TOKENS),
        );
      }
    });
  }
  assert(new Set(wanted).size > 20, `${new Set(wanted).size} codes`);
});

Deno.test("decode() by a graph gives the same tokens on TensorFlow.js", async () => {
  const samples = network(true);
  const weights = randomWeights(samples);
  const slow: Predict = (tokens, request) => {
    const { ids, confidence } = interpret(
      { ...samples },
      feeds(tokens, request, weights),
    );
    return Promise.resolve({
      ids: ids.dataSync<"int32">(),
      confidence: confidence.dataSync<"float32">(),
    });
  };
  const wanted = await finalTokens(slow, 2);
  await withNetwork(1, async (predict) => {
    assert.deepEqual(await finalTokens(predict, 2), wanted);
  }, true);
});
