/** Against the figures of the reference programs on the same features. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { cmmd } from "./cmmd.ts";
import type { Features } from "./features.ts";
import { frechetDistance } from "./frechet.ts";
import { frechetInfinity, INFINITY_CONVENTIONS } from "./frechet_infinity.ts";
import {
  INCEPTION_SCORE_CONVENTIONS,
  inceptionScore,
} from "./inception_score.ts";
import { kid, KID_CONVENTIONS } from "./kid.ts";
import { gaussianOf, momentsOf } from "./moments.ts";
import { openNpz, readNpzArray } from "./npz.ts";
import { numpyPermutations, torchPermutations } from "./permutation.ts";
import { prdc, PRDC_CONVENTIONS } from "./prdc.ts";
import parity from "./testdata/parity.json" with { type: "json" };

const npz = await openNpz(
  fileURLToPath(new URL("testdata/parity.npz", import.meta.url)),
);

async function load(name: string): Promise<Features> {
  const { shape: [count, width], data } = await readNpzArray(npz, name);
  return { count, width, data: data as Float32Array };
}

const pair = async (prefix = "") =>
  [await load(`${prefix}generated`), await load(`${prefix}reference`)] as const;

function assertNear(
  found: number,
  wanted: number,
  relative: number,
  about: string,
): void {
  const apart = Math.abs(found / wanted - 1);
  assert(
    apart <= relative,
    `${about}: ${found}, not ${wanted}: ${apart} apart`,
  );
}

for (const [prefix, wanted] of Object.entries(parity.frechet)) {
  Deno.test(`frechetDistance() agrees with every program on ${prefix}samples`, async () => {
    const [a, b] = await Promise.all(
      (await pair(prefix)).map(async (set) => gaussianOf(await momentsOf(set))),
    );
    const found = await frechetDistance(a, b);
    for (const [program, value] of Object.entries(wanted)) {
      // Without roots of rounding, it agrees far better than 1e-6.
      const exact = program === "singular values";
      assertNear(found, value, exact ? 1e-9 : 1e-6, program);
    }
  });
}

for (const name of ["torch-fidelity", "torchmetrics", "dgm-eval"] as const) {
  Deno.test(`kid() draws and computes as ${name}`, async () => {
    const [value, deviation] = parity.kid[name];
    const found = await kid(...await pair(), KID_CONVENTIONS[name], {
      subsets: 10,
      size: 50,
    });
    assertNear(found.value, value, 1e-6, "mean");
    assertNear(found.deviation, deviation, 1e-6, "deviation");
  });
}

Deno.test("kid() draws and computes as clean-fid, and takes all of few samples", async () => {
  const clean = await kid(...await pair(), KID_CONVENTIONS["clean-fid"], {
    subsets: 10,
    size: 50,
  });
  assertNear(clean.value, parity.kid["clean-fid"][0], 1e-6, "clean-fid");
  const [value, deviation] = parity.kid["dgm-eval, all samples"];
  const all = await kid(...await pair(), KID_CONVENTIONS["dgm-eval"], {
    subsets: 4,
  });
  assertNear(all.value, value, 1e-6, "mean");
  assertNear(all.deviation, deviation, 1e-6, "deviation");
});

Deno.test("prdc() counts as every program", async () => {
  for (const [name, wanted] of Object.entries(parity.prdc)) {
    const convention = PRDC_CONVENTIONS[name as keyof typeof parity.prdc];
    const found = await prdc(...await pair(), convention);
    for (const [figure, value] of Object.entries(wanted)) {
      assertNear(found[figure as keyof typeof found], value, 1e-6, figure);
    }
  }
});

Deno.test("inceptionScore() agrees with every program", async () => {
  const logits = await load("logits");
  for (const [name, wanted] of Object.entries(parity["inception score"])) {
    const convention = INCEPTION_SCORE_CONVENTIONS[
      name as keyof typeof INCEPTION_SCORE_CONVENTIONS
    ];
    const found = inceptionScore(logits, convention);
    assertNear(found.value, wanted[0], 1e-9, name);
    assertNear(found.deviation, wanted[1], 1e-9, name);
  }
});

Deno.test("cmmd() agrees with the authors' code", async () => {
  assertNear(await cmmd(...await pair()), parity.cmmd, 1e-9, "CMMD");
});

Deno.test("frechetInfinity() lays the line that dgm-eval does", async () => {
  const [generated, reference] = await pair();
  const { value, points } = await frechetInfinity(
    generated,
    gaussianOf(await momentsOf(reference)),
    INFINITY_CONVENTIONS["dgm-eval"],
    // The fixture's subsets are the first samples.
    { draw: (_, size) => Array.from({ length: size }, (_, i) => i) },
  );
  assertNear(value, parity["frechet infinity"], 1e-6, "at infinity");
  assert.deepEqual([points[0].count, points[14].count], [12, 120]);
});

Deno.test("numpyPermutations() and torchPermutations() are theirs", () => {
  const numpy = numpyPermutations(2020);
  const [ten, one, many, chosen] = parity["numpy permutations"];
  for (const wanted of [ten, one, many]) {
    assert.deepEqual([...numpy(wanted.length)], wanted);
  }
  assert.deepEqual([...numpy(1000).subarray(0, chosen.length)], chosen);
  const torch = torchPermutations(7);
  for (const wanted of parity["torch permutations"]) {
    assert.deepEqual([...torch(wanted.length)], wanted);
  }
  assert.throws(() => numpyPermutations(-1), /the seed -1/);
});

Deno.test("momentsOf() gives NumPy's mean and variances", async () => {
  const [, reference] = await pair();
  const { mean, covariance } = gaussianOf(await momentsOf(reference));
  mean.forEach((x, i) => assertNear(x, parity.mean[i], 1e-12, `mean ${i}`));
  parity.variances.forEach((x, i) =>
    assertNear(covariance.data[i * 13], x, 1e-12, `variance ${i}`)
  );
});
