import assert from "node:assert/strict";
import { tokenCount } from "../lib/muse/config.ts";
import { generate, loadMuse, type Muse } from "../lib/muse/pipeline.ts";
import { createSession } from "../lib/run/session.ts";
import { createRng } from "../lib/run/random.ts";
import { encodeText } from "../lib/text/encode.ts";
import { baseGraph } from "../lib/train/base.ts";
import { countMasked, randomMask } from "../lib/muse/mask.ts";
import { LIKELIHOOD_RATES, openLikelihood } from "./caption_likelihood.ts";
import { meanOf } from "./measure.ts";
import { writeModel } from "./random_model.ts";
import { openScore, SCORE_NAMES } from "./scores.ts";
import { tokenAgreement } from "./token_agreement.ts";

async function withTiny(body: (muse: Muse) => Promise<void>): Promise<void> {
  const weights = await Deno.makeTempDir();
  try {
    await writeModel(weights);
    const muse = await loadMuse("tiny", { weights });
    await body(muse);
    await muse.release();
  } finally {
    await Deno.remove(weights, { recursive: true });
  }
}

/** Random tokens of pictures of 16. */
function randomTokens(batch: number): Int32Array {
  const rng = createRng("scores test");
  return Int32Array.from({ length: 16 * batch }, () => rng.integer(16));
}

Deno.test("tokenAgreement() counts the tokens that come back, picture by picture", () =>
  withTiny(async ({ tokenizer, base }) => {
    const length = tokenCount(base.config);
    const tokens = randomTokens(3);
    const shares = await tokenAgreement(tokenizer, tokens, length);
    const again = await tokenizer.encode(await tokenizer.decode(tokens));
    for (let i = 0; i < 3; i++) {
      let same = 0;
      for (let j = 0; j < 16; j++) {
        same += Number(again[16 * i + j] === tokens[16 * i + j]);
      }
      assert.equal(shares[i], same / 16);
    }
  }));

Deno.test("openLikelihood() agrees with the loss of training", () =>
  withTiny(async ({ base, encoder }) => {
    const { config, weights } = base;
    const tokens = randomTokens(2);
    const text = await encodeText(encoder, ["a fox", "two red hearts"]);
    const likelihood = await openLikelihood(config, weights);
    const found = await likelihood.rate(tokens, text, [4, 9]);
    const [low, high] = await Promise.all(
      LIKELIHOOD_RATES.map((one) =>
        likelihood.rate(tokens, text, [4, 9], [one])
      ),
    );
    found.forEach((mean, i) =>
      assert(Math.abs(mean - (low[i] + high[i]) / 2) < 1e-9)
    );
    await likelihood.release();
    const { crossEntropy } = baseGraph(config, 1, 0).outputs;
    const session = await createSession({ crossEntropy }, weights);
    for (const [i, key] of [4, 9].entries()) {
      let wanted = 0;
      for (const rate of LIKELIHOOD_RATES) {
        const rng = createRng("likelihood", key, String(rate));
        const results = await session.run({
          tokens: tokens.subarray(16 * i, 16 * (i + 1)),
          mask: randomMask(16, countMasked(rate, 16), rng),
          textStates: text.states.subarray(
            i * text.states.length / 2,
            (i + 1) * text.states.length / 2,
          ),
          textMask: text.mask.subarray(i * 16, (i + 1) * 16),
          textFactor: Float32Array.of(1),
        });
        wanted -= results.crossEntropy.data[0] / LIKELIHOOD_RATES.length;
      }
      assert(Math.abs(found[i] - wanted) < 1e-5, `${found[i]}, not ${wanted}`);
    }
    await session.release();
  }));

Deno.test("openScore() rates pictures, so that generate() keeps the best", () =>
  withTiny(async (muse) => {
    const prompts = ["a fox", "a bear"];
    for (const name of SCORE_NAMES) {
      const { score, release } = await openScore(name, muse);
      const one = await generate(muse, prompts, { steps: 2, seed: [8, 12] });
      const bestOf = { count: 4, score };
      const best = await generate(muse, prompts, { steps: 2, seed: 2, bestOf });
      const first = await score({ prompts, ...one });
      const again = await score({ prompts, ...best });
      assert.deepEqual(Array.from(again), best.scores);
      // The candidates of 2 and 3 begin with 8 and 12.
      best.scores!.forEach((value, i) => assert(value >= first[i]));
      await release();
    }
  }));

Deno.test("meanOf() gives a mean and its standard error", () => {
  assert.deepEqual(meanOf([1, 2, 3, 6]), {
    value: 3,
    error: Math.sqrt(14 / 3 / 4),
  });
  assert.deepEqual(meanOf([5]), { value: 5 });
});
