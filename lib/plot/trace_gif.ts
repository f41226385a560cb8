/** A decode as an animated GIF. */

// @ts-types="./gifenc.d.ts"
import gifenc from "gifenc";
import { drawText, LINE_HEIGHT, wrapText } from "../image/font.ts";
import { createPicture, type Picture } from "../image/picture.ts";
import { contactSheet } from "../image/sheet.ts";
import {
  stepNumbers,
  stepPictures,
  type Trace,
  type TraceStep,
} from "./trace.ts";

const INK = [40, 40, 44] as const;
const GUTTER = 6;
/** Frames are enlarged by this, so that the small letters can be read. */
const SCALE = 2;
/** Milliseconds. */
const LAST_FRAME = 3000;
const WHOLE_DECODE = 6000;
const SHORTEST_FRAME = 60;
const LONGEST_FRAME = 600;

/** A GIF with one frame a step, which repeats after a rest on the last one. */
export function traceGif(trace: Trace): Uint8Array {
  const encoder = gifenc.GIFEncoder();
  const { length } = trace.steps;
  const usual = Math.min(
    Math.max(WHOLE_DECODE / length, SHORTEST_FRAME),
    LONGEST_FRAME,
  );
  trace.steps.forEach((step, i) => {
    const frame = stepFrame(trace, step);
    const rgba = withAlpha(frame);
    const palette = gifenc.quantize(rgba, 256);
    const index = gifenc.applyPalette(rgba, palette);
    encoder.writeFrame(
      enlarge(index, frame.width, frame.height),
      frame.width * SCALE,
      frame.height * SCALE,
      { palette, delay: Math.round(i === length - 1 ? LAST_FRAME : usual) },
    );
  });
  encoder.finish();
  return encoder.bytes();
}

/** The four pictures of a step under the prompt and the step's numbers. */
export function stepFrame(trace: Trace, step: TraceStep): Picture {
  const { found, guess, tokens, confidence } = stepPictures(step, trace.grid);
  const sheet = contactSheet([found, guess, tokens, confidence], {
    columns: 4,
    gutter: GUTTER,
    captions: ["found so far", "best guess", "tokens", "confidence"],
  });
  const numbers = stepNumbers(step);
  const lines = [
    ...wrapText(trace.prompt, sheet.width - 2 * GUTTER, 1),
    `step ${step.step} of ${trace.steps.length}: ${numbers.found} found, ` +
    `${numbers.unknown} unknown, guidance ${step.guidance.toFixed(2)}`,
  ];
  const head = GUTTER + 2 * LINE_HEIGHT;
  const frame = createPicture(sheet.width, sheet.height + head);
  frame.data.fill(255, 0, head * sheet.width * 3);
  frame.data.set(sheet.data, head * sheet.width * 3);
  lines.forEach((line, i) =>
    drawText(frame, GUTTER, GUTTER + i * LINE_HEIGHT, line, 1, INK)
  );
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
function enlarge(index: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(index.length * SCALE * SCALE);
  const stride = width * SCALE;
  for (let y = 0; y < height * SCALE; y++) {
    const row = Math.floor(y / SCALE) * width;
    for (let x = 0; x < stride; x++) {
      out[y * stride + x] = index[row + Math.floor(x / SCALE)];
    }
  }
  return out;
}
