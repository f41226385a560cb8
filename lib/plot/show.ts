/** Pictures in notebooks. */

import { encodePng } from "../image/encode.ts";
import { fromUnit, type Picture } from "../image/picture.ts";
import { contactSheet, type SheetOptions } from "../image/sheet.ts";
import { tf } from "../run/tf.ts";

/** What a front end of Jupyter is given, by type of content. */
export type MediaBundle = Readonly<Record<string, string>>;

/** Something a Deno notebook draws when it is the last value of a cell. */
export interface Displayed {
  /** Under `Symbol.for("Jupyter.display")`: the content. */
  readonly [display: symbol]: () => Promise<MediaBundle>;
}

/**
 * Shows pictures side by side.
 *
 * @param pictures of one size, or float32 [B,H,W,3] in 0..1
 */
export function show(
  pictures: readonly Picture[] | tf.Tensor4D,
  options: SheetOptions = {},
): Displayed {
  const list = pictures instanceof tf.Tensor ? picturesOf(pictures) : pictures;
  const sheet = contactSheet(list, options);
  return {
    [Symbol.for("Jupyter.display")]: async () => ({
      "image/png": (await encodePng(sheet)).toBase64(),
    }),
  };
}

/**
 * Pictures [B,H,W,3] in 0..1, one by one and in 8 bits: for files and contact
 * sheets.
 */
export function picturesOf(images: tf.Tensor4D): Picture[] {
  const [batch, height, width] = images.shape;
  const values = images.dataSync<"float32">();
  const size = 3 * height * width;
  return Array.from(
    { length: batch },
    (_, i) =>
      fromUnit(values.subarray(i * size, (i + 1) * size), width, height),
  );
}
