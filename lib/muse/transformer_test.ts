import assert from "node:assert/strict";
import { grad } from "../graph/grad.ts";
import { leaves } from "../graph/node.ts";
import { input, mul, sum } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import { randomWeights, weightFeeds } from "../run/random_weights.ts";
import { createSession } from "../run/session.ts";
import { type BaseConfig, maskId, tokenCount } from "./config.ts";
import { fedNetwork, sampleOf } from "./fed_network.ts";
import { TINY } from "./tiny_base.ts";
import { wholeBase } from "./transformer.ts";

const CONFIG: BaseConfig = {
  ...TINY,
  textWidth: 6,
  textLength: 4,
  width: 8,
  hidden: 12,
  codes: 10,
};
const BATCH = 3;
const COUNT = tokenCount(CONFIG);

const network = (config: BaseConfig) => wholeBase(config).logits;
const LOGITS = network(CONFIG);
const rng = createRng("transformer test");
const normals = (length: number) =>
  Float32Array.from({ length }, () => rng.normal());

/** Far from their start, so that everything has an influence. */
const WEIGHTS = randomWeights("transformer", [LOGITS]);
const PARAMETERS = weightFeeds(WEIGHTS);
const FEEDS = {
  textStates: normals(BATCH * 4 * 6),
  textMask: Float32Array.of(1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0),
  textFactor: Float32Array.of(1, 1, 0),
  tokens: Int32Array.from({ length: BATCH * COUNT }, () => rng.integer(11)),
};

const withNetwork = fedNetwork(LOGITS, WEIGHTS, FEEDS);
const sample = (logits: Float32Array, i: number) => sampleOf(logits, BATCH, i);

Deno.test("baseLogits() gives logits over the codes, the mask's id excluded", () => {
  assert.deepEqual(LOGITS.shape, ["1B", 6, 10]);
  assert.deepEqual(network({ ...CONFIG, grid: [5, 4], codes: 7 }).shape, [
    "1B",
    20,
    7,
  ]);
  const table = leaves([LOGITS], "parameter")
    .find(({ op }) => op.name === "token_embedding.weight");
  assert.deepEqual(table?.shape, [maskId(CONFIG) + 1, 8]);
});

Deno.test("baseLogits() is the same on both engines, rotary or not", async () => {
  const feeds = { ...PARAMETERS, ...FEEDS };
  const logits = [false, true].map((rotary) => network({ ...CONFIG, rotary }));
  const seen = [];
  for (const node of logits) {
    const session = await createSession({ logits: node });
    const results = interpret({ logits: node }, feeds);
    const found = (await session.run(feeds)).logits.data;
    assertClose(found, results.logits.dataSync(), 1e-4);
    results.logits.dispose();
    await session.release();
    seen.push(found);
  }
  assert.notDeepEqual(seen[0], seen[1]);
});

Deno.test("baseLogits() reads nothing of a text that is dropped", () =>
  withNetwork(async (run) => {
    const before = await run();
    const textStates = FEEDS.textStates.slice();
    textStates.set(normals(4 * 6), 2 * 4 * 6);
    const textMask = FEEDS.textMask.slice().fill(1, 8);
    assert.deepEqual(await run({ textStates, textMask }), before);
    // With the text it would have mattered.
    const textFactor = Float32Array.of(1, 1, 1);
    assert.notDeepEqual(
      sample(await run({ textStates, textMask, textFactor }), 2),
      sample(await run({ textFactor }), 2),
    );
  }));

Deno.test("baseLogits() reads nothing of what fills a text up", () =>
  withNetwork(async (run) => {
    const textFactor = Float32Array.of(1, 1, 1);
    const textStates = FEEDS.textStates.map((x, i) =>
      FEEDS.textMask[Math.floor(i / 6)] === 1 ? x : 100 * rng.normal()
    );
    assert.notDeepEqual(textStates, FEEDS.textStates);
    assert.deepEqual(
      await run({ textStates, textFactor }),
      await run({ textFactor }),
    );
  }));

Deno.test("baseLogits() of a picture don't depend on its neighbours", () =>
  withNetwork(async (run) => {
    const batch = await run();
    for (let i = 0; i < BATCH; i++) {
      const alone = await run({
        textStates: FEEDS.textStates.slice(i * 24, (i + 1) * 24),
        textMask: FEEDS.textMask.slice(i * 4, (i + 1) * 4),
        textFactor: FEEDS.textFactor.slice(i, i + 1),
        tokens: FEEDS.tokens.slice(i * COUNT, (i + 1) * COUNT),
      });
      assert.deepEqual(alone, sample(batch, i));
    }
  }));

Deno.test("baseLogits() sees every token and its place", () =>
  withNetwork(async (run) => {
    const before = sample(await run(), 0);
    for (let place = 0; place < COUNT; place++) {
      const tokens = FEEDS.tokens.slice();
      tokens[place] = (tokens[place] + 1) % 11;
      assert.notDeepEqual(sample(await run({ tokens }), 0), before, `${place}`);
    }
    // The same token everywhere: only the places tell the logits apart.
    const alike = sample(
      await run({ tokens: FEEDS.tokens.slice().fill(10) }),
      0,
    );
    const rows = Array.from(
      { length: COUNT },
      (_, i) => alike.slice(10 * i, 10 * i + 10).join(),
    );
    assert.equal(new Set(rows).size, COUNT);
  }));

Deno.test("baseLogits() passes a gradient to every parameter", () => {
  const parameters = leaves([LOGITS], "parameter");
  const loss = sum(mul(LOGITS, input("weights", LOGITS.shape)));
  const gradients = grad(loss, parameters);
  const results = interpret(
    Object.fromEntries(parameters.map(({ op }, i) => [op.name, gradients[i]])),
    { ...PARAMETERS, ...FEEDS, weights: normals(BATCH * COUNT * 10) },
  );
  for (const [name, gradient] of Object.entries(results)) {
    const values = gradient.dataSync();
    assert.ok(values.every((g) => Number.isFinite(g)), name);
    assert.ok(values.some((g) => g !== 0), `${name} has no gradient`);
    gradient.dispose();
  }
  const twice = parameters.map(({ op }) => op.name);
  assert.equal(new Set(twice).size, twice.length);
});
