import assert from "node:assert/strict";
import type { QualityChange } from "../../eval/quality_change.ts";
import { changesText } from "./quality_change_text.ts";

const PSNR: QualityChange = {
  part: "tokenizer",
  figure: "PSNR",
  unit: "dB",
  fp32: 20.5,
  other: 20.25,
};

/** A judged figure that is 80% in float32. */
const judged = (
  figure: string,
  change: number,
  reach: number,
): QualityChange => ({
  part: "drawn, heldout",
  figure,
  unit: "%",
  fp32: 80,
  other: 80 + change,
  judged: { low: change - reach, high: change + reach },
});

Deno.test("changesText() gives each figure's change in its unit, and how sure the judge's are", () => {
  const changes = [
    PSNR,
    judged("style", 0.5, 1.25),
    judged("count", -1.5, 2),
    judged("tint", -4, 2.5),
  ];
  assert.deepEqual(changesText("int8", changes).split("\n"), [
    "",
    "In int8 beside float32, the same scenes and seeds",
    "                  figure  float32  int8   change    95% interval  " +
    "no drop above 1 point",
    "  tokenizer       PSNR    20.50    20.25  -0.25 dB",
    "  drawn, heldout  style   80.0     80.5   +0.5 %    -0.8 to +1.8  yes",
    "  drawn, heldout  count   80.0     78.5   -1.5 %    -3.5 to +0.5  unsure",
    "  drawn, heldout  tint    80.0     76.0   -4.0 %    -6.5 to -1.5  no",
    "",
    "As measured, 1 of 3 judged figures drop by no more than 1 point; most " +
    "drops drawn, heldout: tint, by 4.0",
    "With 95% confidence 1 do, 1 don't, and of 1 the pictures can't tell: more " +
    "--scenes would",
    "Intervals are those of a change between pairs, the same scene in both",
  ]);
});

Deno.test("changesText() says where nothing drops, and nothing of a judge where there is none", () => {
  const text = changesText("int8", [judged("style", 0, 0)]);
  assert.match(
    text,
    /1 of 1 judged .*; none drops at all\nWith 95%.* 1 do, 0 /,
  );
  assert.doesNotMatch(changesText("int8", [PSNR]), /judged|confidence/);
});
