import assert from "node:assert/strict";
import { createRng } from "../run/random.ts";
import { haltonOrder } from "./halton.ts";
import { type Sampler, samplerFault, samplerScores } from "./sampler.ts";

const GRID = [4, 6] as const;

/** The positions in the order in which a sampler keeps them. */
function order(
  sampler: Sampler,
  { seed = 3, step = 0, confidence = new Float32Array(24).fill(0.5) } = {},
): number[] {
  const scores = samplerScores(sampler, {
    confidence,
    choiceTemperature: 0,
    grid: GRID,
    seed,
    step,
    steps: 8,
    rng: createRng("decode", seed, step),
  });
  return [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
}

Deno.test("samplerScores() follows Halton's sequence from a place of each seed", () => {
  const sequence = [...haltonOrder(GRID)];
  const starts = Array.from({ length: 40 }, (_, seed) => {
    const found = order({ kind: "halton" }, { seed });
    const start = sequence.indexOf(found[0]);
    const wanted = [...sequence.slice(start), ...sequence.slice(0, start)];
    assert.deepEqual(found, wanted);
    return start;
  });
  assert(new Set(starts).size > 10, `${starts}`);
  // The same in every step: what comes later fills the gaps.
  const halton = { kind: "halton" } as const;
  assert.deepEqual(order(halton, { step: 5 }), order(halton, { step: 0 }));
});

Deno.test("samplerScores() orders at random without looking at the network", () => {
  const random = { kind: "random" } as const;
  const sure = new Float32Array(24).map((_, i) => i / 24);
  const found = order(random);
  assert.deepEqual(order(random, { confidence: sure }), found);
  assert.notDeepEqual(order(random, { step: 1 }), found);
  const counts = new Float64Array(24);
  for (let seed = 0; seed < 4800; seed++) counts[order(random, { seed })[0]]++;
  const chiSquare = counts.reduce((sum, n) => sum + (n - 200) ** 2 / 200, 0);
  assert(chiSquare < 49.7, `chi-square ${chiSquare}`); // 23 degrees, p = 0.001
});

Deno.test("samplerScores() of confidence rank by a network's own scores, if it has some", () => {
  const scored = {
    confidence: Float32Array.of(0.2, 0.9, 0.5),
    choiceTemperature: 0,
    grid: undefined,
    seed: 0,
    step: 0,
    steps: 1,
    rng: createRng("scores"),
  };
  const confidence = { kind: "confidence" } as const;
  const plain = samplerScores(confidence, scored);
  assert.deepEqual([...plain], [...scored.confidence].map(Math.log));
  const scores = Float32Array.of(7, -30, 2);
  const own = samplerScores(confidence, { ...scored, scores });
  assert.deepEqual([...own], [...scores]);
});

Deno.test("samplerScores() of the hybrid explores first, then is confident", () => {
  const confidence = new Float32Array(24).map((_, i) => 1 / (1 + i));
  const hybrid = { kind: "hybrid", explore: 0.5 } as const;
  for (let step = 0; step < 8; step++) {
    const kind = step < 4 ? "halton" : "confidence";
    const scored = { step, confidence };
    assert.deepEqual(order(hybrid, scored), order({ kind }, scored), `${step}`);
  }
  const late = { step: 7, confidence };
  const always = { kind: "hybrid", explore: 1 } as const;
  assert.deepEqual(order(always, late), order({ kind: "halton" }, late));
  const never = { kind: "hybrid", explore: 0 } as const;
  assert.deepEqual(order(never)[0], 0);
});

Deno.test("samplerFault() tells shares that can't be", () => {
  assert.equal(samplerFault({ kind: "halton" }), undefined);
  assert.equal(samplerFault({ kind: "hybrid", explore: 1 }), undefined);
  for (const explore of [-0.1, 1.1, NaN]) {
    const fault = samplerFault({ kind: "hybrid", explore });
    assert.equal(fault?.found, `share ${explore} of steps that explore`);
  }
});
