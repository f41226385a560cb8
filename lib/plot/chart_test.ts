import assert from "node:assert/strict";
import { decodeImage } from "../image/decode.ts";
import { placeLabels } from "./chart_labels.ts";
import { nameScale, numberScale } from "./chart_scale.ts";
import { type Chart, chartSvg } from "./chart.ts";

Deno.test("numberScale() holds all numbers, with ticks at round ones", () => {
  const texts = (values: number[]) =>
    numberScale(values).ticks.map(({ text }) => text);
  assert.deepEqual(texts([4, 24]), ["5", "10", "15", "20", "25"]);
  assert.deepEqual(
    texts([-0.2, 0.3]),
    ["-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3"],
  );
  assert.deepEqual(texts([0.512, 0.538]), [
    "0.515",
    "0.520",
    "0.525",
    "0.530",
    "0.535",
  ]);
  for (const values of [[3], [0], [-5, -5], [1e-9, 2e-9], [1e6, 3e7]]) {
    const { from, to, ticks } = numberScale(values);
    assert(from < Math.min(...values) && to > Math.max(...values));
    assert(ticks.length >= 2 && ticks.length <= 8, `${values}`);
    assert(ticks.every(({ at }) => at >= from && at <= to));
  }
});

Deno.test("nameScale() gives every name a place", () => {
  const { from, to, ticks } = nameScale(["a", "b"]);
  assert.deepEqual([from, to], [-0.5, 1.5]);
  assert.deepEqual(ticks, [{ at: 0, text: "a" }, { at: 1, text: "b" }]);
});

Deno.test("placeLabels() writes no label over another one or out of the box", () => {
  const within = { left: 0, top: 0, width: 200, height: 100 };
  const at = (x: number, y: number) => ({ text: "label", at: [x, y] as const });
  const alone = placeLabels([at(100, 50)], within);
  assert.equal(alone.length, 1);
  assert(alone[0].y < 50, "above, if there is room");
  const [top] = placeLabels([at(100, 5)], within);
  assert(top.y > 5, "below, if there is none above");
  const crowd = Array.from({ length: 20 }, () => at(100, 50));
  const placed = placeLabels(crowd, within);
  assert(placed.length >= 1 && placed.length <= 4);
  assert.equal(
    new Set(placed.map(({ x, y }) => `${x} ${y}`)).size,
    placed.length,
  );
});

const CHART: Chart = {
  title: "a < b & c",
  x: { title: "steps" },
  y: { title: "share" },
  series: ["first", "second"].map((name, i) => ({
    name,
    points: [4, 8, 12].map((x) => ({
      x,
      y: i + x,
      error: 0.5,
      label: `${x} "of" ${i}`,
    })),
  })),
  line: { y: 20, name: "scenes" },
  joined: true,
  labels: true,
};

/** Everything that stands between tags. */
const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text);

Deno.test("chartSvg() draws points, lines, bars, a legend and its texts", async () => {
  const svg = chartSvg([CHART, CHART]);
  assert.equal(svg.match(/<circle/g)!.length, 2 * 6 + 2);
  assert.equal(svg.match(/opacity="0.5"/g)!.length, 2 * 6, "bars of errors");
  assert.equal(svg.match(/stroke-width="1.5"/g)!.length, 2 * 2, "lines");
  assert.equal(svg.match(/stroke-dasharray/g)!.length, 2);
  const written = texts(svg);
  assert(written.includes("a &#60; b &#38; c"));
  assert.equal(written.filter((text) => text === "first").length, 1);
  assert.equal(written.filter((text) => text === "steps").length, 2);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  const { width, height } = await decodeImage(new TextEncoder().encode(svg));
  assert(width === 880 && height > 340);
});

Deno.test("chartSvg() names the places of an axis of names, cut where they are long", () => {
  const long = "0.9,0.8,0.7,0.6,0.5,0";
  const names = ["cosine", long];
  const points = names.map((label, x) => ({ x, y: x, label }));
  const svg = chartSvg([{
    title: "by schedule",
    x: { title: "schedule", names },
    y: { title: "share" },
    series: [{ name: "", points }],
  }]);
  assert(texts(svg).includes("cosine"));
  assert(texts(svg).includes("0.9,0.8,0.7,0.…"));
  assert(svg.includes(`<title>${long} (1)</title>`), "whole in the tip");
  assert.doesNotMatch(svg, /stroke-width="1.5"/);
});

Deno.test("chartSvg() gives series of one colour another form", () => {
  const series = Array.from({ length: 9 }, (_, i) => ({
    name: `series ${i}`,
    points: [{ x: i, y: i, label: "" }],
  }));
  const svg = chartSvg([{ ...CHART, series, labels: false }]);
  const marks = [...svg.matchAll(/<(circle|rect)[^>]*fill="(#0072b2)"/g)];
  assert.deepEqual(
    new Set(marks.map(([, form]) => form)),
    new Set(["circle", "rect"]),
  );
});
