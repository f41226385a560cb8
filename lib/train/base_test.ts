import assert from "node:assert/strict";
import { grad } from "../graph/grad.ts";
import { leaves, type Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import type { BaseConfig } from "../muse/config.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import { createSession } from "../run/session.ts";
import { baseGraph } from "./base.ts";
import { createTrainState } from "./state.ts";
import { toyTokens } from "./toy_pictures.ts";

const CONFIG: BaseConfig = {
  textWidth: 5,
  textLength: 3,
  width: 8,
  layers: 2,
  heads: 2,
  hidden: 12,
  codes: 5,
  grid: [2, 2],
};
const BATCH = 3;
const rng = createRng("base test");

/** Feeds of a batch with random parameters. */
function someFeeds() {
  const { loss } = baseGraph(CONFIG, BATCH, 0);
  const parameters = leaves([loss], "parameter");
  const { values } = createTrainState(parameters, createRng("base"));
  const { tokens, states, textMask } = toyTokens(0, {
    ...CONFIG,
    batch: BATCH,
    count: 4,
  });
  const textStates = states.map((x) => x + 0.3 * rng.normal());
  return {
    ...Object.fromEntries(values),
    tokens,
    textStates,
    textMask,
    mask: Uint8Array.of(1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1),
    textFactor: Float32Array.of(1, 0, 1),
  };
}

Deno.test("baseGraph() smooths the labels in the loss, not in what it reports", () => {
  const feeds = someFeeds();
  const evaluate = (labelSmoothing: number) => {
    const { loss, outputs } = baseGraph(CONFIG, BATCH, labelSmoothing);
    const results = interpret({ loss, ...outputs }, feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => {
        const [value] = tensor.dataSync();
        tensor.dispose();
        return [name, value];
      }),
    );
  };
  const [plain, smooth, all] = [0, 0.25, 1].map(evaluate);
  assert.equal(smooth.crossEntropy, plain.loss);
  assertClose([smooth.loss], [0.75 * plain.loss + 0.25 * all.loss], 1e-6);
  assert.ok(Math.abs(plain.loss - all.loss) > 1e-3);
});

Deno.test("baseGraph() averages over a batch that it takes in parts", async () => {
  const batch = 512; // 2048 rows
  const size = { ...CONFIG, batch, count: 4 };
  const { tokens, states: textStates, textMask } = toyTokens(0, size);
  const rng = createRng("parts");
  const mask = Uint8Array.from(tokens, (_, i) => +(i < 300 || i % 3 === 0));
  const feeds = {
    tokens,
    textStates,
    textMask,
    mask,
    textFactor: Float32Array.from({ length: batch }, () => rng.integer(2)),
  };
  const halfOf = <T extends Values>(values: T, i: number) =>
    values.subarray(i * values.length / 2, (i + 1) * values.length / 2);
  const half = (i: number) =>
    Object.fromEntries(
      Object.entries(feeds).map(([name, values]) => [name, halfOf(values, i)]),
    );
  const { loss: whole } = baseGraph(CONFIG, batch, 0);
  const { loss: part } = baseGraph(CONFIG, batch / 2, 0);
  const parameters = leaves([whole], "parameter");
  const { values } = createTrainState(parameters, rng);
  const evaluate = async (loss: Node, feeds: Record<string, Values>) => {
    const session = await createSession({ loss });
    const results = await session.run({
      ...Object.fromEntries(values),
      ...feeds,
    });
    await session.release();
    return results.loss.data[0];
  };
  const counts = [0, 1].map((i) => halfOf(mask, i).filter((m) => m > 0).length);
  const halves = [await evaluate(part, half(0)), await evaluate(part, half(1))];
  const mean = (counts[0] * halves[0] + counts[1] * halves[1]) /
    (counts[0] + counts[1]);
  assert.notEqual(counts[0], counts[1]);
  assertClose([await evaluate(whole, feeds)], [mean], 1e-5);
});

Deno.test("baseGraph() gives every parameter a gradient", async () => {
  const { loss } = baseGraph(CONFIG, BATCH, 0);
  const parameters = leaves([loss], "parameter");
  const gradients = grad(loss, parameters);
  const session = await createSession(
    Object.fromEntries(parameters.map(({ op }, i) => [op.name, gradients[i]])),
  );
  const results = await session.run(someFeeds());
  await session.release();
  for (const [name, { data }] of Object.entries(results)) {
    assert.ok(data.some((g) => g !== 0), `${name} has no gradient`);
    assert.ok(data.every((g) => Number.isFinite(g)), name);
  }
});

Deno.test("baseGraph() can't see a token that is masked", async () => {
  const session = await createSession({
    loss: baseGraph(CONFIG, BATCH, 0).loss,
  });
  const feeds = { ...someFeeds(), mask: new Uint8Array(12).fill(1, 1, 2) };
  // The chances of all codes at the masked place add up to one only if the
  // network is given the same for each of them.
  let total = 0;
  for (let code = 0; code < CONFIG.codes; code++) {
    const tokens = feeds.tokens.slice().fill(code, 1, 2);
    const { loss } = await session.run({ ...feeds, tokens });
    total += Math.exp(-loss.data[0]);
  }
  assertClose([total], [1], 1e-5);
  await session.release();
});
