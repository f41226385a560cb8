import assert from "node:assert/strict";
import { readPairMetrics } from "./eval_pairs_metrics.ts";

Deno.test("readPairMetrics() has networks shown pictures as the program shows them", () => {
  const resizes = (convention?: string) => {
    const metrics = "fid,clip-score,cmmd";
    const { networks } = readPairMetrics({ metrics, convention, clip: "b-32" });
    return networks.map(({ resize }) => resize);
  };
  assert.deepEqual(resizes(), ["torch", "openai", "cmmd"]);
  assert.deepEqual(resizes("clean-fid"), ["clean", "openai", "cmmd"]);
  assert.deepEqual(resizes("torchmetrics"), [
    "torchmetrics",
    "transformers",
    "cmmd",
  ]);
});

Deno.test("readPairMetrics() takes the programs that eval fid knows, and no others", () => {
  const [fid, score] = readPairMetrics({ convention: "clipscore" }).metrics;
  assert.deepEqual(
    [fid.convention, score.convention],
    ["pytorch-fid", "clipscore"],
  );
  for (const resize of [undefined, "clean"]) {
    assert.throws(
      () => readPairMetrics({ convention: "clip-scor", resize }),
      /--convention doesn't know "clip-scor"; did you mean "clip-score"\?/,
    );
  }
});
