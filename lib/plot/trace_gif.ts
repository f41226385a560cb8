/** A drawing as an animated GIF. */

// @ts-types="./gifenc.d.ts"
import gifenc from "gifenc";
import { drawText, LINE_HEIGHT, wrapText } from "../image/font.ts";
import { createPicture, type Picture } from "../image/picture.ts";
import { resize } from "../image/resize.ts";
import { contactSheet } from "../image/sheet.ts";
import type { Grid } from "./token_maps.ts";
import {
  stepNumbers,
  stepPictures,
  type Trace,
  type TraceStage,
  type TraceStep,
} from "./trace.ts";

const INK = [40, 40, 44] as const;
const GUTTER = 6;
/** Letters are enlarged by this, so that they can be read. */
const SCALE = 2;
/** Pictures from this width on are not, with the letters. */
const LARGE = 200;
/** Milliseconds. */
const LAST_FRAME = 3000;
const WHOLE_DRAWING = 6000;
const SHORTEST_FRAME = 60;
const LONGEST_FRAME = 600;

/** A GIF with one frame a step, which repeats after a rest on the last one. */
export function traceGif({ prompt, stages }: Trace): Uint8Array {
  const encoder = gifenc.GIFEncoder();
  const all = stages.flatMap((stage) =>
    stage.steps.map((step) => ({ stage, step }))
  );
  const usual = Math.min(
    Math.max(WHOLE_DRAWING / all.length, SHORTEST_FRAME),
    LONGEST_FRAME,
  );
  // All frames have one size: that of the largest guesses.
  const { width, height } = all.map(({ step }) => step.guess)
    .reduce((a, b) => a.width >= b.width ? a : b);
  const scale = width < LARGE ? SCALE : 1;
  all.forEach(({ stage, step }, i) => {
    // A box repeats pixels, so that what is small looks as it is.
    const guess = resize(step.guess, width, height, "box");
    const title = stages.length > 1 ? `${stage.name}, ` : "";
    const frame = stepFrame(
      { ...step, guess },
      stage.grid,
      [prompt, title + stepText(step, stage)],
      SCALE / scale,
    );
    const rgba = withAlpha(frame);
    const palette = gifenc.quantize(rgba, 256);
    const index = gifenc.applyPalette(rgba, palette);
    const isLast = i === all.length - 1;
    encoder.writeFrame(
      enlarge(index, frame.width, frame.height, scale),
      frame.width * scale,
      frame.height * scale,
      { palette, delay: Math.round(isLast ? LAST_FRAME : usual) },
    );
  });
  encoder.finish();
  return encoder.bytes();
}

function stepText(step: TraceStep, { steps: { length } }: TraceStage): string {
  const { found, unknown } = stepNumbers(step);
  return `step ${step.step} of ${length}: ${found} found, ${unknown} unknown, ` +
    `guidance ${step.guidance.toFixed(2)}`;
}

/** The four pictures of a step under some lines. */
function stepFrame(
  step: TraceStep,
  grid: Grid,
  lines: readonly string[],
  letters: number,
): Picture {
  const { found, guess, tokens, confidence } = stepPictures(step, grid);
  const sheet = contactSheet([found, guess, tokens, confidence], {
    columns: 4,
    gutter: GUTTER,
    captions: ["found so far", "best guess", "tokens", "confidence"],
    letters,
  });
  const head = GUTTER + lines.length * LINE_HEIGHT * letters;
  const frame = createPicture(sheet.width, sheet.height + head);
  frame.data.fill(255, 0, head * sheet.width * 3);
  frame.data.set(sheet.data, head * sheet.width * 3);
  lines.forEach((line, i) => {
    const top = GUTTER + i * LINE_HEIGHT * letters;
    const [cut = ""] = wrapText(line, (sheet.width - 2 * GUTTER) / letters, 1);
    drawText(frame, GUTTER, top, cut, letters, INK);
  });
  return frame;
}

function withAlpha({ width, height, data }: Picture): Uint8Array {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0, j = 0; i < data.length; i += 3, j += 4) {
    rgba[j] = data[i];
    rgba[j + 1] = data[i + 1];
    rgba[j + 2] = data[i + 2];
  }
  return rgba;
}

/** Every pixel becomes a square. */
function enlarge(
  index: Uint8Array,
  width: number,
  height: number,
  scale: number,
): Uint8Array {
  const out = new Uint8Array(index.length * scale * scale);
  const stride = width * scale;
  for (let y = 0; y < height * scale; y++) {
    const row = Math.floor(y / scale) * width;
    for (let x = 0; x < stride; x++) {
      out[y * stride + x] = index[row + Math.floor(x / scale)];
    }
  }
  return out;
}
