import assert from "node:assert/strict";
import { checkMetrics } from "./figures.ts";
import type { PlannedRun } from "./metric_checks.ts";

const NETWORKS = [{ name: "net", kind: "inception", resize: "torch" }];

function check(
  metric: string,
  convention: string,
  [samples, reference]: readonly [number, number],
  more: Partial<PlannedRun> = {},
): void {
  checkMetrics({
    samples,
    metrics: [{ metric, network: "net", convention }],
    networks: NETWORKS,
    reference: { kind: "pictures", name: "real", hash: "", count: reference },
    ...more,
  });
}

Deno.test("checkMetrics() says which figures so many pictures don't give", () => {
  const cases: [string, string, [number, number], [number, number], RegExp][] =
    [
      ["fid", "pytorch-fid", [2, 2], [2, 1], /found 1 pictures, wanted 2/],
      ["kid", "torch-fidelity", [1000, 1000], [1000, 999], /1000 from 999/],
      ["kid", "clean-fid", [2, 2], [1, 2], /Cannot begin a run with kid/],
      ["is", "stylegan3", [10, 0], [9, 0], /found 9 pictures, wanted 10/],
      ["prdc", "prdc", [6, 6], [6, 5], /found 5 pictures, wanted 6/],
      ["prdc", "stylegan3", [4, 4], [3, 4], /found 3 pictures, wanted 4/],
      ["fid-inf", "dgm-eval", [3, 2], [2, 2], /found 2 pictures, wanted 3/],
      ["fid-inf", "FID_IS_infinity", [5001, 2], [5000, 2], /wanted 5001/],
    ];
  for (const [metric, convention, enough, few, message] of cases) {
    check(metric, convention, enough);
    assert.throws(() => check(metric, convention, few), message);
  }
});

Deno.test("checkMetrics() says what a reference of statistics lacks", () => {
  const mean = Float64Array.of(0, 0);
  const covariance = { rows: 2, columns: 2, data: new Float64Array(4) };
  const known = { name: "", hash: "", statistics: { mean, covariance } };
  const reference = {
    kind: "statistics",
    name: "known.npz",
    hash: "",
  } as const;
  const of = (statistics: PlannedRun["statistics"]) => ({
    reference,
    statistics,
  });
  check("fid", "pytorch-fid", [9, 0], of(known));
  const cases: [string, string, PlannedRun["statistics"], RegExp][] = [
    ["kid", "clean-fid", known, /known\.npz: it has no features, only stat/],
    ["prdc", "prdc", known, /it has no features/],
    ["vendi", "cosine", known, /found statistics, wanted pictures/],
    [
      "fid",
      "pytorch-fid",
      { ...known, resize: "clean" },
      /resized as torch with clean/,
    ],
    [
      "fid",
      "pytorch-fid",
      { ...known, network: "dinov2" },
      /of the network inception with dinov2/,
    ],
  ];
  for (const [metric, convention, statistics, message] of cases) {
    assert.throws(
      () => check(metric, convention, [9, 0], of(statistics)),
      message,
    );
  }
});
