import assert from "node:assert/strict";
import { assertClose } from "../../lib/run/assert_close.ts";
import { CLIP_SCORE_CONVENTIONS, clipScore } from "./clip_score.ts";
import { cmmd } from "./cmmd.ts";
import {
  type Features,
  hashFeatures,
  pickRows,
  sliceRows,
} from "./features.ts";
import { frechetInfinity, INFINITY_CONVENTIONS } from "./frechet_infinity.ts";
import {
  INCEPTION_SCORE_CONVENTIONS,
  inceptionScore,
} from "./inception_score.ts";
import { kid, KID_CONVENTIONS, polynomialMmd } from "./kid.ts";
import { gaussianOf, momentsOf } from "./moments.ts";
import { withProgram } from "./native.ts";
import { prdc, PRDC_CONVENTIONS } from "./prdc.ts";
import { joinFeatures } from "./features.ts";
import { randomFeatures } from "./random_features.ts";
import { numpyPermutations } from "./permutation.ts";

const points = (...rows: number[][]): Features => ({
  count: rows.length,
  width: rows[0].length,
  data: Float32Array.from(rows.flat()),
});
const X = points([1, 0], [0, 1], [1, 1]);
const Y = points([2, 0], [0, 2], [1, -1]);

/** The samples in another order. */
const shuffled = (features: Features) =>
  pickRows(features, numpyPermutations(5)(features.count));

Deno.test("polynomialMmd() gives the known answer", async () => {
  const found = await withProgram(
    "rowProducts",
    {},
    (rowProducts) => polynomialMmd(rowProducts, X, Y),
  );
  assertClose([found], [-2.9722222222222223], 1e-14);
});

Deno.test("cmmd() gives the known answer, and 0 for the same", async () => {
  assertClose([await cmmd(X, Y)], [2.2111480557], 1e-10);
  assertClose([await cmmd(X, shuffled(X))], [0], 1e-10);
  await assert.rejects(
    cmmd(X, points([1, 0], [0, 0])),
    /embedding 1 has the length 0/,
  );
});

Deno.test("cmmd() and prdc() don't depend on order, pieces or threads", async () => {
  // More samples than a piece has rows.
  const a = randomFeatures(1500, 6, "a");
  const b = randomFeatures(1100, 6, "b");
  const convention = PRDC_CONVENTIONS["dgm-eval"];
  const wanted = await prdc(a, b, convention);
  const distance = await cmmd(a, b);
  assert.deepEqual(await prdc(shuffled(a), shuffled(b), convention), wanted);
  assert.deepEqual(await prdc(a, b, convention, { threads: 1 }), wanted);
  assert.equal(await cmmd(a, b, { threads: 1 }), distance);
  assertClose([await cmmd(shuffled(a), shuffled(b))], [distance], 1e-12);
});

Deno.test("prdc() knows a tight cluster within a wide cloud", async () => {
  const wide = randomFeatures(300, 4, "wide");
  const tight = { ...randomFeatures(300, 4, "tight") };
  const cluster = { ...tight, data: tight.data.map((x) => x / 20) };
  for (const convention of Object.values(PRDC_CONVENTIONS)) {
    const found = await prdc(cluster, wide, convention);
    assert(found.precision > 0.95 && found.recall < 0.3, `${found.recall}`);
    assert(found.density > 1 && found.coverage < 0.3, `${found.coverage}`);
    const turned = await prdc(wide, cluster, convention);
    assert.equal(turned.precision, found.recall);
    assert.equal(turned.recall, found.precision);
  }
});

Deno.test("prdc() counts a ball's surface by convention", async () => {
  // Each has its neighbour at 1, and so has each of the other set.
  const square = points([0, 0], [1, 0], [0, 1], [1, 1]);
  const beside = points([2, 0], [3, 0], [2, 1], [3, 1]);
  const closed = await prdc(beside, square, { k: 1, closed: true });
  assert.deepEqual(closed, {
    precision: 0.5,
    recall: 0.5,
    density: 0.5,
    coverage: 0.5,
  });
  const open = await prdc(beside, square, { k: 1, closed: false });
  assert.deepEqual(Object.values(open), [0, 0, 0, 0]);
  await assert.rejects(
    prdc(square, beside, { k: 4, closed: true }),
    /found 4 samples, wanted more than 4/,
  );
});

Deno.test("kid() refuses or shrinks as its convention does", async () => {
  const few = randomFeatures(20, 3, "few");
  await assert.rejects(
    kid(few, few, KID_CONVENTIONS["torch-fidelity"]),
    /subsets of 1000 from 20 samples/,
  );
  const same = await kid(few, few, KID_CONVENTIONS["clean-fid"], {
    subsets: 2,
  });
  assert(same.value < 0, "the unbiased estimate is below 0 for the same set");
  assert(same.deviation < 1e-9);
  const other = await kid(few, few, KID_CONVENTIONS["torch-fidelity"], {
    subsets: 3,
    size: 10,
    seed: 1,
  });
  assert.notEqual(other.deviation, 0);
  await assert.rejects(
    kid(few, randomFeatures(20, 4, "wider"), KID_CONVENTIONS["dgm-eval"]),
    /found 4 and 3 numbers/,
  );
});

Deno.test("inceptionScore() is 1 for one class and their number for sure ones", () => {
  const convention = INCEPTION_SCORE_CONVENTIONS["stylegan3"];
  const same = randomFeatures(1, 7, "logits");
  const copies = pickRows(same, new Uint32Array(40));
  assertClose([inceptionScore(copies, convention).value], [1], 1e-12);
  // Each part of 10 has every one of 5 classes twice.
  const sure = new Float32Array(100 * 5).fill(-2000);
  for (let i = 0; i < 100; i++) sure[i * 5 + i % 5] = 2000;
  const found = inceptionScore(
    { count: 100, width: 5, data: sure },
    convention,
  );
  assertClose([found.value, found.deviation], [5, 0], 1e-12);
  assert.throws(
    () => inceptionScore(sliceRows(copies, 0, 9), convention),
    /Cannot split 9 samples/,
  );
});

Deno.test("inceptionScore() of guided-diffusion splits by 5000, of dgm-eval evenly", () => {
  const ranges = (name: keyof typeof INCEPTION_SCORE_CONVENTIONS, n: number) =>
    INCEPTION_SCORE_CONVENTIONS[name].split(n).map((range) => range.join("-"));
  assert.deepEqual(ranges("guided-diffusion", 12_000), [
    "0-5000",
    "5000-10000",
    "10000-12000",
  ]);
  assert.equal(ranges("dgm-eval", 109).at(-1), "90-100");
  assert.equal(ranges("torch-fidelity", 109).at(-1), "98-109");
  assert.equal(ranges("torchmetrics", 109).at(-1), "99-109");
  assert.equal(ranges("torchmetrics", 12).length, 6); // as chunk() does
});

Deno.test("frechetInfinity() finds the distance of the distributions", async () => {
  const truth = gaussianOf(await momentsOf(randomFeatures(20_000, 6, "truth")));
  const drawn = randomFeatures(1200, 6, "drawn");
  const convention = INFINITY_CONVENTIONS["dgm-eval"];
  const found = await frechetInfinity(drawn, truth, convention);
  const { distance } = found.points[14];
  assert(Math.abs(found.value) < distance / 2, `${found.value}, ${distance}`);
  assert(found.slope > 0);
  assert.deepEqual(await frechetInfinity(drawn, truth, convention), found);
  const [one, two] = await Promise.all([1, 2].map((seed) => {
    return frechetInfinity(drawn, truth, convention, { seed });
  }));
  assert.notEqual(one.value, two.value);
  await assert.rejects(
    frechetInfinity(drawn, truth, INFINITY_CONVENTIONS["FID_IS_infinity"]),
    /found 1200 samples, wanted more than 5000/,
  );
});

Deno.test("clipScore() scales cosines as its convention does", () => {
  const images = points([3, 4], [1, 0], [0, 2]);
  const texts = points([3, 4], [0, 7], [0, -1]); // cosines 1, 0 and -1
  const scores = Object.entries(CLIP_SCORE_CONVENTIONS).map((
    [name, convention],
  ) => {
    const { value, pairs } = clipScore(images, texts, convention);
    return [name, value, ...pairs];
  });
  assert.deepEqual(scores, [
    ["cosine", 0, 1, 0, -1],
    ["clipscore", 2.5 / 3, 2.5, 0, 0],
    ["torchmetrics", 0, 100, 0, -100],
    ["clip-score", 0, 100, 0, -100],
  ]);
  const apart = points([1, 0]);
  const { torchmetrics } = CLIP_SCORE_CONVENTIONS;
  assert.equal(clipScore(apart, points([-1, 0]), torchmetrics).value, 0);
  assert.throws(
    () => clipScore(images, apart, torchmetrics),
    /Cannot pair 3 embeddings of 2 numbers with 1 of 2/,
  );
});

Deno.test("hashFeatures() changes with numbers, shape and type", () => {
  const data = Float32Array.of(1, 2, 3, 4);
  const hashes = [
    { count: 2, width: 2, data },
    { count: 1, width: 4, data },
    { count: 2, width: 2, data: Float32Array.of(1, 2, 3, 5) },
    { count: 2, width: 2, data: Float64Array.from(data) },
  ].map(hashFeatures);
  assert.equal(new Set(hashes).size, 4);
  const joined = joinFeatures([X, Y]);
  assert.equal(hashFeatures(sliceRows(joined, 3, 6)), hashFeatures(Y));
});
