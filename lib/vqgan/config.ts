/** Sizes of a VQGAN. */

import { count, COUNTS, FLAG, NUMBER } from "../run/field.ts";
import { type NetworkForm, parseNetwork } from "../run/network_form.ts";

/** A convolutional VQGAN. */
export interface VqganConfig {
  /** Pixels a side of the pictures it was trained on; others fit as well. */
  readonly imageSize: number;
  /** Pixels folded into channels before the first layer (1 for none). */
  readonly stem: number;
  /** Channels at each resolution, finest first; each step halves it. */
  readonly channels: readonly number[];
  /** Residual blocks at each resolution of the encoder. */
  readonly encoderBlocks: number;
  /** Residual blocks at each resolution of the decoder. */
  readonly decoderBlocks: number;
  /** Residual blocks at the coarsest resolution, each side. */
  readonly middleBlocks: number;
  /** Groups of the normalizations; divides all channels. */
  readonly groups: number;
  /** Length of a code. */
  readonly codeWidth: number;
  /** Number of codes K. */
  readonly codes: number;
  /** Compares directions only: latents and codes are scaled to length 1. */
  readonly normalizeCodes: boolean;
  /**
   * A token describes its own pixels alone: the encoder is pointwise, with
   * `encoderBlocks` and `middleBlocks` together, as wide as the last of
   * `channels`. Equal places get equal tokens then, whatever is around them,
   * which a transformer learns more easily. False by default.
   */
  readonly localEncoder?: boolean;
  /**
   * How many times as wide as `channels` the decoder is, with as many times
   * the groups (paper, section 2.5: 2 where it is finetuned); 1 by default.
   */
  readonly decoderWidening?: number;
  /**
   * The networks were trained on pictures in 0..1, which those in -1..1 are
   * turned into and back; false by default.
   */
  readonly unitPixels?: boolean;
}

/** Whether a network can be widened so: channels and groups stay whole. */
function canWiden(config: VqganConfig): boolean {
  const { channels, groups, decoderWidening: factor = 1 } = config;
  return factor >= 1 &&
    [groups, ...channels].every((count) => Number.isInteger(count * factor));
}

/** Pixels a side for one token. */
export function tokenSize(config: VqganConfig): number {
  return config.stem * 2 ** (config.channels.length - 1);
}

/** Tokens a side of a picture of the configured size. */
export function gridSize(config: VqganConfig): number {
  return config.imageSize / tokenSize(config);
}

/** A height and a width. */
export type Extent = readonly [height: number, width: number];

/**
 * The grid of tokens of a picture.
 *
 * @param size of the picture in pixels
 * @throws RangeError unless whole tokens fill it
 */
export function gridOf(config: VqganConfig, size: Extent): Extent {
  const token = tokenSize(config);
  const [height, width] = size.map((side) => side / token);
  checkExtent(
    [height, width],
    `Cannot tokenize pictures of ${size.join("x")} pixels: wanted a height ` +
      `and a width that are multiples of the ${token} pixels of a token; ` +
      `resize or crop them first`,
  );
  return [height, width];
}

/**
 * The size in pixels of the picture on a grid of tokens.
 *
 * @throws RangeError unless the grid's sides are whole numbers from 1 on
 */
export function pixelsOf(config: VqganConfig, grid: Extent): Extent {
  checkExtent(
    grid,
    `Cannot draw tokens on a grid of ${grid.join("x")}: wanted a height and ` +
      `a width of at least 1 token`,
  );
  const [height, width] = grid.map((side) => side * tokenSize(config));
  return [height, width];
}

function checkExtent(extent: Extent, message: string): void {
  if (extent.every((side) => Number.isInteger(side) && side > 0)) return;
  throw new RangeError(message);
}

/** What our own files say of a network; those of others may say more. */
export const VQGAN_FORM: NetworkForm<Omit<VqganConfig, "unitPixels">> = {
  fields: {
    imageSize: count(),
    stem: count(),
    channels: COUNTS,
    encoderBlocks: count(),
    decoderBlocks: count(),
    middleBlocks: count(0),
    groups: count(),
    codeWidth: count(),
    codes: count(),
    normalizeCodes: FLAG,
    localEncoder: FLAG,
    decoderWidening: NUMBER,
  },
  missing: { localEncoder: false, decoderWidening: 1 },
  rules: (config) => {
    const { imageSize, channels, groups } = config;
    const size = tokenSize(config);
    return [
      [
        "channels",
        channels.every((width) => width % groups === 0),
        `multiples of its ${groups} groups`,
      ],
      [
        "decoderWidening",
        canWiden(config),
        "a number from 1 on that makes whole numbers of its channels and groups",
      ],
      [
        "imageSize",
        imageSize % size === 0,
        `a multiple of the ${size} pixels of a token`,
      ],
    ];
  },
};

/**
 * Reads the sizes that a file of weights comes with.
 *
 * @param path of the file, for errors
 * @throws Error naming the file and the fields that are wrong
 */
export function parseVqganConfig(json: unknown, path: string): VqganConfig {
  return parseNetwork(VQGAN_FORM, `tokenizer ${path}`, json);
}
