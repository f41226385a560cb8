import assert from "node:assert/strict";
import {
  lossChart,
  sampleSizeChart,
  timeBars,
  tradeOffChart,
} from "./run_charts.ts";

Deno.test("lossChart() smooths a loss without a bias at the start", () => {
  const points = Array.from({ length: 400 }, (_, x) => ({
    x,
    y: x < 200 ? 4 + (x % 2) : 1,
  }));
  const { series } = lossChart([{ name: "base", points }], "nats a token");
  assert.deepEqual(series.map(({ faint }) => faint), [true, undefined]);
  assert.equal(series[0].points, points);
  assert.deepEqual(
    series[1].points.map(({ x }) => x),
    points.map(({ x }) => x),
  );
  const smooth = series[1].points.map(({ y }) => y);
  assert.equal(smooth[0], 4);
  assert(Math.abs(smooth[100] - 4.5) < 0.05, `${smooth[100]}`);
  assert.deepEqual(smooth.slice(210), new Array(190).fill(1));
});

Deno.test("lossChart() smooths a loss without a lag", () => {
  const slope = Array.from({ length: 400 }, (_, x) => ({ x, y: 800 - 2 * x }));
  const { series } = lossChart([{ name: "base", points: slope }], "nats");
  assert.deepEqual(series[1].points.slice(0, 392), slope.slice(0, 392));
  const rest = series[1].points.slice(392).map(({ y }) => y);
  assert(rest.every((y, i) => y >= slope[392 + i].y && y <= slope[384 + i].y));
  const points = slope.map(({ x }) => ({ x, y: x < 200 ? 4 : 1 }));
  const [, step] = lossChart([{ name: "base", points }], "nats").series;
  const middle = (step.points[199].y + step.points[200].y) / 2;
  assert(Math.abs(middle - 2.5) < 1e-9, "half way where the loss is");
});

Deno.test("lossChart() draws nothing of no steps", () => {
  const { series } = lossChart([{ name: "base", points: [] }], "nats");
  assert.deepEqual(series.map(({ points }) => points), [[], []]);
});

Deno.test("sampleSizeChart() draws a figure against N and what it tends to", () => {
  const figures = [{ samples: 100, value: 40, error: 2 }];
  const chart = sampleSizeChart("FID", figures, 12);
  assert.equal(chart.x.log, true);
  assert.deepEqual(chart.line, { y: 12, name: "N without end" });
  assert.deepEqual(chart.series[0].points, [
    { x: 100, y: 40, error: 2, label: "N = 100" },
  ]);
  assert.equal(sampleSizeChart("FID", figures).line, undefined);
});

Deno.test("tradeOffChart() joins the settings in their order", () => {
  const points = [
    { label: "t = 1", x: 12, y: 0.24 },
    { label: "t = 4", x: 8, y: 0.26 },
  ];
  const { series, draw, labels } = tradeOffChart(
    "Guidance",
    { x: "FID", y: "CLIP score" },
    { cosine: points },
  );
  assert.deepEqual(series, [{ name: "cosine", points }]);
  assert.deepEqual([draw, labels], ["both", true]);
});

Deno.test("timeBars() stacks the parts, and one that is missing took no time", () => {
  const chart = timeBars({
    base: { text: 0.1, decode: 2 },
    whole: { text: 0.1, decode: 2, superres: 3 },
  }, "a picture");
  assert.deepEqual(chart.names, ["base", "whole"]);
  assert.deepEqual(
    chart.series.map(({ name, values }) => [name, ...values]),
    [["text", 0.1, 0.1], ["decode", 2, 2], ["superres", 0, 3]],
  );
  assert.equal(chart.value.title, "seconds a picture");
});
