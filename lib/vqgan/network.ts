/**
 * The VQGAN's encoder, quantizer and decoder as graphs (paper, section 2.2
 * and Table 5: convolutional throughout, no attention, so that any size that
 * divides works). Parameter names are those of the published VQ models in the
 * diffusers layout.
 */

import type { Node } from "../graph/node.ts";
import {
  add,
  argMax,
  div,
  gather,
  matmul,
  mul,
  parameter,
  reshape,
  resizeNearest,
  silu,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  transpose,
} from "../graph/ops.ts";
import { convolution, depthToSpace, spaceToDepth } from "../nn/conv.ts";
import { channelNorm, groupNorm } from "../nn/norm.ts";
import { residualBlock, type ResidualOptions } from "../nn/resnet.ts";
import { tokenSize, type VqganConfig } from "./config.ts";

const SAME = { padding: 1 };

/** Pictures [B,3,H,W] in -1..1 -> latents [B,codeWidth,h,w]. */
export function encoder(config: VqganConfig, pictures: Node): Node {
  const seen = toNetworkPixels(config, pictures);
  const latents = config.localEncoder
    ? localLatents(config, seen)
    : surroundedLatents(config, seen);
  return convolution("quant_conv", latents, config.codeWidth, 1); // [B,codeWidth,h,w]
}

function surroundedLatents(config: VqganConfig, pictures: Node): Node {
  const { channels, groups, codeWidth } = config;
  const name = "encoder";
  let x = spaceToDepth(pictures, config.stem); // [B,3ss,H/s,W/s]
  x = convolution(`${name}.conv_in`, x, channels[0], 3, SAME);
  channels.forEach((width, level) => {
    const stage = `${name}.down_blocks.${level}`;
    for (let i = 0; i < config.encoderBlocks; i++) {
      x = residualBlock(`${stage}.resnets.${i}`, x, width, { groups });
    }
    if (level < channels.length - 1) {
      x = convolution(`${stage}.downsamplers.0.conv`, x, width, 3, {
        stride: 2,
        padding: [0, 0, 1, 1],
      }); // [B,width,H/2,W/2]
    }
  });
  x = middle(`${name}.mid_block`, x, config.middleBlocks, { groups });
  x = silu(groupNorm(`${name}.conv_norm_out`, x, groups));
  return convolution(`${name}.conv_out`, x, codeWidth, 3, SAME);
}

/** The pixels of each token by themselves: all that follows is pointwise. */
function localLatents(config: VqganConfig, pictures: Node): Node {
  const { channels, encoderBlocks, middleBlocks, codeWidth } = config;
  const name = "encoder";
  const width = channels[channels.length - 1];
  let x = spaceToDepth(pictures, tokenSize(config)); // [B,3pp,h,w]
  x = convolution(`${name}.conv_in`, x, width, 1);
  x = middle(`${name}.mid_block`, x, encoderBlocks + middleBlocks, {
    kernel: 1,
  });
  x = silu(channelNorm(`${name}.conv_norm_out`, x));
  return convolution(`${name}.conv_out`, x, codeWidth, 1);
}

/** Code vectors [B,codeWidth,h,w] -> pictures [B,3,H,W], about -1..1. */
export function decoder(config: VqganConfig, codes: Node): Node {
  const { decoderWidening: wider = 1 } = config;
  const groups = config.groups * wider;
  const name = "decoder";
  const widths = config.channels.map((width) => width * wider).reverse();
  let x = convolution("post_quant_conv", codes, config.codeWidth, 1);
  x = convolution(`${name}.conv_in`, x, widths[0], 3, SAME);
  x = middle(`${name}.mid_block`, x, config.middleBlocks, { groups });
  widths.forEach((width, level) => {
    const block = `${name}.up_blocks.${level}`;
    for (let i = 0; i < config.decoderBlocks; i++) {
      x = residualBlock(`${block}.resnets.${i}`, x, width, { groups });
    }
    if (level < widths.length - 1) {
      x = resizeNearest(x, 2); // [B,width,2H,2W]
      x = convolution(`${block}.upsamplers.0.conv`, x, width, 3, SAME);
    }
  });
  x = silu(groupNorm(`${name}.conv_norm_out`, x, groups));
  x = convolution(`${name}.conv_out`, x, 3 * config.stem ** 2, 3, SAME);
  const drawn = depthToSpace(x, config.stem); // [B,3,H,W]
  return fromNetworkPixels(config, drawn);
}

/** Pictures in -1..1 -> in the range that the network was trained on. */
export function toNetworkPixels(config: VqganConfig, pictures: Node): Node {
  return config.unitPixels ? mul(add(pictures, 1), 0.5) : pictures;
}

/** Undoes {@linkcode toNetworkPixels}. */
export function fromNetworkPixels(config: VqganConfig, pictures: Node): Node {
  return config.unitPixels ? sub(mul(pictures, 2), 1) : pictures;
}

function middle(
  name: string,
  x: Node,
  blocks: number,
  options: ResidualOptions,
): Node {
  const width = x.shape[1] as number;
  let h = x;
  for (let i = 0; i < blocks; i++) {
    h = residualBlock(`${name}.resnets.${i}`, h, width, options);
  }
  return h;
}

/** Scales the last axis to length 1. */
function unitLength(x: Node): Node {
  return div(x, sqrt(add(sum(square(x), [-1], true), 1e-12)));
}

/** Name of the table of codes. */
export const CODE_TABLE = "quantize.embedding.weight";

/** The code table [K,codeWidth], scaled to length 1 where configured. */
export function codebook(config: VqganConfig): Node {
  const table = parameter(CODE_TABLE, [
    config.codes,
    config.codeWidth,
  ]);
  return config.normalizeCodes ? unitLength(table) : table;
}

/** Latents [B,C,h,w] as rows [B*h*w,C], scaled where configured. */
export function latentRows(config: VqganConfig, latents: Node): Node {
  const rows = reshape(transpose(latents, [0, 2, 3, 1]), [
    -1,
    config.codeWidth,
  ]);
  return config.normalizeCodes ? unitLength(rows) : rows;
}

/** Index of the nearest code (Euclid) of each row [n,C] -> ids [n]. */
export function nearestCode(rows: Node, table: Node): Node {
  // argmin |r - c|^2 = argmax 2 r.c - |c|^2
  const products = matmul(rows, table, { transposeB: true }); // [n,K]
  const lengths = sum(square(table), [1]); // [K]
  return argMax(sub(mul(products, 2), lengths));
}

/** Rows [B*h*w,C] -> [B,C,h,w]. */
function rowsToGrid(rows: Node, like: Node): Node {
  const [batch, channels, height, width] = like.shape;
  const grid = reshape(rows, [batch, height, width, channels]);
  return transpose(grid, [0, 3, 1, 2]);
}

/** Pictures [B,3,H,W] -> tokens [B,h*w]. */
export function pictureTokens(config: VqganConfig, pictures: Node): Node {
  const latents = encoder(config, pictures);
  const ids = nearestCode(latentRows(config, latents), codebook(config));
  const [batch, , height, width] = latents.shape;
  return reshape(ids, [batch, (height as number) * (width as number)]);
}

/** Whether a parameter is one of the decoder's, by its name. */
export function ofDecoder(name: string): boolean {
  return /^(decoder|post_quant_conv)\./.test(name);
}

/** Tokens [B,N] on a grid of the given height -> pictures [B,3,H,W]. */
export function tokenPictures(
  config: VqganConfig,
  ids: Node,
  height: number,
): Node {
  const [batch, count] = ids.shape;
  const width = (count as number) / height;
  const rows = gather(codebook(config), ids); // [B,N,C]
  const grid = reshape(rows, [batch, height, width, config.codeWidth]);
  return decoder(config, transpose(grid, [0, 3, 1, 2]));
}

/** What the quantizer gives for training. */
export interface Quantized {
  /** Nearest codes on the grid; gradients pass straight to the latents. */
  readonly codes: Node;
  /** Tokens [B*h*w]. */
  readonly ids: Node;
  /** Latents and their codes as rows [B*h*w,C]. */
  readonly rows: Node;
  readonly nearest: Node;
}

/** Replaces latents [B,C,h,w] by their nearest codes. */
export function quantize(config: VqganConfig, latents: Node): Quantized {
  const table = codebook(config);
  const rows = latentRows(config, latents);
  const ids = nearestCode(stopGradient(rows), stopGradient(table));
  const nearest = gather(table, ids); // [B*h*w,C]
  const straight = add(rows, stopGradient(sub(nearest, rows)));
  return { codes: rowsToGrid(straight, latents), ids, rows, nearest };
}
