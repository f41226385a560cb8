/** Pictures as FID's Inception takes them, by the tools that measure with it. */

import type { Picture } from "../../lib/image/picture.ts";
import { type Planes, toPlanes } from "../../lib/image/planes.ts";
import {
  resizePlanes,
  resizePlanesTf1,
  resizePlanesTorch,
} from "../../lib/image/resize_planes.ts";
import { INCEPTION_SIZE } from "./inception.ts";

/** Whose way to resize and scale; figures by different ones don't compare. */
export type InceptionResize =
  /** The first FID's, torch-fidelity's and ADM's: TensorFlow 1's bilinear. */
  | "tf1"
  /** pytorch-fid's: PyTorch's bilinear without antialiasing. */
  | "torch"
  /** clean-fid's: Pillow's bicubic on floats, cut to bytes' range. */
  | "clean"
  /** torchmetrics', from 1.8.0 on: PyTorch's bilinear with antialiasing. */
  | "torchmetrics";

const resized = (planes: Planes, by: typeof resizePlanesTf1) =>
  by(planes, INCEPTION_SIZE, INCEPTION_SIZE).data;

/** From bytes' range as TensorFlow's graph scales it. */
const scaled = (value: number) => (value - 128) / 128;

/** By the ways' names. */
export const INCEPTION_RESIZES: Readonly<
  Record<InceptionResize, (planes: Planes) => Float32Array>
> = {
  torch: (planes) => {
    const data = planes.data.map((value) => value / 255);
    return resized({ ...planes, data }, resizePlanesTorch)
      .map((value) => 2 * value - 1);
  },
  tf1: (planes) => resized(planes, resizePlanesTf1).map(scaled),
  clean: (planes) =>
    resized(planes, (...to) => resizePlanes(...to, "bicubic"))
      .map((value) => scaled(Math.min(Math.max(value, 0), 255))),
  torchmetrics: (planes) =>
    resized(planes, (...to) => resizePlanes(...to, "bilinear")).map(scaled),
};

/** How programs of evaluation bring pictures to the network's size. */
export const PROGRAM_RESIZES: Readonly<Record<string, InceptionResize>> = {
  "pytorch-fid": "torch",
  "dgm-eval": "torch",
  "torch-fidelity": "tf1",
  "guided-diffusion": "tf1",
  "stylegan3": "tf1",
  "clean-fid": "clean",
  "torchmetrics": "torchmetrics",
};

/** Pictures of any size, squeezed to a square: [B,3,299,299] in -1..1. */
export function inceptionPixels(
  pictures: readonly Picture[],
  resize: InceptionResize,
): Float32Array {
  const length = 3 * INCEPTION_SIZE ** 2;
  const pixels = new Float32Array(pictures.length * length);
  pictures.forEach((picture, i) => {
    pixels.set(INCEPTION_RESIZES[resize](toPlanes(picture)), i * length);
  });
  return pixels;
}
