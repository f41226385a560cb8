import assert from "node:assert/strict";
import { judgedFigures } from "../../eval/probe/figures.ts";
import type { Verdict } from "../../eval/probe/verdict.ts";
import type {
  ModelQuality,
  ModelTokenizerQuality,
} from "../../eval/quality.ts";
import { qualityText } from "./quality_text.ts";

const PSNR = { psnr: 25.5, psnrInBoxes: 21.25 };
const TOKENIZER = { scenes: 16, ...PSNR, codesUsed: 0.75, perplexity: 12 };
const GAINS = { maskRate: 0.9, rightCaption: 1.5, otherCaption: 4 };
const PLAIN: ModelQuality = {
  model: "tiny",
  hash: "0123456789abcdef",
  precision: "fp32",
  size: 128,
  training: [],
  tokenizer: TOKENIZER,
  base: [{ split: "heldout", scenes: 16, gains: [GAINS] }],
};

const verdicts: Verdict[] = [{
  answers: [{ question: "object", truth: "dog", right: true }],
  kindsRight: true,
  kinds: 1,
}];
const FIGURES = judgedFigures(verdicts);
const JUDGED = {
  original: FIGURES,
  rebuilt: FIGURES,
  verdicts,
  objectShare: 0.875,
  fdProbe: 1.5,
};
const DRAWN = { ...FIGURES, verdicts, fdProbe: 4 };
const SUPERRES = {
  ...FIGURES,
  ...{ verdicts, size: 256, fdProbe: 3, fdProbeEnlarged: 5 },
};
const HIGH: ModelTokenizerQuality = {
  ...TOKENIZER,
  judged: JUDGED,
  tokensOf: "fedcba9876543210",
  beforeFinetuning: { psnr: 25, psnrInBoxes: 21.5, fdProbe: 2 },
};
const gains = [{ maskRate: 0.9, rightTokens: 1, otherTokens: 3 }];
const WHOLE: ModelQuality = {
  ...PLAIN,
  training: [
    { name: "base", steps: 12_750, pictures: 204_000, hours: 7.04 },
    { name: "odd", steps: 5, pictures: null, hours: 0 },
  ],
  tokenizer: { ...TOKENIZER, judged: JUDGED },
  judged: {
    judge: "aaaabbbbccccdddd",
    drawn: [
      { split: "validation", ...DRAWN, superres: SUPERRES },
      { split: "heldout", ...DRAWN },
    ],
    unseen: {
      ...{ rate: 0.5, low: 0.25, high: 0.75, each: 4 },
      words: [
        { word: "hound", kind: "dog", right: 1 },
        { word: "steed", kind: "horse", right: 4 },
        { word: "chapel", kind: "church", right: 1 },
      ],
    },
  },
  superres: {
    size: 256,
    tokenizer: HIGH,
    transformer: { scenes: 16, gains },
  },
};

Deno.test("qualityText() of a model without a judge says what there is", () => {
  const lines = qualityText(PLAIN).split("\n");
  assert.equal(
    lines[0],
    "tiny, weights 0123456789ab, 16 scenes of a split, 128 px, fp32",
  );
  assert.deepEqual(lines.slice(2, 7), [
    "Tokenizer, on validation scenes",
    "  PSNR               25.50 dB",
    "  PSNR in the boxes  21.25 dB",
    "  codes used         75.0 %",
    "  codes in effect    12",
  ]);
  assert.match(lines.at(-1)!, /^ {2}heldout +0\.90 +1\.500 +4\.000 +2\.500$/);
});

Deno.test("qualityText() shows all that a judge says, and what finetuning and super-resolution gain", () => {
  const text = qualityText(WHOLE);
  const lines = text.split("\n");
  const after = (title: string, from = 0) =>
    lines.slice(lines.indexOf(title, from) + 1);
  assert.match(lines[0], /fp32, judge aaaabbbbcccc$/);
  assert.match(text, /^ {2}base +12,750 +204,000 +7\.0$/m);
  const high = "Super-resolution to 256 px: its tokenizer";
  assert.ok(after(high).includes("  FD-probe           1.50"));
  assert.deepEqual(
    after("The same tokens by the decoder before it was finetuned").slice(0, 3),
    [
      "  PSNR               25.00 dB, finetuned +0.50 dB",
      "  PSNR in the boxes  21.50 dB, finetuned -0.25 dB",
      "  FD-probe           2.00, finetuned 25.0 % lower",
    ],
  );
  const share = /^ {2}Of the rate of objects in the scenes this is 87\.5 %$/gm;
  assert.equal(text.match(share)!.length, 2);
  assert.match(text, /^Drawn from captions of heldout, FD-probe 4\.00$/m);
  assert.deepEqual(after("FD-probe at 256 px").slice(0, 2), [
    "  enlarged           5.00",
    "  super-resolved     3.00, 40.0 % lower",
  ]);
  assert.match(text, /^The same, super-resolved to 256 px and reduced for/m);
  const unseen = "Drawn from 3 words that no caption has, 4 times each";
  assert.deepEqual(after(unseen).slice(0, 3), [
    "  50.0 % show what is meant (95% interval 25.0 to 75.0)",
    "  4 of 4: steed",
    "  1 of 4: hound, chapel",
  ]);
  const { beforeFinetuning: _, ...alone } = HIGH;
  assert.match(
    qualityText({ ...PLAIN, tokenizer: alone }),
    /^ {2}Its tokenizer, SHA-256 fedcba987654…, is not beside it: --originals/m,
  );
});
