/**
 * The patch discriminator (Isola et al. 2017, as VQGAN uses it): a number for
 * each patch of a picture, above zero where it looks real.
 */

import type { Node } from "../graph/node.ts";
import { maximum, mul } from "../graph/ops.ts";
import { convolution, spaceToDepth } from "../nn/conv.ts";
import { groupNorm } from "../nn/norm.ts";
import { count, COUNTS } from "../run/field.ts";
import type { NetworkForm } from "../run/network_form.ts";

/** Prefix of all its parameters. */
export const DISCRIMINATOR = "discriminator";

/** Groups of its normalizations; divides all channels but the first. */
const GROUPS = 8;

/** Sizes of a discriminator. */
export interface DiscriminatorConfig {
  /** Pixels folded into channels before the first layer. */
  readonly stem: number;
  /** Channels of the layers; each but the last halves the resolution. */
  readonly channels: readonly number[];
}

/** What a configuration of a training says of it. */
export const DISCRIMINATOR_FORM: NetworkForm<DiscriminatorConfig> = {
  fields: { stem: count(), channels: COUNTS },
  rules: ({ channels }) => [[
    "channels",
    channels.slice(1).every((width) => width % GROUPS === 0),
    `from the second on, multiples of the ${GROUPS} groups of its norms`,
  ]],
};

function leakyRelu(x: Node): Node {
  return maximum(x, mul(x, 0.2));
}

/** Pictures [B,3,H,W] -> scores [B,1,h,w]. */
export function discriminator(
  config: DiscriminatorConfig,
  pictures: Node,
): Node {
  let x = spaceToDepth(pictures, config.stem); // [B,3ss,H/s,W/s]
  config.channels.forEach((width, i) => {
    const name = `${DISCRIMINATOR}.layers.${i}`;
    const last = i === config.channels.length - 1;
    x = convolution(`${name}.conv`, x, width, 4, {
      stride: last ? 1 : 2,
      padding: last ? [1, 1, 2, 2] : 1,
    });
    if (i > 0) x = groupNorm(`${name}.norm`, x, GROUPS);
    x = leakyRelu(x);
  });
  return convolution(`${DISCRIMINATOR}.out`, x, 1, 3, { padding: 1 });
}
