import assert from "node:assert/strict";
import { decodeImage } from "../image/decode.ts";
import { createPicture } from "../image/picture.ts";
import { plot } from "./figure.ts";
import { animate } from "./film.ts";
import type { Chart, Panel, TokenMap } from "./panel.ts";
import type { PlotlyFigure } from "./plotly.ts";

const DISPLAY = Symbol.for("Jupyter.display");

const CHART: Chart = {
  kind: "chart",
  title: "FID < 10 & more",
  x: { title: "samples", log: true },
  y: { title: "FID" },
  series: ["a", "b"].map((name, i) => ({
    name,
    points: [{ x: 10, y: 5 + i, error: 1, label: "ten" }, { x: 100, y: NaN }],
  })),
  line: { y: 4, name: "limit" },
  draw: "both",
};

const MAP: TokenMap = {
  kind: "map",
  title: "confidence",
  values: Float32Array.of(0, 0.25, 0.5, 1),
  grid: [2, 2],
  scale: { title: "probability", from: 0, to: 1 },
};

const PICTURE = createPicture(2, 1, Uint8Array.of(9, 8, 7, 6, 5, 4));

/** What a front end reads, after it went over the wire. */
const sent = (figure: PlotlyFigure) =>
  JSON.parse(JSON.stringify(figure)) as {
    data: Record<string, unknown>[];
    layout: Record<string, Record<string, unknown>>;
    frames?: { name: string; data: Record<string, unknown>[] }[];
  };

Deno.test("plot() gives a notebook Plotly, SVG and text of one description", async () => {
  const bundle = await plot([CHART, MAP])[DISPLAY]();
  assert.deepEqual(Object.keys(bundle), [
    "application/vnd.plotly.v1+json",
    "image/svg+xml",
    "text/plain",
  ]);
  assert.equal(
    bundle["text/plain"],
    "[figure] FID < 10 & more; confidence",
  );
  const { data, layout } = sent(bundle["application/vnd.plotly.v1+json"]);
  assert.deepEqual(data.map(({ type }) => type), [
    "scatter",
    "scatter",
    "heatmap",
  ]);
  assert.deepEqual(data[0].y, [5, null], "a gap where there is no number");
  assert.deepEqual(data[2].z, [[0, 0.25], [0.5, 1]]);
  assert.deepEqual(data.map(({ xaxis }) => xaxis), ["x", "x", "x2"]);
  assert.equal(layout.xaxis.type, "log");
  assert.deepEqual(layout.coloraxis2, undefined);
  const [, probability] = [layout.xaxis, layout.coloraxis];
  assert.equal(probability.cmax, 1);
  const svg = new TextEncoder().encode(bundle["image/svg+xml"]);
  assert((await decodeImage(svg)).width > 800);
});

Deno.test("plot() holds a unit as long upward as across if it is asked to", async () => {
  const free: Chart = { ...CHART, x: { title: "first" } };
  const panels: Panel[] = [free, { ...free, equal: true }];
  const bundle = await plot(panels)[DISPLAY]();
  const { layout } = sent(bundle["application/vnd.plotly.v1+json"]);
  assert.equal(layout.yaxis.scaleanchor, undefined);
  assert.equal(layout.yaxis2.scaleanchor, "x2");
});

Deno.test("plot() escapes what Plotly would read as tags, and keeps pictures as URLs", async () => {
  const { layout, data } = sent(
    await plot([
      CHART,
      { kind: "picture", title: "<b>x</b>", picture: PICTURE },
    ]).plotly(),
  );
  const annotations = layout.annotations as unknown as { text: string }[];
  assert(annotations.some(({ text }) => text === "&lt;b&gt;x&lt;/b&gt;"));
  const url = data[2].source as string;
  const png = Uint8Array.fromBase64(url.split(",")[1]);
  assert.deepEqual((await decodeImage(png)).data, PICTURE.data);
});

Deno.test("plot() lists a series once, in one colour, whichever panel it is in", async () => {
  const { data } = sent(await plot([CHART, CHART]).plotly());
  assert.deepEqual(
    data.map(({ name, showlegend }) => [name, showlegend]),
    [["a", true], ["b", true], ["a", false], ["b", false]],
  );
  const colours = data.map(({ line }) => (line as { color: string }).color);
  assert.deepEqual(colours.slice(0, 2), colours.slice(2));
});

Deno.test("plot() lays panels out in rows that don't overlap", async () => {
  const { layout } = sent(
    await plot(Array(5).fill(MAP), { columns: 3 }).plotly(),
  );
  const domain = (axis: string) => layout[axis].domain as [number, number];
  assert(domain("xaxis")[1] < domain("xaxis2")[0]);
  assert.deepEqual(domain("xaxis"), domain("xaxis4"));
  assert(domain("yaxis4")[1] < domain("yaxis")[0]);
});

Deno.test("plot() refuses panels that hold something else than they say", () => {
  const refuses = (panel: Panel[], message: RegExp) =>
    assert.throws(() => plot(panel), message);
  refuses([], /found no panels/);
  refuses([{ ...MAP, grid: [2, 3] }], /found 4 values, wanted 2x3/);
  refuses([{ ...MAP, rows: ["a"] }], /found 1 names of rows, wanted 2/);
  refuses([{ ...MAP, columns: ["a"] }], /found 1 names of columns, wanted 2/);
  refuses([{
    kind: "bars",
    title: "time",
    names: ["a", "b"],
    value: { title: "s" },
    series: [{ name: "text", values: [1] }],
  }], /found 1 values of "text", wanted one for each of 2 names/);
  refuses([{
    ...CHART,
    series: [{ name: "", points: [{ x: 0, y: 1 }] }],
  }], /isn't above 0/);
});

Deno.test("plot() shows the names of a table's rows and columns", async () => {
  const rows = ["an apple", "a <pear>"];
  const { layout } = sent(
    await plot([{ ...MAP, rows, columns: ["1", "2"] }, MAP]).plotly(),
  );
  assert.equal(layout.xaxis.visible, true);
  assert.deepEqual(layout.xaxis.ticktext, ["1", "2"]);
  assert.deepEqual(layout.yaxis.ticktext, ["an apple", "a &lt;pear&gt;"]);
  assert.equal(layout.xaxis2.visible, false);
});

const frame = (name: string, shift: number) => ({
  name,
  panels: [
    { kind: "picture" as const, title: "guess", picture: PICTURE },
    { ...MAP, values: [shift, 0, 0, 0], beneath: PICTURE },
  ],
});

Deno.test("animate() begins with the last frame and holds the others", async () => {
  const frames = Array.from({ length: 9 }, (_, i) => frame(`step ${i + 1}`, i));
  const film = animate(frames);
  const { data, layout, frames: moved } = sent(await film.plotly());
  assert.deepEqual((data[1].z as number[][])[0], [8, 0]);
  assert.deepEqual(moved!.map(({ name }) => name), frames.map((f) => f.name));
  assert.deepEqual(moved![3].data[1], { type: "heatmap", z: [[3, 0], [0, 0]] });
  const [slider] = layout.sliders as unknown as {
    active: number;
    steps: { label: string }[];
  }[];
  assert.equal(slider.active, 8);
  assert.equal(slider.steps.length, 9);
  const svg = await film.svg();
  const titles = [...svg.matchAll(/>((?:guess, )?step \d)</g)].map(([, t]) =>
    t
  );
  assert.deepEqual(titles.slice(0, 6), [
    "guess, step 1",
    ...[3, 4, 6, 7, 9].map((step) => `step ${step}`),
  ]);
});

Deno.test("animate() refuses no frames, and panels that change their kind", () => {
  assert.throws(() => animate([]), /found no frames/);
  assert.throws(
    () => animate([frame("a", 0), { name: "b", panels: [MAP, MAP] }]),
    /found the panels map, map in frame "b", wanted picture, map/,
  );
});
