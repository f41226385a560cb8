/**
 * The open VQGANs as graphs. Parameter names are those of their files:
 * `taming` is taming-transformers (modules/diffusionmodules/model.py),
 * `maskgit` open-muse (modeling_maskgit_vqgan.py), and `mage` what MAGE made of
 * the former for MaskGIT's architecture, without attention.
 */

import type { Node } from "../graph/node.ts";
import {
  add,
  argMax,
  averagePool,
  gather,
  matmul,
  parameter,
  reshape,
  resizeNearest,
  silu,
  transpose,
} from "../graph/ops.ts";
import { attend } from "../nn/attention.ts";
import { convolution } from "../nn/conv.ts";
import { groupNorm } from "../nn/norm.ts";
import type { TokenizerNetworks } from "./model.ts";
import {
  codebook,
  fromNetworkPixels,
  latentRows,
  nearestCode,
  toNetworkPixels,
} from "./network.ts";
import type { TamingConfig, TamingLayout } from "./taming_config.ts";

/** In what the layouts differ. */
interface Layout {
  /** Name of a block at the coarsest resolution, counted from 0. */
  middle(block: number): string;
  /** Name of the convolution after pictures were doubled. */
  readonly upsample: string;
  /**
   * The first layout's own: biases in the encoder and in all blocks, strided
   * convolutions where MaskGIT takes means, attention at the coarsest
   * resolution, and a convolution on either side of the codes.
   */
  readonly whole: boolean;
}

const LAYOUTS: Readonly<Record<TamingLayout, Layout>> = {
  taming: {
    middle: (block) => `mid.block_${block + 1}`,
    upsample: "upsample.conv",
    whole: true,
  },
  mage: {
    middle: (block) => `mid.block_${block + 1}`,
    upsample: "upsample.conv",
    whole: false,
  },
  maskgit: {
    middle: (block) => `mid.${block}`,
    upsample: "upsample_conv",
    whole: false,
  },
};

const SAME = { padding: 1 };

/** Both directions of an open VQGAN. */
export function tamingNetworks(config: TamingConfig): TokenizerNetworks {
  return {
    tokens(pictures) {
      const latents = tamingLatents(config, pictures);
      const [batch, , height, width] = latents.shape;
      const ids = config.gumbel
        ? likeliestCode(config, latents)
        : nearestCode(latentRows(config, latents), codebook(config));
      return reshape(ids, [batch, (height as number) * (width as number)]);
    },
    pictures(ids, height) {
      const [batch, count] = ids.shape;
      const width = (count as number) / height;
      const rows = gather(codeTable(config), ids); // [B,N,C]
      const grid = reshape(rows, [batch, height, width, config.codeWidth]);
      return decoder(config, transpose(grid, [0, 3, 1, 2]));
    },
  };
}

/** Pictures [B,3,H,W] in -1..1 -> what is compared with codes, [B,C,h,w]. */
export function tamingLatents(config: TamingConfig, pictures: Node): Node {
  const { channels, codeWidth, latentWidth, groups } = config;
  const { whole } = LAYOUTS[config.layout];
  const name = "encoder";
  let x = toNetworkPixels(config, pictures);
  x = convolution(`${name}.conv_in`, x, channels[0], 3, {
    ...SAME,
    bias: whole,
  });
  channels.forEach((width, level) => {
    const stage = `${name}.down.${level}`;
    x = stageBlocks(stage, config, x, level, config.encoderBlocks);
    if (level === channels.length - 1) return;
    x = whole
      ? convolution(`${stage}.downsample.conv`, x, width, 3, {
        stride: 2,
        padding: [0, 0, 1, 1],
      })
      : averagePool(x, 2, { stride: 2 }); // [B,width,H/2,W/2]
  });
  x = middle(name, config, x);
  x = silu(groupNorm(`${name}.norm_out`, x, groups));
  const end = `${name}.conv_out`;
  return whole
    ? convolution(
      "quant_conv",
      convolution(end, x, latentWidth, 3, SAME),
      codeWidth,
      1,
    )
    : convolution(end, x, latentWidth, 1); // [B,codeWidth,h,w]
}

/** Code vectors [B,C,h,w] -> pictures [B,3,H,W], about -1..1. */
function decoder(config: TamingConfig, codes: Node): Node {
  const { channels, latentWidth, groups } = config;
  const { whole, upsample } = LAYOUTS[config.layout];
  const name = "decoder";
  const last = channels.length - 1;
  let x = whole ? convolution("post_quant_conv", codes, latentWidth, 1) : codes;
  x = convolution(`${name}.conv_in`, x, channels[last], 3, SAME);
  x = middle(name, config, x);
  for (let level = last; level >= 0; level--) {
    const stage = `${name}.up.${level}`;
    x = stageBlocks(stage, config, x, level, config.decoderBlocks);
    if (level === 0) continue;
    x = resizeNearest(x, 2); // [B,width,2H,2W]
    x = convolution(`${stage}.${upsample}`, x, channels[level], 3, SAME);
  }
  x = silu(groupNorm(`${name}.norm_out`, x, groups));
  x = convolution(`${name}.conv_out`, x, 3, 3, SAME);
  return fromNetworkPixels(config, x);
}

function stageBlocks(
  stage: string,
  config: TamingConfig,
  x: Node,
  level: number,
  blocks: number,
): Node {
  let h = x;
  for (let i = 0; i < blocks; i++) {
    h = block(`${stage}.block.${i}`, config, h, config.channels[level]);
    if (config.attention.includes(level)) {
      h = attention(`${stage}.attn.${i}`, config, h);
    }
  }
  return h;
}

function middle(side: string, config: TamingConfig, x: Node): Node {
  const { middle, whole } = LAYOUTS[config.layout];
  const width = x.shape[1] as number;
  let h = block(`${side}.${middle(0)}`, config, x, width);
  if (whole) h = attention(`${side}.mid.attn_1`, config, h);
  return block(`${side}.${middle(1)}`, config, h, width);
}

/** The residual block; MaskGIT's carries its own output over, not its input. */
function block(
  name: string,
  { layout, groups }: TamingConfig,
  x: Node,
  outputs: number,
): Node {
  const { whole } = LAYOUTS[layout];
  const options = { ...SAME, bias: whole };
  let h = silu(groupNorm(`${name}.norm1`, x, groups));
  h = convolution(`${name}.conv1`, h, outputs, 3, options); // [B,O,H,W]
  h = silu(groupNorm(`${name}.norm2`, h, groups));
  h = convolution(`${name}.conv2`, h, outputs, 3, options);
  if (x.shape[1] === outputs) return add(x, h);
  const carried = whole ? x : h;
  return add(
    convolution(`${name}.nin_shortcut`, carried, outputs, 1, { bias: whole }),
    h,
  );
}

/** Each place reads all of the picture [B,C,H,W], with one head. */
function attention(name: string, { groups }: TamingConfig, x: Node): Node {
  const [batch, channels, height, width] = x.shape;
  const count = (height as number) * (width as number);
  const normal = groupNorm(`${name}.norm`, x, groups);
  const [q, k, v] = ["q", "k", "v"].map((part) => {
    const y = convolution(`${name}.${part}`, normal, channels as number, 1);
    const places = reshape(y, [batch, 1, channels, count]);
    return transpose(places, [0, 1, 3, 2]); // [B,1,N,C]
  });
  const read = transpose(attend(q, k, v), [0, 1, 3, 2]); // [B,1,C,N]
  const planes = reshape(read, [batch, channels, height, width]);
  return add(
    x,
    convolution(`${name}.proj_out`, planes, channels as number, 1),
  );
}

function codeTable(config: TamingConfig): Node {
  const { codes, codeWidth, gumbel } = config;
  return gumbel
    ? parameter("quantize.embed.weight", [codes, codeWidth])
    : codebook(config);
}

/**
 * The likeliest code of each place. The reference adds Gumbel noise even where
 * it doesn't train; without, a picture always has the same tokens.
 */
function likeliestCode(config: TamingConfig, latents: Node): Node {
  const { codes, codeWidth } = config;
  const name = "quantize.proj";
  const kernel = parameter(`${name}.weight`, [codes, codeWidth, 1, 1]);
  const logits = matmul(
    latentRows(config, latents),
    reshape(kernel, [codes, codeWidth]),
    { transposeB: true },
  ); // [B*h*w,K]
  return argMax(add(logits, parameter(`${name}.bias`, [codes])));
}
