/** A tokenizer with its weights: pictures to tokens and back. */

import { input } from "../graph/ops.ts";
import { lazySessions } from "../run/lazy_sessions.ts";
import type { Weights } from "../run/weights.ts";
import { gridSize, type VqganConfig } from "./config.ts";
import { pictures, tokens } from "./network.ts";

/** A loaded tokenizer. Each direction is compiled when it is first used. */
export interface Tokenizer {
  /** What the networks look like. */
  readonly config: VqganConfig;
  /** Pictures [B,3,H,W] in -1..1 -> tokens [B,N]. */
  encode(pixels: Float32Array): Promise<Int32Array>;
  /**
   * Tokens [B,N] -> pictures [B,3,H,W], about -1..1.
   * @throws RangeError if they don't fill whole pictures or one is no code
   */
  decode(ids: Int32Array): Promise<Float32Array>;
  /** Compiles the decoder now, so that the first picture is no slower. */
  openDecoder(): Promise<void>;
  /** Frees the native memory; the tokenizer can't be used afterwards. */
  release(): Promise<void>;
}

/** Makes a tokenizer of the given weights. */
export function createTokenizer(
  config: VqganConfig,
  weights: Weights,
): Tokenizer {
  const side = config.imageSize;
  const grid = gridSize(config);
  const sessions = lazySessions("tokenizer", weights);

  const openEncoder = () =>
    sessions.open("encoder", () => {
      const source = input("pictures", ["1B", 3, side, side]);
      return { ids: tokens(config, source) };
    });

  const openDecoder = () =>
    sessions.open("decoder", () => {
      const ids = input("ids", ["1B", grid * grid], "int32");
      return { pictures: pictures(config, ids, grid) };
    });

  return {
    config,
    async encode(pixels) {
      const session = await openEncoder();
      const results = await session.run({ pictures: pixels });
      return results.ids.data as Int32Array;
    },
    async decode(ids) {
      checkIds(config, ids);
      const session = await openDecoder();
      const results = await session.run({ ids });
      return results.pictures.data as Float32Array;
    },
    async openDecoder() {
      await openDecoder();
    },
    release: () => sessions.release(),
  };
}

function checkIds(config: VqganConfig, ids: Int32Array): void {
  const { codes } = config;
  const count = gridSize(config) ** 2;
  const odd = ids.find((id) => !(id >= 0 && id < codes));
  const whole = ids.length > 0 && ids.length % count === 0;
  if (whole && odd === undefined) return;
  const found = odd === undefined
    ? `${ids.length} of them`
    : odd === codes
    ? `the id ${odd} of an unknown token`
    : `the id ${odd}`;
  throw new RangeError(
    `Cannot draw tokens: found ${found}, wanted pictures of ${count} each ` +
      `with ids from 0 to ${codes - 1}`,
  );
}
