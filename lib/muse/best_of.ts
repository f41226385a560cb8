/**
 * Best of N: several pictures are drawn for each prompt, and the one with the
 * highest score is kept. The paper's figures are the best of 16 by CLIP
 * (Figure 6).
 */

import type { Picture } from "../image/picture.ts";
import { seedsOf } from "./decode_state.ts";

/** One candidate for each prompt. */
export interface Candidates {
  /** What is to be seen. */
  readonly prompts: readonly string[];
  /** [B,N] */
  readonly tokens: Int32Array;
  /** One a prompt. */
  readonly pictures: readonly Picture[];
}

/** How good candidates are, one number for each; the higher, the better. */
export type Score = (
  candidates: Candidates,
) => ArrayLike<number> | Promise<ArrayLike<number>>;

/** How the best is found. */
export interface BestOf {
  /**
   * Candidates for each picture. Those of the seed s have the seeds s · count
   * to s · count + count - 1, so that no two pictures share one.
   */
  readonly count: number;
  /** Rates the candidates. */
  readonly score: Score;
}

/** The best candidate of each prompt. */
export interface Best {
  readonly seeds: readonly number[];
  readonly scores: readonly number[];
}

/**
 * Draws all candidates, one of each prompt at a time, and scores them.
 *
 * @param seeds one a prompt
 * @param draw draws the prompts by the given seeds
 * @throws RangeError for a count that can't be and for seeds too large;
 * TypeError if nothing rates them; Error if a score is no number, or not one
 * for each picture
 */
export async function findBest(
  { count, score }: BestOf,
  prompts: readonly string[],
  seeds: readonly number[],
  draw: (seeds: readonly number[]) => Promise<Omit<Candidates, "prompts">>,
): Promise<Best> {
  checkCount(count, seeds);
  checkScore(score);
  const best = { seeds: [...seeds], scores: seeds.map(() => -Infinity) };
  for (let candidate = 0; candidate < count; candidate++) {
    const tried = seeds.map((seed) => seed * count + candidate);
    const { tokens, pictures } = await draw(tried);
    const scores = await score({ prompts, tokens, pictures });
    checkScores(scores, prompts.length);
    tried.forEach((seed, i) => {
      if (candidate > 0 && scores[i] <= best.scores[i]) return;
      best.seeds[i] = seed;
      best.scores[i] = scores[i];
    });
  }
  return best;
}

/** Pictures that took some time. */
type Drawing<Seconds> = Omit<Candidates, "prompts"> & {
  readonly seconds: Seconds;
};

/**
 * Draws all candidates, and the best ones once more; the times are those of
 * all. Draws once where no best is to be found.
 *
 * @param seed of the pictures: that of picture i is `seed + i`, or entry i
 * @param draw draws the prompts by the given seeds: candidates, as small as
 * the base draws them, or at last the pictures that are wanted
 * @throws as findBest()
 */
export async function drawBest<
  Seconds extends object,
  D extends Drawing<Seconds>,
>(
  bestOf: BestOf | undefined,
  prompts: readonly string[],
  seed: number | readonly number[],
  draw: (seeds: readonly number[], isLast: boolean) => Promise<D>,
): Promise<D & Partial<Best>> {
  const seeds = seedsOf(seed, prompts.length);
  if (!bestOf) return await draw(seeds, true);
  const times: Seconds[] = [];
  const best = await findBest(bestOf, prompts, seeds, async (seeds) => {
    const drawn = await draw(seeds, false);
    times.push(drawn.seconds);
    return drawn;
  });
  const drawn = await draw(best.seeds, true);
  return {
    ...drawn,
    ...best,
    seconds: times.reduce(addSeconds, drawn.seconds),
  };
}

/** Their sums, of the parts that the first has. */
function addSeconds<Seconds extends object>(
  sum: Seconds,
  more: Partial<Record<string, number>>,
): Seconds {
  return Object.fromEntries(
    Object.entries(sum).map(([part, time]) => [part, time + (more[part] ?? 0)]),
  ) as Seconds;
}

function checkCount(count: number, seeds: readonly number[]): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(
      `Cannot draw the best of ${count}: wanted a whole number of at least 1`,
    );
  }
  const large = seeds.find((seed) =>
    !Number.isSafeInteger(seed * count + count - 1)
  );
  if (large === undefined) return;
  throw new RangeError(
    `Cannot draw the best of ${count} by the seed ${large}: the candidates' ` +
      `seeds are too large; choose a smaller one`,
  );
}

function checkScore(score: unknown): void {
  if (typeof score === "function") return;
  throw new TypeError(
    `Cannot choose the best pictures: found ${Deno.inspect(score)} as the ` +
      `score, wanted a function that rates candidates`,
  );
}

function checkScores(scores: ArrayLike<number>, wanted: number): void {
  const list = Array.from(scores);
  const odd = list.find((one) => typeof one !== "number" || Number.isNaN(one));
  if (list.length === wanted && odd === undefined) return;
  throw new Error(
    `Cannot choose the best pictures: the score gave [${list}] for ${wanted} ` +
      `pictures, wanted a number for each`,
  );
}
