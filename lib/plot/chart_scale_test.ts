import assert from "node:assert/strict";
import { pathsOf, placeLabels, placeLineLabel } from "./chart_labels.ts";
import {
  barScale,
  logScale,
  nameScale,
  numberScale,
  scalesOf,
} from "./chart_scale.ts";

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

Deno.test("numberScale() writes thousands by their letter and ignores what isn't finite", () => {
  const texts = (values: number[]) =>
    numberScale(values).ticks.map(({ text }) => text);
  assert.deepEqual(
    texts([0, 30000, NaN]),
    ["0", "5k", "10k", "15k", "20k"]
      .concat("25k", "30k"),
  );
  assert.deepEqual(
    texts([-2e6, Infinity, 0]),
    ["-2M", "-1.5M", "-1M"]
      .concat("-500k", "0"),
  );
});

Deno.test("barScale() begins at 0 and holds the longest bar", () => {
  const { from, to, ticks, place } = barScale([3, 12]);
  assert.equal(from, 0);
  assert(to > 12 && to < 13);
  assert.equal(ticks[0].text, "0");
  assert.equal(place(0), 0);
  assert.equal(barScale([0]).to, 1);
});

Deno.test("logScale() puts equal factors at equal distances", () => {
  const scale = logScale([100, 10000]);
  const [a, b, c] = [100, 1000, 10000].map(scale.place);
  assert(Math.abs(c - b - (b - a)) < 1e-12 && a > 0 && c < 1);
  assert.deepEqual(scale.ticks.map(({ text }) => text), ["100", "1k", "10k"]);
  const texts = (values: number[]) =>
    logScale(values).ticks.map(({ text }) => text);
  assert.deepEqual(texts([9, 40]), ["10", "15", "20", "30", "40"]);
  assert.deepEqual(texts([0.01, 5, 0]), ["0.01", "0.1", "1"]);
  for (const values of [[5], [1e-7, 1e9], [1.01, 1.02]]) {
    const { ticks, from, to } = logScale(values);
    assert(ticks.length >= 1 && ticks.length <= 9, `${values}`);
    assert(ticks.every(({ at }) => at >= from && at <= to), `${values}`);
  }
});

Deno.test("nameScale() gives every name a place", () => {
  const { from, to, ticks, place } = nameScale(["a", "b"]);
  assert.deepEqual([from, to], [-0.5, 1.5]);
  assert.equal(place(0.5), 0.5);
  assert.deepEqual(ticks, [{ at: 0, text: "a" }, { at: 1, text: "b" }]);
});

Deno.test("scalesOf() makes units equally long where a chart asks for it", () => {
  const box = { width: 300, height: 200 };
  const lengths = (points: { x: number; y: number }[], equal: boolean) => {
    const axis = { title: "" };
    const series = [{ name: "", points }];
    const chart = { kind: "chart", title: "", x: axis, y: axis } as const;
    const { x, y } = scalesOf({ ...chart, series, equal }, box);
    for (const { x: across, y: up } of points) {
      const places = [x.place(across), y.place(up)];
      assert(places.every((place) => place > 0 && place < 1));
    }
    const middles = [x.from + x.to, y.from + y.to].map((sum) => sum / 2);
    const [wide, high] = [x, y].map(({ from, to }) => to - from);
    return { middles, unit: [box.width / wide, box.height / high] };
  };
  const corners = (
    width: number,
    height: number,
  ) => [{ x: 1, y: 2 }, { x: 1 + width, y: 2 + height }];
  for (const [width, height] of [[4, 4], [8, 1], [1, 20]]) {
    const points = corners(width, height);
    const { middles, unit } = lengths(points, true);
    assert(Math.abs(unit[0] - unit[1]) < 1e-9 * unit[0]);
    const wanted = [1 + width / 2, 2 + height / 2];
    assert(middles.every((one, i) => Math.abs(one - wanted[i]) < 1e-9));
    const free = lengths(points, false).unit;
    assert(Math.abs(Math.min(...free) - unit[0]) < 1e-9, "one stays");
    assert(free[0] !== free[1]);
  }
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

const BOX = { left: 0, top: 0, width: 200, height: 100 };

Deno.test("placeLabels() writes a label beside the line that goes through its point", () => {
  const at = [100, 50] as const;
  const label = [{ text: "label", at }];
  const upward = [at, [100, 0]] as const;
  assert(placeLabels(label, BOX)[0].y < 50);
  assert(placeLabels(label, BOX, [upward])[0].y > 50);
});

Deno.test("placeLineLabel() writes a line's name where no curve runs", () => {
  const place = (y: number, ...path: (readonly [number, number])[]) => {
    const { end, side } = placeLineLabel("name", y, BOX, [path]);
    return `${side} ${end}`;
  };
  assert.equal(place(50), "above right");
  assert.equal(place(50, [180, 45]), "above left");
  assert.equal(place(50, [0, 45], [200, 45]), "below right");
  assert.equal(place(50, [0, 45], [200, 45], [200, 60]), "below left");
  assert.equal(place(2), "below right", "above is no room");
});

Deno.test("pathsOf() places a chart's lines, and points without lines one by one", () => {
  const chart = {
    kind: "chart" as const,
    title: "",
    x: { title: "" },
    y: { title: "" },
    series: [{ name: "", points: [{ x: 0, y: 0 }, { x: 2, y: 1 }] }],
  };
  const half = { from: 0, to: 2, ticks: [], place: (x: number) => x / 2 };
  const scales = { x: half, y: half };
  const line = pathsOf({ ...chart, draw: "lines" }, scales, BOX);
  assert.deepEqual(line, [[[0, 100], [200, 50]]]);
  assert.deepEqual(pathsOf(chart, scales, BOX), [[[0, 100]], [[200, 50]]]);
});
