import assert from "node:assert/strict";
import fc from "fast-check";
import {
  FLOAT32_SCHEDULE_NAMES,
  maskedCounts,
  maskedFraction,
  type Schedule,
  SCHEDULE_NAMES,
} from "./schedule.ts";

/** How many tokens each step finds. */
function found(schedule: Schedule, tokens: number, steps: number): number[] {
  const counts = [tokens, ...maskedCounts(schedule, tokens, steps)];
  return counts.slice(1).map((count, i) => counts[i] - count);
}

Deno.test("maskedCounts() gives the cosine counts of aMUSEd's scheduler", () => {
  // Its fp32 cosine leaves 127 at step 8 of the first row; cos(π/3) is 1/2.
  assert.deepEqual(
    maskedCounts("cosine", 256, 12),
    [253, 247, 236, 221, 203, 181, 155, 128, 97, 66, 33, 0],
  );
  assert.deepEqual(
    maskedCounts("cosine", 1024, 12),
    [1015, 989, 946, 886, 812, 724, 623, 512, 391, 265, 133, 0],
  );
});

Deno.test("maskedCounts() finds as many tokens a step as the paper's models", () => {
  assert.deepEqual(
    found("cosine", 256, 12),
    [3, 6, 11, 15, 18, 22, 26, 27, 31, 31, 33, 33],
  );
  // Base: 24 steps for 256 tokens.
  assert.deepEqual(
    found("cosine", 256, 24),
    [1, 2, 2, 4, 5, 6, 7, 8, 9, 9, 11, 11]
      .concat([13, 13, 13, 14, 15, 16, 15, 16, 17, 16, 17, 16]),
  );
  // Super-resolution: 8 steps for 4096 tokens.
  assert.deepEqual(
    found("cosine", 4096, 8),
    [79, 233, 379, 509, 621, 708, 768, 799],
  );
});

Deno.test("maskedCounts() follows each formula", () => {
  // By hand: 1000 times 1-r, 1-r², 1-r³, 1-√r, acos(r)/(π/2) at r = i/4.
  const rows: [Schedule, number[]][] = [
    ["cosine", [923, 707, 382, 0]],
    ["linear", [750, 500, 250, 0]],
    ["square", [937, 750, 437, 0]],
    ["cubic", [984, 875, 578, 0]],
    ["squareRoot", [500, 292, 133, 0]],
    ["arccos", [839, 666, 460, 0]],
  ];
  for (const [schedule, counts] of rows) {
    assert.deepEqual(maskedCounts(schedule, 1000, 4), counts, `${schedule}`);
  }
  assert.deepEqual(rows.map(([name]) => name), SCHEDULE_NAMES);
});

Deno.test("maskedCounts() rounds as a scheduler in fp32 where that is asked for", () => {
  // What PyTorch gave for 256 tokens in 12 steps, and a step before the last.
  const counts = [253, 247, 236, 221, 203, 181, 155, 127, 97, 66, 33, 0];
  assert.deepEqual(maskedCounts("cosine32", 256, 12), counts);
  assert.equal(maskedCounts("cosine", 256, 12)[7], 128);
  assert.equal(maskedCounts("cosine32", 256, 12, 1024)[7], 127);
  assert.deepEqual(maskedCounts("linear32", 1000, 4), [750, 500, 250, 0]);
});

Deno.test("maskedCounts() is not thrown off by rounding errors", () => {
  // 1 - 0.9 is 0.09999999999999998.
  assert.deepEqual(
    maskedCounts("linear", 1000, 10),
    [900, 800, 700, 600, 500, 400, 300, 200, 100, 0],
  );
  assert.deepEqual(maskedCounts({ fractions: [1 - 0.9, 0] }, 10, 2), [1, 0]);
});

Deno.test("maskedCounts() takes explicit fractions", () => {
  const fractions = [.953, .880, .794, .746, .625, .407, .261, 0];
  assert.deepEqual(
    maskedCounts({ fractions }, 256, 8),
    [243, 225, 203, 190, 160, 104, 66, 0],
  );
});

Deno.test("maskedCounts() takes explicit counts", () => {
  assert.deepEqual(maskedCounts({ counts: [9, 4, 1, 0] }, 10, 4), [9, 4, 1, 0]);
  // Where fewer tokens are masked, every step still finds one.
  assert.deepEqual(maskedCounts({ counts: [9, 4, 1, 0] }, 4, 4), [3, 2, 1, 0]);
});

Deno.test("maskedCounts() waits at one token when there are steps to spare", () => {
  assert.deepEqual(maskedCounts("linear", 3, 5), [2, 1, 1, 1, 0]);
  assert.deepEqual(maskedCounts("cosine", 1, 3), [1, 1, 0]);
  assert.deepEqual(maskedCounts("squareRoot", 4, 4), [2, 1, 1, 0]);
  assert.deepEqual(maskedCounts("cosine", 0, 3), [0, 0, 0]);
  assert.deepEqual(maskedCounts("cosine32", 0, 3), [0, 0, 0]);
  assert.deepEqual(maskedCounts("cosine", 256, 1), [0]);
});

const anySchedule = fc.constantFrom(
  ...SCHEDULE_NAMES,
  ...FLOAT32_SCHEDULE_NAMES,
);

Deno.test("maskedCounts() falls with every step until one token is left", () => {
  fc.assert(
    fc.property(
      anySchedule,
      fc.nat(5000),
      fc.integer({ min: 1, max: 300 }),
      (schedule, tokens, steps) => {
        const counts = maskedCounts(schedule, tokens, steps);
        assert.equal(counts.length, steps);
        assert.equal(counts.at(-1), 0);
        [tokens, ...counts].reduce((before, count) => {
          assert(count < before || (count === before && count <= 1));
          return count;
        });
      },
    ),
  );
});

Deno.test("maskedCounts() gives back any falling list of counts", () => {
  const falling = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), {
    minLength: 1,
  }).map((counts) => [...counts.sort((a, b) => b - a), 0]);
  fc.assert(fc.property(falling, (counts) => {
    assert.deepEqual(maskedCounts({ counts }, 100, counts.length), counts);
    const fractions = counts.map((count) => count / 100);
    assert.deepEqual(maskedCounts({ fractions }, 100, counts.length), counts);
  }));
});

Deno.test("maskedCounts() says what is wrong with a plan", () => {
  const wrong: [Schedule, number, number, RegExp][] = [
    ["cosine", 256, 0, /found 0 steps, wanted a whole number of at least 1/],
    ["cosine", 256, 2.5, /found 2.5 steps/],
    ["cosine", -1, 8, /found -1 tokens, .* at least 0/],
    [{ counts: [3, 0] }, 8, 3, /2 counts for 3 steps, wanted one for each/],
    [{ counts: [3, 4, 0] }, 8, 3, /found \[3,4,0\], .*never rise/],
    [{ counts: [3, 0, 0] }, 8, 3, /found \[3,0,0\], .*0 as the last one only/],
    [{ counts: [3, 2, 1] }, 8, 3, /found \[3,2,1\]/],
    [{ counts: [2.5, 0] }, 8, 2, /found the count 2.5, wanted whole numbers/],
    [{ fractions: [1.5, 0] }, 8, 2, /the fraction 1.5, .* from 0 to 1/],
    [{ fractions: [NaN, 0] }, 8, 2, /found \[NaN,0\]/],
    [{ fractions: [0.5, -0.5] }, 8, 2, /found \[0.5,-0.5\]/],
  ];
  for (const [schedule, tokens, steps, message] of wrong) {
    assert.throws(() => maskedCounts(schedule, tokens, steps), {
      name: "RangeError",
      message,
    });
  }
});

Deno.test("maskedFraction() falls from one to zero", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SCHEDULE_NAMES),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (name, a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)];
        assert(maskedFraction(name, early) >= maskedFraction(name, late));
        assert.equal(maskedFraction(name, 0), 1);
        assert.equal(maskedFraction(name, 1), 0);
      },
    ),
  );
  assert.throws(
    () => maskedFraction("cosine", 1.01),
    /schedule cosine: found the progress 1.01, wanted a number from 0 to 1/,
  );
});
