import assert from "node:assert/strict";
import type { QualityChange } from "../../eval/quality_change.ts";
import { changesText } from "./quality_change_text.ts";

Deno.test("changesText() gives each figure's change in its unit, and the judge's largest drop", () => {
  const psnr: QualityChange = {
    part: "tokenizer",
    figure: "PSNR",
    unit: "dB",
    fp32: 20.5,
    other: 20.25,
    isJudged: false,
  };
  const style: QualityChange = {
    part: "drawn, heldout",
    figure: "style",
    unit: "%",
    fp32: 80,
    other: 80.5,
    isJudged: true,
  };
  assert.deepEqual(changesText("int8", [psnr, style]).split("\n"), [
    "",
    "In int8 beside float32, the same scenes and seeds",
    "                  figure  float32  int8   change",
    "  tokenizer       PSNR    20.50    20.25  -0.25 dB",
    "  drawn, heldout  style   80.0     80.5   +0.5 %",
    "",
    "The judged figure that falls most falls by 0.0 points",
  ]);
  assert.doesNotMatch(changesText("int8", [psnr]), /judged/);
});
