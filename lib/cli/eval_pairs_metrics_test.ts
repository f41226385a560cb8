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

Deno.test("readPairMetrics() has captions read for the CLIP score alone", () => {
  const metrics = "fid,clip-score,cmmd,fd-dinov2";
  const { networks } = readPairMetrics({ metrics, clip: "b-32" });
  assert.deepEqual(
    networks.filter(({ captions }) => captions).map(({ option }) => option),
    ["clip"],
  );
});

Deno.test("readPairMetrics() keeps networks apart", () => {
  const names = (clip: string) =>
    readPairMetrics({ metrics: "clip-score", clip }).networks
      .map(({ name }) => name);
  assert.deepEqual(names("a/clip-v1.5,a/clip-v1.6/"), [
    "clip-v1.5",
    "clip-v1.6",
  ]);
  assert.deepEqual(names("a/clip.safetensors,b/ViT-B-32.pt"), [
    "clip",
    "ViT-B-32",
  ]);
  assert.deepEqual(names("b-32,clip-vit-base-patch32"), [
    "clip-vit-base-patch32",
  ]);
  assert.throws(
    () => names("a/tiny,b/tiny"),
    /two networks called "tiny", a\/tiny and b\/tiny; rename one/,
  );
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
      /--convention is .*, not "clip-scor"; did you mean "clip-score"\?/,
    );
  }
});
