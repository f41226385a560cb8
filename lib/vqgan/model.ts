/** A tokenizer with its weights: pictures to tokens and back. */

import type { Node } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { lazySessions } from "../run/lazy_sessions.ts";
import type { ThreadOptions } from "../run/session.ts";
import type { Weights } from "../run/weights.ts";
import {
  type Extent,
  gridOf,
  gridSize,
  pixelsOf,
  type VqganConfig,
} from "./config.ts";
import { pictureTokens, tokenPictures } from "./network.ts";

/**
 * A loaded tokenizer. It takes pictures of any size that whole tokens fill;
 * each direction is compiled when a size is first used.
 */
export interface Tokenizer {
  /** What the networks look like. */
  readonly config: VqganConfig;
  /** What they were made of, for other graphs over the same networks. */
  readonly weights: Weights;
  /**
   * Pictures [B,3,H,W] in -1..1 -> tokens [B,h*w], row by row of the grid.
   *
   * @param size H and W in pixels; `config.imageSize` a side by default
   * @throws RangeError if whole tokens don't fill that size, or the numbers
   * no whole pictures
   */
  encode(pixels: Float32Array, size?: Extent): Promise<Int32Array>;
  /**
   * Tokens [B,h*w] -> pictures [B,3,H,W], about -1..1.
   *
   * @param grid h and w in tokens; that of the configured size by default
   * @throws RangeError if they don't fill whole pictures or one is no code
   */
  decode(ids: Int32Array, grid?: Extent): Promise<Float32Array>;
  /**
   * Compiles the decoder now, so that the first picture is no slower.
   * @param grid as for `decode`
   */
  openDecoder(grid?: Extent): Promise<void>;
  /** Frees the native memory; the tokenizer can't be used afterwards. */
  release(): Promise<void>;
}

/** Sessions that are kept: both directions of three sizes. */
const MOST_SESSIONS = 6;

/** The two directions of a tokenizer as graphs. */
export interface TokenizerNetworks {
  /** Pictures [B,3,H,W] in -1..1 -> tokens [B,h*w]. */
  tokens(pictures: Node): Node;
  /** Tokens [B,h*w] on a grid of that height -> pictures, about -1..1. */
  pictures(ids: Node, height: number): Node;
}

/** The networks of our own configurations and of diffusers' VQModel. */
function vqganNetworks(config: VqganConfig): TokenizerNetworks {
  return {
    tokens: (source) => pictureTokens(config, source),
    pictures: (ids, height) => tokenPictures(config, ids, height),
  };
}

/** Outputs of the encoder and the decoder, which depend on all parameters. */
export function bothDirections(
  config: VqganConfig,
  networks: TokenizerNetworks = vqganNetworks(config),
): [tokens: Node, pictures: Node] {
  const side = config.imageSize;
  const grid = gridSize(config);
  return [
    networks.tokens(input("pictures", ["1B", 3, side, side])),
    networks.pictures(input("ids", ["1B", grid * grid], "int32"), grid),
  ];
}

/** Makes a tokenizer of the given weights. */
export function createTokenizer(
  config: VqganConfig,
  weights: Weights,
  run: ThreadOptions = {},
  networks: TokenizerNetworks = vqganNetworks(config),
): Tokenizer {
  const side = config.imageSize;
  const ownGrid = [gridSize(config), gridSize(config)] as const;
  const sessions = lazySessions("tokenizer", weights, {
    ...run,
    most: MOST_SESSIONS,
  });

  const decoder = (grid: Extent) =>
    [`decoder ${grid}`, () => {
      const [height, width] = grid;
      const ids = input("ids", ["1B", height * width], "int32");
      return { pictures: networks.pictures(ids, height) };
    }] as const;

  return {
    config,
    weights,
    async encode(pixels, size = [side, side]) {
      checkPixels(config, pixels, size);
      const results = await sessions.run(
        `encoder ${size}`,
        () => {
          const source = input("pictures", ["1B", 3, ...size]);
          return { ids: networks.tokens(source) };
        },
        { pictures: pixels },
      );
      return results.ids.data as Int32Array;
    },
    async decode(ids, grid = ownGrid) {
      checkIds(config, ids, grid);
      const results = await sessions.run(...decoder(grid), { ids });
      return results.pictures.data as Float32Array;
    },
    async openDecoder(grid = ownGrid) {
      await sessions.open(...decoder(grid));
    },
    release: () => sessions.release(),
  };
}

function checkPixels(
  config: VqganConfig,
  pixels: Float32Array,
  size: Extent,
): void {
  gridOf(config, size);
  const [height, width] = size;
  if (pixels.length > 0 && pixels.length % (3 * height * width) === 0) return;
  throw new RangeError(
    `Cannot tokenize pictures: found ${pixels.length} numbers, wanted ` +
      `3 * ${height} * ${width} for each picture`,
  );
}

/** Names the first of the ids that is no code; undefined when all are. */
export function oddId(ids: Int32Array, codes: number): string | undefined {
  const odd = ids.find((id) => !(id >= 0 && id < codes));
  if (odd === undefined) return undefined;
  return `the id ${odd}${odd === codes ? " of an unknown token" : ""}`;
}

function checkIds(config: VqganConfig, ids: Int32Array, grid: Extent): void {
  pixelsOf(config, grid);
  const { codes } = config;
  const count = grid[0] * grid[1];
  const odd = oddId(ids, codes);
  const whole = ids.length > 0 && ids.length % count === 0;
  if (whole && odd === undefined) return;
  const found = odd ?? `${ids.length} of them`;
  throw new RangeError(
    `Cannot draw tokens: found ${found}, wanted pictures of ${count} each ` +
      `with ids from 0 to ${codes - 1}`,
  );
}
