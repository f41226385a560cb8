/** Blocks of pictures, decoded; in a Worker, see read_blocks.ts. */

import type { Picture } from "../../lib/image/picture.ts";
import { joinBytes } from "../../lib/run/join.ts";
import { type Preparation, prepare } from "../extract/preparation.ts";
import type { ArtNotice } from "../pictures/read.ts";
import { shaped } from "../protocols/shape.ts";
import { openPictureSource, type PictureSource } from "./picture_source.ts";
import type { LeftOutLine } from "./record.ts";

/** How pictures become what a network takes. */
export interface BlockPreparation {
  /** The square that the protocol shows, where it isn't one already. */
  readonly shape: NonNullable<PictureSource["shape"]>;
  /** The network's own way. */
  readonly preparation: Preparation;
}

/** What to load; plain data. */
export interface BlockLoaderOptions {
  readonly source: PictureSource;
  /** Pictures from `start` up to `end`, by position. */
  readonly blocks: readonly { readonly start: number; readonly end: number }[];
  /** Pictures stay as they are without. */
  readonly prepared?: BlockPreparation;
}

/** A block, and which pictures are in it. */
export interface LoadedBlock {
  readonly pictures: readonly {
    /** Its number in the set. */
    readonly index: number;
    readonly width: number;
    readonly height: number;
  }[];
  /** One picture after the other: RGB, or [B,3,H,W] where they are prepared. */
  readonly pixels: Uint8Array<ArrayBuffer> | Float32Array;
  /** Those that could not be read. */
  readonly leftOut: readonly LeftOutLine[];
}

/** Pictures that are decoded at once: large ones take much memory. */
const AT_ONCE = 4;

/** A loader of blocks; there is nothing after the last. */
export function createBlockLoader(
  { source, blocks, prepared }: BlockLoaderOptions,
  tell?: (notice: ArtNotice) => void,
): { at(position: number): Promise<LoadedBlock> } {
  const read = openPictureSource(source, tell);
  return {
    async at(position) {
      const { start, end } = blocks[position] ?? { start: 0, end: 0 };
      const seen: { readonly index: number; readonly picture: Picture }[] = [];
      const leftOut: LeftOutLine[] = [];
      for (let from = start; from < end; from += AT_ONCE) {
        const indices = Array.from(
          { length: Math.min(AT_ONCE, end - from) },
          (_, i) => from + i,
        );
        const found = await Promise.all(indices.map(read));
        for (const [i, one] of found.entries()) {
          if ("reason" in one) leftOut.push(one);
          else seen.push({ index: indices[i], picture: one });
        }
      }
      return {
        pictures: seen.map(({ index, picture: { width, height } }) => ({
          index,
          width,
          height,
        })),
        pixels: (prepared ? preparer(prepared) : bytesOf)(
          seen.map(({ picture }) => picture),
        ),
        leftOut,
      };
    },
  };
}

/** Pictures as a network of a protocol takes them. */
export function preparer(
  { shape: { crop, side }, preparation }: BlockPreparation,
): (pictures: readonly Picture[]) => Float32Array {
  return (pictures) =>
    prepare(
      pictures.map((picture) => shaped(picture, crop, side)),
      preparation,
    );
}

function bytesOf(pictures: readonly Picture[]): Uint8Array<ArrayBuffer> {
  return joinBytes(pictures.map(({ data }) => data));
}
