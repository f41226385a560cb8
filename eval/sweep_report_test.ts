import assert from "node:assert/strict";
import type { Column } from "./measure.ts";
import { sweepSvg } from "./sweep_charts.ts";
import { sweepCsv, type SweepReport, sweepTable } from "./sweep_report.ts";

const COLUMNS: Column[] = [
  {
    name: "agreement",
    title: "tokens that come back",
    unit: "share",
    better: "higher",
    shows: "fidelity",
  },
  {
    name: "gain",
    title: "likelier",
    unit: "nats",
    better: "higher",
    shows: "alignment",
  },
];

const row = (values: string[], agreement: number, gain: number) => ({
  values,
  figures: {
    agreement: { value: agreement, error: 0.0123 },
    gain: { value: gain },
  },
  seconds: 0.25,
});

const REPORT: SweepReport = {
  model: "mini",
  hash: "0123456789abcdef",
  samples: 16,
  of: "validation scenes",
  seed: 0,
  settings: { temperature: "1", schedule: "cosine" },
  axes: ["sampler", "steps"],
  columns: COLUMNS,
  rebuilt: { agreement: { value: 0.9, error: 0.01 }, gain: { value: 1 } },
  rows: [
    row(["halton", "12"], 0.75, 0.5),
    row(["halton", "4"], 0.5, 0.25),
    row(["hybrid:0.5", "4"], 0.625, 0.375),
    row(["hybrid:0.5", "12"], 0.6875, 0.4375),
  ],
};

Deno.test("sweepTable() prints what the figures depend on, and their errors", () => {
  assert.equal(
    sweepTable(REPORT),
    `mini, weights 0123456789ab, 16 validation scenes, seeds from 0
temperature 1, schedule cosine

sampler     steps      agreement   gain  s a picture
halton      12     0.750 ± 0.012  0.500        0.250
halton      4      0.500 ± 0.012  0.250        0.250
hybrid:0.5  4      0.625 ± 0.012  0.375        0.250
hybrid:0.5  12     0.688 ± 0.012  0.438        0.250
rebuilt            0.900 ± 0.010  1.000

agreement: tokens that come back, share; higher is better
gain: likelier, nats; higher is better
rebuilt: scenes rebuilt by the tokenizer`,
  );
});

Deno.test("sweepTable() and sweepCsv() keep the digits of small figures, and deviations", () => {
  const column = (name: string): Column => ({
    ...{ name, title: name, unit: "", better: "lower", shows: "fidelity" },
  });
  const small = {
    ...REPORT,
    columns: [column("KID"), column("CMMD")],
    axes: ["steps"],
    rows: [{
      values: ["4"],
      figures: {
        KID: { value: 0.00142, deviation: 0.000213 },
        CMMD: { value: 0.00142 },
      },
    }],
  };
  const { rebuilt: _, ...report } = small;
  assert.match(
    sweepTable(report),
    /^4 +0\.00142 ± 0\.00021 +0\.00142\n\nKID; .*; ± its deviation over sub.*\nCMMD; lower is better$/m,
  );
  assert.equal(
    sweepCsv(report),
    "steps,KID,KID error,KID deviation,CMMD,CMMD error\r\n" +
      "4,0.00142,,0.000213,0.00142,\r\n",
  );
});

Deno.test("sweepCsv() quotes what has commas or quotes", () => {
  const values = ["0.5,0", 'a "b"'];
  const csv = sweepCsv({ ...REPORT, rows: [{ ...REPORT.rows[0], values }] });
  assert.equal(
    csv,
    "sampler,steps,agreement,agreement error,gain,gain error,seconds\r\n" +
      '"0.5,0","a ""b""",0.75,0.0123,0.5,,0.25\r\n' +
      "rebuilt,,0.9,0.01,1,,\r\n",
  );
});

Deno.test("sweepCsv() and sweepTable() give every row as many cells, timed or not", () => {
  const { seconds: _, ...untimed } = REPORT.rows[0];
  for (const rows of [REPORT.rows, [untimed]]) {
    const report = { ...REPORT, rows };
    const lines = sweepCsv(report).trimEnd().split("\r\n");
    const [head, ...others] = lines.map((line) => line.split(",").length);
    assert(others.every((count) => count === head), lines.join("\n"));
    assert.match(sweepTable(report), /^rebuilt +0\.900 ± 0\.010 +1\.000$/m);
  }
});

Deno.test("sweepSvg() shows each kind against the steps, and against each other", () => {
  const svg = sweepSvg(REPORT);
  const titles = ["Fidelity against steps", "Alignment against steps"]
    .concat("Alignment against fidelity");
  for (const title of titles) assert(svg.includes(`>${title}</text>`), title);
  // One line a sampler in each, from few steps to many.
  assert.equal(svg.match(/stroke-width="1.8"/g)!.length, 3 * 2);
  const tips = [...svg.matchAll(/<title>sampler halton: ([^<]*)/g)].map((
    [, t],
  ) => t);
  assert.deepEqual(tips.slice(0, 2), ["4 (4, 0.5)", "12 (12, 0.75)"]);
  assert.equal(svg.match(/>scenes rebuilt by the tokenizer</g)!.length, 2);
});

Deno.test("sweepSvg() shows one axis of names as places", () => {
  const rows = ["cosine", "linear"].map((name, i) => row([name], i, i));
  const svg = sweepSvg({ ...REPORT, axes: ["schedule"], rows });
  assert(svg.includes(">Fidelity against schedule</text>"));
  assert.doesNotMatch(svg, /stroke-width="1.8"/, "names are not joined");
  const both = sweepSvg({ ...REPORT, axes: ["schedule", "steps"] });
  assert(both.includes("<title>schedule halton: 4 (4, 0.5)</title>"));
  // Along names, the points of several series stand beside each other.
  const beside = sweepSvg({ ...REPORT, axes: ["sampler", "top-k"] });
  const at = (title: string) =>
    Number(/cx="([\d.]+)"/.exec(beside.slice(beside.indexOf(title)))![1]);
  const [twelve, four] = ["top-k 12: halton (0.75)", "top-k 4: halton (0.5)"];
  assert(at(twelve) > 0 && at(four) > at(twelve) + 5);
  const onlyOne = { ...REPORT, columns: [COLUMNS[1]] };
  assert.doesNotMatch(sweepSvg(onlyOne), /idelity/);
});
