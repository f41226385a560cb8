import assert from "node:assert/strict";
import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import type { Session } from "../run/session.ts";
import { stepOutputs } from "./model.ts";
import { memoryFeeds, predictWith, twice } from "./predict_with.ts";
import type { SamplerOptions } from "./sample_graph.ts";
import { stepOutputs as superresOutputs } from "./superres_model.ts";
import { TINY } from "./tiny_base.ts";
import { TINY_SUPERRES } from "./tiny_superres.ts";

Deno.test("memoryFeeds() repeats the memory where there is nothing to lead away from", () => {
  const memory = {
    "keys.0": {
      dtype: "float32" as const,
      shape: [1, 2],
      data: Float32Array.of(3, 4),
    },
  };
  assert.deepEqual(memoryFeeds(memory, false), {
    "keys.0": Float32Array.of(3, 4, 3, 4),
  });
  assert.deepEqual(memoryFeeds(memory, true), {
    "keys.0": Float32Array.of(3, 4),
  });
  assert.deepEqual(twice(Int32Array.of(1, 2)), Int32Array.of(1, 2, 1, 2));
});

/** What a step was asked of a session. */
interface Asked {
  readonly guided: boolean;
  readonly feeds: Readonly<Record<string, Values>>;
}

/** A network of one token that remembers what it is asked. */
function recorded(always: boolean) {
  const asked: Asked[] = [];
  const openStep = ({ guided }: SamplerOptions): Promise<Session> =>
    Promise.resolve({
      run(feeds) {
        asked.push({ guided, feeds });
        return Promise.resolve({
          ids: { dtype: "int32", shape: [1, 1], data: Int32Array.of(0) },
          confidence: {
            dtype: "float32",
            shape: [1, 1],
            data: Float32Array.of(1),
          },
        });
      },
      stopProfiling() {},
      release: () => Promise.resolve(),
    });
  const keys = Float32Array.of(1, 2, 3, 4);
  const predict = predictWith({
    ...{ feeds: { keys }, batch: 1, length: 1, codes: 4, always, openStep },
  });
  const step = (guidance: number) => {
    const request = { guidance, temperature: 1 };
    return predict(Int32Array.of(4), {
      ...request,
      uniforms: Float32Array.of(0.5),
    });
  };
  return { asked, keys, step };
}

Deno.test("predictWith() leaves out the unguided half at steps of scale 0, and copies no condition", async () => {
  const { asked, keys, step } = recorded(false);
  for (const guidance of [0, 2]) await step(guidance);
  const [plain, guided] = asked;
  assert.deepEqual([plain.guided, guided.guided], [false, true]);
  assert.deepEqual(plain.feeds.keys, Float32Array.of(1, 2));
  assert.ok(!("guidance" in plain.feeds));
  assert.equal(guided.feeds.keys, keys);
  assert.equal((plain.feeds.keys as Float32Array).buffer, keys.buffer);
  assert.deepEqual(guided.feeds.guidance, Float32Array.of(2));
});

Deno.test("predictWith() runs all steps guided where that saves a session", async () => {
  const { asked, step } = recorded(true);
  await step(0);
  assert.ok(asked[0].guided);
  assert.deepEqual(asked[0].feeds.guidance, Float32Array.of(0));
});

Deno.test("a step gives ids and confidence of its N tokens, and no logits", () => {
  const steps: [Record<string, Node>, number][] = [true, false].flatMap(
    (guided) => {
      const variant = { guided, truncated: guided };
      return [
        [stepOutputs(TINY, variant), 2 * 3],
        [superresOutputs(TINY_SUPERRES, variant), 4 * 6],
      ];
    },
  );
  for (const [outputs, count] of steps) {
    assert.deepEqual(
      Object.entries(outputs).map(([name, { shape }]) => [name, shape]),
      [["ids", ["1B", count]], ["confidence", ["1B", count]]],
    );
  }
});
