/** A tokenizer with its weights: pictures to tokens and back. */

import { input } from "../graph/ops.ts";
import { createSession, type Session } from "../run/session.ts";
import type { Weights } from "../run/weights.ts";
import { gridSize, type VqganConfig } from "./config.ts";
import { pictures, tokens } from "./network.ts";

/** A loaded tokenizer. Each direction is compiled when it is first used. */
export interface Tokenizer {
  /** What the networks look like. */
  readonly config: VqganConfig;
  /** Pictures [B,3,H,W] in -1..1 -> tokens [B,N]. */
  encode(pixels: Float32Array): Promise<Int32Array>;
  /** Tokens [B,N] -> pictures [B,3,H,W], about -1..1. */
  decode(ids: Int32Array): Promise<Float32Array>;
  /** Compiles the decoder now, so that the first picture is no slower. */
  openDecoder(): Promise<void>;
  /** Frees the native memory. */
  release(): Promise<void>;
}

/** Makes a tokenizer of the given weights. */
export function createTokenizer(
  config: VqganConfig,
  weights: Weights,
): Tokenizer {
  const side = config.imageSize;
  const grid = gridSize(config);
  let encoder: Promise<Session> | undefined;
  let decoder: Promise<Session> | undefined;

  function openEncoder(): Promise<Session> {
    const source = input("pictures", ["1B", 3, side, side]);
    return createSession({ ids: tokens(config, source) }, weights);
  }

  function compileDecoder(): Promise<Session> {
    const ids = input("ids", ["1B", grid * grid], "int32");
    return createSession({ pictures: pictures(config, ids, grid) }, weights);
  }

  return {
    config,
    async encode(pixels) {
      const session = await (encoder ??= openEncoder());
      const results = await session.run({ pictures: pixels });
      return results.ids.data as Int32Array;
    },
    async decode(ids) {
      const session = await (decoder ??= compileDecoder());
      const results = await session.run({ ids });
      return results.pictures.data as Float32Array;
    },
    async openDecoder() {
      await (decoder ??= compileDecoder());
    },
    async release() {
      await (await encoder)?.release();
      await (await decoder)?.release();
    },
  };
}
