/**
 * How pictures of any size are prepared for a network. Plain data, so that a
 * Worker can be told of it.
 */

import { CENTRE, squareOf } from "../../datasets/pairs/square.ts";
import {
  type ChannelStatistics,
  clipCrop,
  writeNormalized,
} from "../../lib/clip/preprocess.ts";
import { cutBox } from "../../lib/image/cut.ts";
import { type Picture, writePlanar } from "../../lib/image/picture.ts";
import { resize } from "../../lib/image/resize.ts";
import { DINO_SIZE, dinoPixels } from "../networks/dino_pixels.ts";
import { INCEPTION_SIZE } from "../networks/inception.ts";
import {
  inceptionPixels,
  type InceptionResize,
} from "../networks/inception_pixels.ts";

/** How CLIP's pictures are made square. */
export type ClipResize =
  /** OpenAI's: the shorter side resized, then the middle cut out. */
  | "openai"
  /** CMMD's: the middle cut out, then resized. */
  | "cmmd"
  /** As OpenAI's, by transformers' `CLIPImageProcessor`. */
  | "transformers";

/** How pictures are prepared. */
export type Preparation =
  | { readonly kind: "inception"; readonly resize: InceptionResize }
  | {
    readonly kind: "clip";
    readonly resize: ClipResize;
    readonly size: number;
    readonly statistics: ChannelStatistics;
  }
  | { readonly kind: "dinov2" }
  | { readonly kind: "probe"; readonly size: number };

type Of<Kind> = Extract<Preparation, { kind: Kind }>;

/** The side of the squares that a network takes, and how one is made. */
interface Way<Kind> {
  readonly side: (how: Of<Kind>) => number;
  readonly write: (picture: Picture, how: Of<Kind>, out: Float32Array) => void;
}

/** By the ways' names. */
export const CLIP_RESIZES: Readonly<
  Record<ClipResize, (picture: Picture, size: number) => Picture>
> = {
  openai: (picture, size) => clipCrop(picture, size),
  // cmmd's io_util.py rounds offsets down.
  cmmd(picture, size) {
    const { width, height } = picture;
    const side = Math.min(width, height);
    const [x, y] = [width, height].map((all) => Math.floor((all - side) / 2));
    const box = { x, y, width: side, height: side };
    return resize(cutBox(picture, box), size, size, "bicubic");
  },
  transformers: (picture, size) => clipCrop(picture, size, "transformers"),
};

const WAYS: { readonly [Kind in Preparation["kind"]]: Way<Kind> } = {
  inception: {
    side: () => INCEPTION_SIZE,
    write: (picture, { resize }, out) =>
      out.set(inceptionPixels([picture], resize)),
  },
  clip: {
    side: ({ size }) => size,
    write: (picture, { resize, size, statistics }, out) =>
      writeNormalized(CLIP_RESIZES[resize](picture, size), out, statistics),
  },
  dinov2: {
    side: () => DINO_SIZE,
    write: (picture, _, out) => out.set(dinoPixels([picture])),
  },
  probe: {
    side: ({ size }) => size,
    write: (picture, { size }, out) =>
      writePlanar(squareOf(picture, size, CENTRE), out),
  },
};

/** Numbers that a prepared picture has, 3·H·W. */
function preparedLength(how: Preparation): number {
  const { side } = WAYS[how.kind] as Way<Preparation["kind"]>;
  return 3 * side(how) ** 2;
}

/** Pictures of any size as a network takes them: [B,3,H,W]. */
export function prepare(
  pictures: readonly Picture[],
  how: Preparation,
): Float32Array {
  const { write } = WAYS[how.kind] as Way<Preparation["kind"]>;
  const length = preparedLength(how);
  const pixels = new Float32Array(pictures.length * length);
  pictures.forEach((picture, i) => {
    write(picture, how, pixels.subarray(i * length, (i + 1) * length));
  });
  return pixels;
}
