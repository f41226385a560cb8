import assert from "node:assert/strict";
import { randomBase, TINY } from "../lib/muse/tiny_base.ts";
import { baseGraph } from "../lib/train/base.ts";
import { hideTokens } from "../lib/train/masked_stage.ts";
import { TRAINER_DEFAULTS } from "../lib/train/trainer.ts";
import { toyTokens } from "../lib/train/toy_pictures.ts";
import { createSession } from "../lib/run/session.ts";
import { lossAtRates } from "./loss_at_rates.ts";

const SIZES = { ...TINY, batch: 3, count: 6 };
const source = {
  at: (position: number) => Promise.resolve(toyTokens(position, SIZES)),
};

for (const unconditional of [false, true]) {
  const where = unconditional ? "without the text" : "with the text";
  Deno.test(`lossAtRates() is the loss of training ${where} where all is hidden`, async () => {
    const model = { config: TINY, weights: randomBase() };
    const options = { rates: [1], batches: 2, unconditional };
    const [found] = await lossAtRates(model, source, options);
    const { crossEntropy } = baseGraph(TINY, SIZES.batch, 0).outputs;
    const session = await createSession({ crossEntropy }, model.weights);
    let wanted = 0;
    for (const position of [0, 1]) {
      const feeds = hideTokens(
        SIZES,
        await source.at(position),
        {
          ...TRAINER_DEFAULTS,
          maskRates: { fixed: 1 },
          batch: SIZES.batch,
          textDropout: unconditional ? 1 : 0,
        },
        position,
      );
      wanted += (await session.run(feeds)).crossEntropy.data[0] / 2;
    }
    await session.release();
    assert.ok(Math.abs(found - wanted) < 1e-5, `${found}, not ${wanted}`);
  });
}

Deno.test("lossAtRates() asks the same whatever other rates there are", async () => {
  const model = { config: TINY, weights: randomBase() };
  const ask = (...rates: number[]) =>
    lossAtRates(model, source, { rates, batches: 2 });
  const [low, high] = await ask(0.3, 0.9);
  assert.deepEqual(await ask(0.9), [high]);
  assert.deepEqual(await ask(0.3), [low]);
  assert.notEqual(low, high);
});
