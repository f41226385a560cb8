import assert from "node:assert/strict";
import { createPicture } from "../image/picture.ts";
import { drawBest, findBest } from "./best_of.ts";

const PROMPTS = ["a fox", "a bear"];

/** Draws pictures whose only token is the seed. */
function draw(seeds: readonly number[]) {
  return Promise.resolve({
    tokens: Int32Array.from(seeds),
    pictures: seeds.map(() => createPicture(1, 1)),
  });
}

Deno.test("findBest() keeps the seed of the highest score for each prompt", async () => {
  const asked: number[][] = [];
  const best = await findBest(
    {
      count: 3,
      score({ prompts, tokens, pictures }) {
        assert.equal(prompts, PROMPTS);
        assert.equal(pictures.length, 2);
        asked.push([...tokens]);
        return Float32Array.from(tokens, (seed) => [1, 5, 5][seed % 3]);
      },
    },
    PROMPTS,
    [2, 7],
    draw,
  );
  assert.deepEqual(asked, [[6, 21], [7, 22], [8, 23]]);
  assert.deepEqual(best, { seeds: [7, 22], scores: [5, 5] });
});

Deno.test("findBest() of one is the seed's own picture, whatever its score", async () => {
  const score = () => [-Infinity, 3];
  const best = await findBest({ count: 1, score }, PROMPTS, [4, 5], draw);
  assert.deepEqual(best, { seeds: [4, 5], scores: [-Infinity, 3] });
});

Deno.test("findBest() says what is wrong with counts, seeds and scores", async () => {
  const find = (count: number, scores: number[], seeds = [1, 2]) =>
    findBest({ count, score: () => scores }, PROMPTS, seeds, draw);
  for (const count of [0, 1.5, NaN]) {
    await assert.rejects(find(count, [1, 2]), {
      name: "RangeError",
      message: `Cannot draw the best of ${count}: wanted a whole number of ` +
        `at least 1`,
    });
  }
  await assert.rejects(
    find(4, [1, 2], [1, 2 ** 52]),
    /best of 4 by the seed 4503599627370496: .* choose a smaller one/,
  );
  for (const scores of [[1], [1, NaN], [1, 2, 3]]) {
    await assert.rejects(
      find(2, scores),
      /the score gave \[.*\] for 2 pictures, wanted a number for each/,
    );
  }
});

Deno.test("drawBest() draws nothing where there is no score", async () => {
  const bestOf = { count: 2 } as Parameters<typeof drawBest>[0];
  await assert.rejects(
    drawBest(bestOf, PROMPTS, 4, () => assert.fail("drawn")),
    {
      name: "TypeError",
      message: /^Cannot choose the best pictures: found undefined as the score/,
    },
  );
});

Deno.test("drawBest() draws the best ones once more, and adds up the times", async () => {
  const asked: [number[], boolean][] = [];
  const best = await drawBest(
    { count: 2, score: ({ tokens }) => tokens },
    PROMPTS,
    4,
    async (seeds, isLast) => {
      asked.push([[...seeds], isLast]);
      const seconds: { decode: number; superres?: number } = isLast
        ? { decode: 1, superres: 7 }
        : { decode: 10 * asked.length };
      return { ...await draw(seeds), seconds };
    },
  );
  assert.deepEqual(asked, [
    [[8, 10], false],
    [[9, 11], false],
    [[9, 11], true],
  ]);
  assert.deepEqual(best.seeds, [9, 11]);
  assert.deepEqual(best.scores, [9, 11]);
  assert.deepEqual([...best.tokens], [9, 11]);
  assert.deepEqual(best.seconds, { decode: 1 + 10 + 20, superres: 7 });
});
