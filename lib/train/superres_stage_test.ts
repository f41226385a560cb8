import assert from "node:assert/strict";
import type { Values } from "../graph/op.ts";
import { createRng } from "../run/random.ts";
import { createSession } from "../run/session.ts";
import type { SuperresConfig } from "../muse/superres_config.ts";
import { nearestCodes } from "../vqgan/nearest_codes.ts";
import { NEIGHBOURS } from "./corrupt.ts";
import { superresGraph } from "./superres.ts";
import {
  type SuperresBatch,
  superresStage,
  type SuperresTraining,
} from "./superres_stage.ts";
import { toyTokens } from "./toy_pictures.ts";
import { compareStops, inFolder, runToy } from "./toy_run.ts";
import { TOY_MASKED } from "./toy_training.ts";

const CONFIG: SuperresConfig = {
  textWidth: 6,
  textLength: 3,
  width: 32,
  heads: 4,
  hidden: 64,
  lowLayers: 1,
  lowCodes: 10,
  lowGrid: [2, 2],
  layers: 1,
  codes: 8,
  grid: [4, 4],
  block: [2, 2],
};
const TRAINING: SuperresTraining = {
  ...TOY_MASKED,
  optimizer: { ...TOY_MASKED.optimizer, muon: { momentum: 0.95 } },
  lowCorruption: 0.2,
};

/** Pictures that the low-resolution tokens explain, four times each. */
function toyBatch(position: number): SuperresBatch {
  const rng = createRng("toy superres", position);
  const { batch } = TRAINING;
  const texts = toyTokens(position, { ...CONFIG, batch, count: 16 });
  const low = Int32Array.from({ length: batch * 4 }, () => rng.integer(8));
  const tokens = Int32Array.from({ length: batch * 16 }, (_, i) => {
    const [row, column] = [Math.floor(i / 4) % 4, i % 4];
    const at = 2 * Math.floor(row / 2) + Math.floor(column / 2);
    return low[4 * Math.floor(i / 16) + at];
  });
  return { ...texts, low, tokens };
}

const source = {
  at: (position: number) => Promise.resolve(toyBatch(position)),
};
const near = nearestCodes(
  {
    vectors: Float32Array.from({ length: CONFIG.lowCodes }, (_, i) => i),
    width: 1,
  },
  NEIGHBOURS,
);

function open(
  training: SuperresTraining = TRAINING,
  draw: (path: string) => Promise<void> = () => Promise.resolve(),
) {
  return () =>
    superresStage(CONFIG, training, source, near, (averages, path) => {
      assert.ok(averages.size > 10);
      return draw(path);
    });
}

Deno.test(
  "superresStage() goes on after a stop with the same losses, to the bit",
  inFolder(async (folder) => {
    const options = { steps: 6, logEvery: 2 };
    await compareStops(open(), folder, [3], options);
  }),
);

/** Cross-entropy of a wholly masked batch by the values of a run. */
async function crossEntropy(
  values: Readonly<Record<string, Values>>,
  low: Int32Array,
): Promise<number> {
  const { tokens, states, textMask } = toyBatch(1000);
  const outputs = superresGraph(CONFIG, TRAINING.batch, 0).outputs;
  const session = await createSession(outputs);
  const results = await session.run({
    ...values,
    tokens,
    low,
    mask: new Uint8Array(tokens.length).fill(1),
    textStates: states,
    textMask,
    textFactor: new Float32Array(TRAINING.batch).fill(1),
  });
  await session.release();
  return results.crossEntropy.data[0];
}

Deno.test(
  "superresStage() learns what the low-resolution tokens say of each place",
  inFolder(async (folder) => {
    const drawn: string[] = [];
    const { state } = await runToy(
      open(
        { ...TRAINING, lowCorruption: 0 },
        (path) => Promise.resolve(void drawn.push(path)),
      ),
      { folder, steps: 200, sampleEvery: 100, learningRate: 0.004 },
    );
    assert.deepEqual(drawn, [`${folder}/0000100.png`, `${folder}/0000200.png`]);
    const values = Object.fromEntries(state.values);
    const { low } = toyBatch(1000);
    const [right, others] = [
      await crossEntropy(values, low),
      await crossEntropy(values, toyBatch(1001).low),
    ];
    // Not knowing anything costs log 8 = 2.08 nats.
    assert.ok(right < 1.7 && right < others - 0.7, `${right}, ${others}`);
  }),
);

Deno.test("superresStage() trains on squares of pictures", async () => {
  const config: SuperresConfig = { ...CONFIG, rotary: true };
  const crops = { grid: [2, 2], perPicture: 3 } as const;
  const training = { ...TRAINING, lowCorruption: 0, crops };
  const stage = await superresStage(
    config,
    training,
    { ...source, shown: () => Promise.resolve(toyBatch(1000)) },
    near,
    () => Promise.resolve(),
  );
  const feeds = await stage.feeds(7);
  assert.equal(feeds.low.length, 12);
  assert.equal(feeds.tokens.length, 48);
  assert.equal(feeds.textStates.length, 12 * CONFIG.textLength * 6);
  // A picture's low-resolution tokens are what it says four times each.
  assert.deepEqual(
    feeds.tokens,
    Int32Array.from({ length: 48 }, (_, i) => feeds.low[Math.floor(i / 4)]),
  );
  assert.deepEqual(await stage.feeds(7), feeds);
  assert.notDeepEqual((await stage.feeds(8)).low, feeds.low);
  await stage.close();
});

Deno.test("superresStage() corrupts what the network reads and not what it is to say", async () => {
  const stage = await open()();
  let wrong = 0;
  for (let number = 0; number < 100; number++) {
    const feeds = await stage.feeds(number);
    const { low, tokens } = toyBatch(number);
    assert.deepEqual(feeds.tokens, tokens);
    low.forEach((token, i) => wrong += feeds.low[i] === token ? 0 : 1);
  }
  // A tenth on average, less what is replaced by itself
  const share = wrong / (100 * TRAINING.batch * 4);
  assert.ok(share > 0.06 && share < 0.12, `${share}`);
  assert.deepEqual(await stage.feeds(5), await stage.feeds(5));
  await stage.close();
});
