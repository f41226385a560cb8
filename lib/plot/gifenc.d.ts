/** The part of gifenc that is used here; the package has no types. */

/** Red, green, blue, 0..255. */
export type Colour = number[];

export interface Encoder {
  writeFrame(
    index: Uint8Array,
    width: number,
    height: number,
    options: {
      readonly palette: Colour[];
      /** Milliseconds. */
      readonly delay: number;
    },
  ): void;
  finish(): void;
  bytes(): Uint8Array;
}

declare const gifenc: {
  GIFEncoder(): Encoder;
  /** Up to `count` colours that stand for those of the RGBA bytes. */
  quantize(rgba: Uint8Array, count: number): Colour[];
  /** The place in the palette of each pixel's nearest colour. */
  applyPalette(rgba: Uint8Array, palette: Colour[]): Uint8Array;
};
export default gifenc;
