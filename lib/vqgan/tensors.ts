/** Tokenizing on TensorFlow.js tensors: the face for notebooks. */

import { tf } from "../run/tf.ts";
import { type Extent, gridOf, gridSize, pixelsOf } from "./config.ts";
import type { Tokenizer } from "./model.ts";

/**
 * Pictures to tokens. The network is convolutional, so pictures of other
 * sizes than it was trained on have tokens too, by their size; the first of a
 * size waits for its session.
 *
 * @param images float32 [B,H,W,3] in 0..1, H and W multiples of a token's
 * pixels
 * @returns int32 [B,N], row by row of the grid
 * @throws TypeError for another type, RangeError for pictures of a size that
 * whole tokens don't fill or with values outside 0..1
 */
export async function tokenize(
  tokenizer: Tokenizer,
  images: tf.Tensor4D,
): Promise<tf.Tensor2D> {
  const [batch, height, width] = images.shape;
  const ids = await tokenizer.encode(
    planarPixels(tokenizer, images),
    [height, width],
  );
  return tf.tensor2d(ids, [batch, ids.length / batch], "int32");
}

/** Pictures [B,H,W,3] in 0..1, checked, as [B,3,H,W] in -1..1. */
export function planarPixels(
  { config }: Pick<Tokenizer, "config">,
  images: tf.Tensor4D,
): Float32Array {
  const [, height, width, channels] = images.shape;
  if (images.rank !== 4 || channels !== 3) {
    throw new RangeError(
      `Cannot tokenize pictures of shape [${images.shape}]: wanted [B,H,W,3]`,
    );
  }
  gridOf(config, [height, width]);
  checkUnit(images);
  const planar = tf.tidy(() => images.transpose([0, 3, 1, 2]).mul(2).sub(1));
  const pixels = planar.dataSync<"float32">(); // [B,3,H,W]
  planar.dispose();
  return pixels;
}

/**
 * Tokens to pictures.
 *
 * @param tokens int32 [B,N], every one a code
 * @param grid height and width of the tokens' grid; that of the configured
 * size by default
 * @returns float32 [B,H,W,3] in 0..1
 * @throws TypeError for another type, RangeError for another number of tokens
 * than the grid has, or the mask's id
 */
export async function detokenize(
  tokenizer: Tokenizer,
  tokens: tf.Tensor2D,
  grid?: Extent,
): Promise<tf.Tensor4D> {
  const { config } = tokenizer;
  if (tokens.dtype !== "int32") {
    throw new TypeError(
      `Cannot draw tokens of type ${tokens.dtype}: wanted int32`,
    );
  }
  const own = [gridSize(config), gridSize(config)] as const;
  const extent = grid ?? own;
  const [height, width] = pixelsOf(config, extent);
  const count = extent[0] * extent[1];
  if (tokens.rank !== 2 || tokens.shape[1] !== count) {
    throw new RangeError(
      `Cannot draw tokens of shape [${tokens.shape}]: wanted [B,${count}] ` +
        `for a grid of ${extent.join("x")}` +
        (grid ? "" : "; give the grid of pictures of another size"),
    );
  }
  const ids = tokens.dataSync<"int32">();
  const pixels = await tokenizer.decode(ids, extent); // [B,3,H,W]
  return tf.tidy(() =>
    tf.tensor4d(pixels, [tokens.shape[0], 3, height, width])
      .add(1).div(2).clipByValue(0, 1)
      .transpose<tf.Tensor4D>([0, 2, 3, 1])
  );
}

/** Resizing may go past the ends by rounding. */
const SLACK = 1e-3;

function checkUnit(images: tf.Tensor4D): void {
  if (images.dtype !== "float32") {
    throw new TypeError(
      `Cannot tokenize pictures of type ${images.dtype}: wanted float32 in ` +
        `0..1; divide bytes by 255`,
    );
  }
  let least = Infinity;
  let most = -Infinity;
  // Unlike a comparison, these keep what is not a number.
  for (const value of images.dataSync<"float32">()) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least >= -SLACK && most <= 1 + SLACK) return;
  throw new RangeError(
    `Cannot tokenize pictures: wanted values in 0..1, found ${least} to ` +
      `${most}; divide bytes by 255`,
  );
}
