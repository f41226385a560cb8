import assert from "node:assert/strict";
import { grad } from "../graph/grad.ts";
import { leaves } from "../graph/node.ts";
import { input, mul, sum } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import { weightFeeds } from "../run/random_weights.ts";
import { createSession } from "../run/session.ts";
import { fedNetwork, sampleOf } from "./fed_network.ts";
import { wholeSuperres } from "./superres.ts";
import { randomSuperres, TINY_SUPERRES as CONFIG } from "./tiny_superres.ts";

const LOGITS = wholeSuperres(CONFIG);
const BATCH = 3;
const LOW = 6;
const COUNT = 24;
const { textLength: LENGTH, textWidth: WIDTH, codes: CODES } = CONFIG;

const rng = createRng("superres test");
const normals = (length: number) =>
  Float32Array.from({ length }, () => rng.normal());
const WEIGHTS = randomSuperres();
const PARAMETERS = weightFeeds(WEIGHTS);
const FEEDS = {
  low: Int32Array.from({ length: BATCH * LOW }, () => rng.integer(16)),
  tokens: Int32Array.from({ length: BATCH * COUNT }, () => rng.integer(13)),
  textStates: normals(BATCH * LENGTH * WIDTH),
  textMask: Float32Array.of(1, 1, 1, 1, 1, 0, 1, 0, 0),
  textFactor: Float32Array.of(1, 1, 0),
};
const withNetwork = fedNetwork(LOGITS, WEIGHTS, FEEDS);
const sample = (logits: Float32Array, i: number) => sampleOf(logits, BATCH, i);

Deno.test("superresLogits() gives logits over the codes, the mask's id excluded", () => {
  assert.deepEqual(LOGITS.shape, ["1B", COUNT, CODES]);
  const shapes = new Map(
    leaves([LOGITS], "parameter").map(({ op, shape }) => [op.name, shape]),
  );
  assert.deepEqual(shapes.get("token_embedding.weight"), [CODES + 1, 16]);
  assert.deepEqual(shapes.get("low_embedding.weight"), [16, 16]);
  // Four times a side, as in the paper
  const paper = { ...CONFIG, lowGrid: [2, 2], grid: [8, 8], block: [2, 4] };
  assert.deepEqual(
    wholeSuperres(paper as unknown as typeof CONFIG).shape,
    ["1B", 64, CODES],
  );
});

Deno.test("superresLogits() is the same on both engines, rotary and added to or not", async () => {
  const found: Float32Array[] = [];
  const changes = [{}, { rotary: true }, { lowAdded: true }];
  for (const change of changes) {
    const config = { ...CONFIG, ...change };
    const graph = { logits: wholeSuperres(config) };
    const weights = randomSuperres(config);
    const session = await createSession(graph, weights);
    const { data } = (await session.run(FEEDS)).logits;
    await session.release();
    const { logits } = interpret(graph, { ...weightFeeds(weights), ...FEEDS });
    assertClose(data, logits.dataSync(), 1e-4);
    logits.dispose();
    found.push(data as Float32Array);
  }
  assert.notDeepEqual(found[0], found[1]);
  assert.notDeepEqual(found[0], found[2]);
});

Deno.test("superresLogits() reads every low-resolution token, with text and without", () =>
  withNetwork(async (run) => {
    const before = await run();
    for (const picture of [0, 2]) {
      for (let place = 0; place < LOW; place++) {
        const low = FEEDS.low.slice();
        low[picture * LOW + place] = (low[picture * LOW + place] + 1) % 16;
        const after = await run({ low });
        assert.notDeepEqual(sample(after, picture), sample(before, picture));
        assert.deepEqual(sample(after, 1), sample(before, 1));
      }
    }
  }));

Deno.test("superresLogits() reads nothing of a text that is dropped, or fills up", () =>
  withNetwork(async (run) => {
    const before = await run();
    const textStates = FEEDS.textStates.map((x, i) => {
      const word = Math.floor(i / WIDTH);
      const read = FEEDS.textMask[word] *
        FEEDS.textFactor[Math.floor(word / 3)];
      return read === 1 ? x : 100 * rng.normal();
    });
    assert.deepEqual(await run({ textStates }), before);
    const textFactor = Float32Array.of(1, 1, 1);
    assert.notDeepEqual(
      sample(await run({ textStates, textFactor }), 2),
      sample(await run({ textFactor }), 2),
    );
  }));

Deno.test("superresLogits() of a picture don't depend on its neighbours", () =>
  withNetwork(async (run) => {
    const batch = await run();
    for (let i = 0; i < BATCH; i++) {
      const part = <T extends Float32Array | Int32Array>(all: T) =>
        all.slice(i * all.length / BATCH, (i + 1) * all.length / BATCH) as T;
      const alone = await run({
        low: part(FEEDS.low),
        tokens: part(FEEDS.tokens),
        textStates: part(FEEDS.textStates),
        textMask: part(FEEDS.textMask),
        textFactor: part(FEEDS.textFactor),
      });
      assert.deepEqual(alone, sample(batch, i));
    }
  }));

Deno.test("superresLogits() tells the places apart", () =>
  withNetwork(async (run) => {
    const tokens = FEEDS.tokens.slice().fill(CODES);
    const alike = sample(await run({ tokens }), 0);
    const rows = Array.from(
      { length: COUNT },
      (_, i) => alike.slice(CODES * i, CODES * (i + 1)).join(),
    );
    assert.equal(new Set(rows).size, COUNT);
  }));

Deno.test("superresLogits() knows by rotary positions alone how high and low tokens lie", () => {
  const config = { ...CONFIG, rotary: true };
  const logits = wholeSuperres(config);
  const names = leaves([logits], "parameter").map(({ op }) => op.name);
  assert.ok(!names.some((name) => name.startsWith("row_embedding")));
  const tokens = FEEDS.tokens.slice().fill(CODES);
  const result =
    interpret({ logits }, { ...PARAMETERS, ...FEEDS, tokens }).logits;
  const all = sample(result.dataSync<"float32">(), 0);
  result.dispose();
  const rows = Array.from(
    { length: COUNT },
    (_, i) => all.slice(CODES * i, CODES * (i + 1)).join(),
  );
  assert.equal(new Set(rows).size, COUNT);
  // A grid of any other size has the same parameters.
  const larger = wholeSuperres({ ...config, lowGrid: [4, 6], grid: [8, 12] });
  assert.deepEqual(
    leaves([larger], "parameter").map(({ op, shape }) => [op.name, shape]),
    leaves([logits], "parameter").map(({ op, shape }) => [op.name, shape]),
  );
});

Deno.test("superresLogits() adds each low-resolution token to those it covers", async () => {
  // Without layers nothing else is read.
  const config = { ...CONFIG, layers: 0, lowLayers: 0, lowAdded: true };
  const session = await createSession(
    { logits: wholeSuperres(config) },
    randomSuperres(config),
  );
  const before = (await session.run(FEEDS)).logits.data;
  const low = FEEDS.low.slice();
  low[4] = (low[4] + 1) % 16; // row 1, column 1 of 2 x 3
  const after = (await session.run({ ...FEEDS, low })).logits.data;
  await session.release();
  const moved = [...Array(COUNT).keys()].filter((i) =>
    after[CODES * i] !== before[CODES * i]
  );
  assert.deepEqual(moved, [14, 15, 20, 21]);
});

Deno.test("superresLogits() takes and gives tokens row by row", async () => {
  // Without layers nothing but its own token changes a place's logits.
  const logits = wholeSuperres({ ...CONFIG, layers: 0 });
  const session = await createSession({ logits }, WEIGHTS);
  const before = (await session.run(FEEDS)).logits.data;
  for (const place of [0, 8, 23]) {
    const tokens = FEEDS.tokens.slice();
    tokens[place] = (tokens[place] + 1) % CODES;
    const after = (await session.run({ ...FEEDS, tokens })).logits.data;
    const moved = [...Array(COUNT).keys()].filter((i) =>
      after[CODES * i] !== before[CODES * i]
    );
    assert.deepEqual(moved, [place]);
  }
  await session.release();
});

Deno.test("superresLogits() passes a gradient to every parameter", () => {
  const parameters = leaves([LOGITS], "parameter");
  const loss = sum(mul(LOGITS, input("weights", LOGITS.shape)));
  const gradients = grad(loss, parameters);
  const results = interpret(
    Object.fromEntries(parameters.map(({ op }, i) => [op.name, gradients[i]])),
    { ...PARAMETERS, ...FEEDS, weights: normals(BATCH * COUNT * CODES) },
  );
  for (const [name, gradient] of Object.entries(results)) {
    const values = gradient.dataSync();
    assert.ok(values.every((g) => Number.isFinite(g)), name);
    assert.ok(values.some((g) => g !== 0), `${name} has no gradient`);
    gradient.dispose();
  }
  const names = parameters.map(({ op }) => op.name);
  assert.equal(new Set(names).size, names.length);
});
