import assert from "node:assert/strict";
import { createPicture } from "../image/picture.ts";
import {
  attentionPanel,
  decodeFrames,
  guidanceChart,
  keptChart,
  scheduleChart,
} from "./decode_charts.ts";
import { animate } from "./film.ts";
import { plot } from "./figure.ts";
import type { TokenMap } from "./panel.ts";

Deno.test("scheduleChart() draws what is still masked, from all to nothing", () => {
  const { series } = scheduleChart(["cosine", "linear"]);
  for (const { points } of series) {
    assert.deepEqual(points[0], { x: 0, y: 1 });
    assert.deepEqual(points.at(-1), { x: 1, y: 0 });
  }
  const [cosine, linear] = series.map(({ points }) => points[50].y);
  assert(Math.abs(cosine - Math.SQRT1_2) < 1e-12 && linear === 0.5);
});

Deno.test("keptChart() shares all tokens out among the steps", () => {
  const { series } = keptChart(
    { cosine: "cosine", mine: { counts: [200, 100, 0] } },
    256,
    3,
  );
  assert.deepEqual(series[1].points, [
    { x: 1, y: 56 },
    { x: 2, y: 100 },
    { x: 3, y: 100 },
  ]);
  const sum = series[0].points.reduce((sum, { y }) => sum + y, 0);
  assert.equal(sum, 256);
});

Deno.test("guidanceChart() draws the scale of each step", () => {
  const { series } = guidanceChart({
    ramp: { kind: "linear", from: 0, to: 4 },
    flat: { kind: "constant", scale: 2 },
  }, 5);
  assert.deepEqual(series[0].points.map(({ y }) => y), [0, 1, 2, 3, 4]);
  assert.deepEqual(series[1].points.map(({ y }) => y), [2, 2, 2, 2, 2]);
});

const step = (step: number, entropy?: Float32Array) => ({
  step,
  mask: Uint8Array.of(0, 0, 1, 1),
  chosen: Uint8Array.of(0, 1, 0, 0),
  confidence: Float32Array.of(1, 0.5, 0.25, 0),
  guess: createPicture(2, 2),
  ...entropy && { entropy },
});

Deno.test("decodeFrames() tells known, found and unknown tokens apart in each step", async () => {
  const frames = decodeFrames([step(1), step(2)], [2, 2]);
  assert.deepEqual(frames.map(({ name }) => name), ["step 1", "step 2"]);
  const [, tokens, confidence] = frames[0].panels as TokenMap[];
  assert.deepEqual(tokens.values, [0, 1, 2, 2]);
  assert.deepEqual([...confidence.values as Float32Array], [1, 0.5, 0.25, 0]);
  assert.equal(frames[0].panels.length, 3);
  assert((await animate(frames).plotly()).frames?.length === 2);
});

Deno.test("decodeFrames() puts the entropy of all steps on one scale", () => {
  const frames = decodeFrames([
    step(1, Float32Array.of(0, 1, 2, 6.93147)),
    step(2, Float32Array.of(0, 0, 1, 1)),
  ], [2, 2]);
  const scales = frames.map(({ panels }) => (panels[3] as TokenMap).scale);
  assert.deepEqual(scales[0], { title: "entropy (nats)", from: 0, to: 6.93 });
  assert.deepEqual(scales[0], scales[1]);
});

Deno.test("attentionPanel() is brightest where a word is read most", async () => {
  const picture = createPicture(2, 2);
  const weights = Float32Array.of(0, 0.125, 0.25, 0.5);
  const own = attentionPanel("apple", weights, [2, 2], picture);
  assert.deepEqual(own.values, [0, 0.25, 0.5, 1]);
  const shared = attentionPanel("red", weights, [2, 2], picture, 1);
  assert.deepEqual(shared.values, [0, 0.125, 0.25, 0.5]);
  const none = attentionPanel("a", [0, 0, 0, 0], [2, 2], picture);
  assert.deepEqual(none.values, [0, 0, 0, 0]);
  assert.match(await plot([own, shared]).svg(), /attention \(1: the most\)/);
});
