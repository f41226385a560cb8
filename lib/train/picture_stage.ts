/** What the stages that rebuild pictures share: data, numbers, samples. */

import { encodePng } from "../image/encode.ts";
import { fromPlanarBatch } from "../image/picture.ts";
import { contactSheet } from "../image/sheet.ts";
import { writeAtomic } from "../run/atomic.ts";
import type { HostTensor } from "../run/session.ts";
import { psnr } from "./picture_loss.ts";

/** Pictures [B,3,H,W] in -1..1. */
export interface PictureBatch {
  readonly pixels: Float32Array;
}

/** Batches by number. */
export interface PictureSource {
  at(position: number): Promise<PictureBatch>;
  /** Pictures to show the progress by, that are never trained on, if any. */
  shown?(): Promise<PictureBatch>;
}

/** The pictures that show the progress; without others the first batch. */
export async function shownPictures(
  source: PictureSource,
): Promise<Float32Array> {
  const { pixels } = await (source.shown?.() ?? source.at(0));
  return pixels;
}

/** The numbers of a step; `more` are those of one stage alone. */
export function pictureNumbers(
  results: Readonly<Record<string, HostTensor>>,
  more: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const { loss, gradientNorm, squaredError, discriminatorLoss } = results;
  return {
    loss: loss.data[0],
    gradientNorm: gradientNorm.data[0],
    psnr: psnr(squaredError.data[0]),
    ...more,
    ...(discriminatorLoss && { discriminatorLoss: discriminatorLoss.data[0] }),
  };
}

/** Writes batches of pictures [B,3,side,side] as the rows of one sheet. */
export async function writeRows(
  path: string,
  rows: readonly Float32Array[],
  side: number,
): Promise<void> {
  const pictures = rows.map((row) => fromPlanarBatch(row, side, side));
  const sheet = contactSheet(pictures.flat(), { columns: pictures[0].length });
  await writeAtomic(path, [await encodePng(sheet)]);
}
