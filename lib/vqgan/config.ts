/** Sizes of a VQGAN; the named variants are rows of a table. */

/** A convolutional VQGAN. */
export interface VqganConfig {
  /** Pixels a side of the pictures it was trained on. */
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
}

/** Pixels a side for one token. */
export function tokenSize(config: VqganConfig): number {
  return config.stem * 2 ** (config.channels.length - 1);
}

/** Tokens a side of a picture. */
export function gridSize(config: VqganConfig): number {
  return config.imageSize / tokenSize(config);
}
