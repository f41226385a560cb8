import assert from "node:assert/strict";
import { createRng } from "../../lib/run/random.ts";
import { pairedChanges } from "./paired.ts";
import type { Verdict } from "./verdict.ts";

/** A picture of one style, in which it is right or wrong. */
const verdict = (right: boolean, truth = "flat"): Verdict => ({
  answers: [{ question: "style", truth, right }],
  kindsRight: right,
  kinds: 1,
});
const RIGHT = verdict(true);
const WRONG = verdict(false);

/** So many pictures of each pair. */
function pairs(counts: readonly (readonly [Verdict, Verdict, number])[]) {
  const all = counts.flatMap(([a, b, count]) => Array(count).fill([a, b]));
  return [all.map(([a]) => a), all.map(([, b]) => b)] as const;
}

Deno.test("pairedChanges() knows the interval of a paired share", () => {
  const [before, after] = pairs([
    [RIGHT, RIGHT, 60],
    [WRONG, WRONG, 24],
    [RIGHT, WRONG, 10],
    [WRONG, RIGHT, 6],
  ]);
  const { style, kindsRight } = pairedChanges(before, after);
  // The mean of -1, 0 and 1, whose variance is that of a sample of 100.
  const error = Math.sqrt((0.16 - 0.04 ** 2) / 99);
  for (const { change, low, high } of [style, kindsRight]) {
    assert.ok(Math.abs(change + 0.04) < 1e-12);
    assert.ok(Math.abs(high - change - 1.96 * error) < 1e-4, `${high}`);
    assert.ok(Math.abs(change - low - 1.96 * error) < 1e-4, `${low}`);
  }
});

Deno.test("pairedChanges() is surer of pairs than of two sets apart", () => {
  const rng = createRng("paired");
  const before = Array.from(
    { length: 80 },
    () => rng.uniform() < 0.5 ? RIGHT : WRONG,
  );
  const same = pairedChanges(before, before).style;
  assert.deepEqual(same, { change: 0, low: 0, high: 0 });
  const reach = (after: readonly Verdict[]) => {
    const { low, high } = pairedChanges(before, after).style;
    return high - low;
  };
  const nearly = before.with(0, before[0] === RIGHT ? WRONG : RIGHT);
  const shuffled = before.toSorted(() => rng.uniform() - 0.5);
  assert.ok(reach(nearly) < reach(shuffled) / 3);
});

Deno.test("pairedChanges() weighs every truth alike, as the figures do", () => {
  const rare = (right: boolean) => verdict(right, "outline");
  const [before, after] = pairs([
    [RIGHT, RIGHT, 30],
    [rare(true), rare(false), 1],
    [rare(true), rare(true), 9],
  ]);
  const { style, kindsRight } = pairedChanges(before, after);
  assert.ok(Math.abs(style.change + 0.05) < 1e-12);
  assert.ok(Math.abs(kindsRight.change + 1 / 40) < 1e-12);
});

Deno.test("pairedChanges() refuses drawings of other scenes", () => {
  assert.throws(
    () => pairedChanges([RIGHT, WRONG], [RIGHT]),
    /pictures of 2 scenes and of 1: wanted two or more, the same in both/,
  );
  assert.throws(() => pairedChanges([RIGHT], [RIGHT]), RangeError);
});
