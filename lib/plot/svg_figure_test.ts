import assert from "node:assert/strict";
import { decodeImage } from "../image/decode.ts";
import { createPicture } from "../image/picture.ts";
import type { BarChart, Chart, TokenMap } from "./panel.ts";
import { figureSvg } from "./svg_figure.ts";

const CHART: Chart = {
  kind: "chart",
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
  draw: "both",
  labels: true,
};

/** Everything that stands between tags. */
const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text);

Deno.test("figureSvg() draws points, lines, bars, a legend and its texts", async () => {
  const svg = figureSvg([CHART, CHART]);
  assert.equal(svg.match(/<circle/g)!.length, 2 * 6 + 2);
  assert.equal(svg.match(/opacity="0.5"/g)!.length, 2 * 6, "bars of errors");
  assert.equal(svg.match(/stroke-width="1.8"/g)!.length, 2 * 2, "lines");
  assert.equal(svg.match(/stroke-dasharray/g)!.length, 2);
  const written = texts(svg);
  assert(written.includes("a &#60; b &#38; c"));
  assert.equal(written.filter((text) => text === "first").length, 1);
  assert.equal(written.filter((text) => text === "steps").length, 2);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  const { width, height } = await decodeImage(new TextEncoder().encode(svg));
  assert(width === 880 && height > 340);
});

Deno.test("figureSvg() names the places of an axis of names, cut where they are long", () => {
  const long = "0.9,0.8,0.7,0.6,0.5,0";
  const names = ["cosine", long];
  const points = names.map((label, x) => ({ x, y: x, label }));
  const svg = figureSvg([{
    kind: "chart",
    title: "by schedule",
    x: { title: "schedule", names },
    y: { title: "share" },
    series: [{ name: "", points }],
  }]);
  assert(texts(svg).includes("cosine"));
  assert(texts(svg).includes("0.9,0.8,0.7,0.…"));
  assert(svg.includes(`<title>${long} (1)</title>`), "whole in the tip");
  assert.doesNotMatch(svg, /stroke-width="1.8"/);
});

Deno.test("figureSvg() gives series of one colour another form", () => {
  const series = Array.from({ length: 9 }, (_, i) => ({
    name: `series ${i}`,
    points: [{ x: i, y: i, label: "" }],
  }));
  const svg = figureSvg([{ ...CHART, series, labels: false }]);
  const marks = [...svg.matchAll(/<(circle|rect)[^>]*fill="(#0072b2)"/g)];
  assert.deepEqual(
    new Set(marks.map(([, form]) => form)),
    new Set(["circle", "rect"]),
  );
});

Deno.test("figureSvg() draws a series in its colour in every panel, faint ones without marks", () => {
  const points = [{ x: 0, y: 1 }, { x: 1, y: 2 }];
  const loss = (series: Chart["series"]): Chart => ({
    kind: "chart",
    title: "",
    x: { title: "step" },
    y: { title: "loss", log: true },
    draw: "lines",
    series,
  });
  const svg = figureSvg([
    loss([{ name: "a", points }, { name: "b", points }]),
    loss([{ name: "b", points }, { name: "b", points, faint: true }]),
  ]);
  const lines = [...svg.matchAll(/stroke="(#\w+)" stroke-width="([\d.]+)"/g)]
    .map(([, colour, width]) => `${colour} ${width}`);
  assert.deepEqual(
    lines,
    ["#0072b2 1.8", "#d55e00 1.8", "#d55e00 1.8"]
      .concat("#d55e00 1"),
  );
  assert.equal(texts(svg).filter((text) => text === "b").length, 1);
  assert.equal(svg.match(/<circle/g)!.length, 2, "those of the legend");
});

const BARS: BarChart = {
  kind: "bars",
  title: "Where the time goes",
  names: ["fp32", "<int8>"],
  value: { title: "seconds" },
  series: [{ name: "text", values: [1, 2] }, { name: "base", values: [3, 4] }],
};

/** Left edge and width of every bar. */
const bars = (svg: string) =>
  [...svg.matchAll(/<\/title><rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)]
    .map(([, x, width]) => ({ x: Number(x), width: Number(width) }));

Deno.test("figureSvg() draws bars from 0, or end to end if they are parts", () => {
  const beside = bars(figureSvg([BARS]));
  assert.equal(new Set(beside.map(({ x }) => x)).size, 1);
  const near = (a: number, b: number) => assert(Math.abs(a - b) < 0.3);
  near(beside[1].width, 3 * beside[0].width);
  const svg = figureSvg([{ ...BARS, stacked: true }]);
  const stacked = bars(svg);
  near(stacked[1].x, stacked[0].x + stacked[0].width);
  near(stacked[1].width, 3 * stacked[0].width);
  assert(texts(svg).includes("&#60;int8&#62;"));
  assert(svg.includes("<title>fp32: base: 3</title>"));
});

const MAP: TokenMap = {
  kind: "map",
  title: "confidence",
  values: [0, 1, NaN, 0.5, 1, 0],
  grid: [2, 3],
  scale: { title: "probability", from: 0, to: 1 },
};

Deno.test("figureSvg() draws maps with their scale once, and pictures beneath", async () => {
  const svg = figureSvg([MAP, { ...MAP, title: "later" }], { columns: 2 });
  assert.deepEqual(texts(svg), [
    "confidence",
    "later",
    "probability",
    "0",
    "1",
  ]);
  const cells = [...svg.matchAll(/<path d="(M[^"]*z)" fill="([^"]+)"/g)];
  assert.equal(cells.length, 2 * 3, "one path a colour; a gap has none");
  assert.equal(cells[0][1].match(/M/g)!.length, 2);
  const picture = createPicture(3, 2, new Uint8Array(18).fill(90));
  const url = "data:image/png;base64,AAAA";
  const veiled = figureSvg([{ ...MAP, beneath: picture }], {
    urls: new Map([[picture, url]]),
  });
  assert(veiled.includes(`href="${url}"`) && /fill="rgba\(/.test(veiled));
  const { width } = await decodeImage(new TextEncoder().encode(svg));
  assert(width > 600);
});

Deno.test("figureSvg() names the states of a map", () => {
  const states = [[255, 0, 0], [0, 255, 0]].map(([r, g, b], i) => ({
    name: `state ${i}`,
    colour: [r, g, b] as const,
  }));
  const svg = figureSvg([{
    ...MAP,
    values: [0, 1, 1, 1, 1, 1],
    scale: { title: "tokens", states },
  }]);
  assert.deepEqual(texts(svg), ["confidence", "tokens", "state 0", "state 1"]);
  const counts = [...svg.matchAll(/<path d="(M[^"]*z)" fill="([^"]+)"/g)]
    .map(([, path, fill]) => [fill, path.match(/M/g)!.length]);
  assert.deepEqual(counts, [["rgb(255,0,0)", 1], ["rgb(0,255,0)", 5]]);
});

/** Width and height that an SVG says it has. */
const sizeOf = (svg: string) =>
  svg.match(/width="(\d+)" height="(\d+)"/)!.slice(1).map(Number);

Deno.test("figureSvg() writes the names of a table's rows and columns beside it", () => {
  const rows = ["an apple", "a pear"];
  const columns = ["1", "2", "three"];
  const svg = figureSvg([{ ...MAP, rows, columns }]);
  const written = texts(svg);
  assert(
    ["an apple", "a pear", "1", "2", "three"].every((name) =>
      written.includes(name)
    ),
  );
  const [bare] = sizeOf(figureSvg([MAP]));
  assert(sizeOf(svg)[0] > bare + 40, "the table is as large as without them");
});

Deno.test("figureSvg() is no higher than what it shows, and as wide as its legend", () => {
  const [wide, low] = sizeOf(figureSvg([{
    ...MAP,
    values: Array(20).fill(0),
    grid: [2, 10],
  }]));
  const [narrow, high] = sizeOf(figureSvg([{
    ...MAP,
    values: Array(4).fill(0),
    grid: [2, 2],
  }]));
  assert(low < 160 && high > 320 && wide > narrow);
  const title = "a measure that takes many words to be told";
  const scale = { title, from: 0, to: 1 };
  const [long] = sizeOf(figureSvg([{ ...MAP, scale }]));
  assert(long > narrow + 100);
});
