/**
 * A run's pictures, block by block. A Worker reads, decodes, cuts and prepares
 * the next block while a network looks at one, which stops this thread.
 */

import { openStream } from "../../datasets/worker_stream.ts";
import { createPicture, type Picture } from "../../lib/image/picture.ts";
import type { ArtNotice } from "../pictures/read.ts";
import type { BlockLoaderOptions, LoadedBlock } from "./block_loader.ts";

/** A picture with its number in the run or in the reference. */
export interface Seen {
  /** Its number. */
  readonly index: number;
  /** Its pixels. */
  readonly picture: Picture;
}

/** A block may be large: one in the making is enough. */
const AHEAD = 1;

/**
 * Reads blocks in their order.
 *
 * @param onArt told how the art of emoji gets on
 */
export async function* readBlocks(
  options: BlockLoaderOptions,
  onArt: (notice: ArtNotice) => void = () => {},
): AsyncGenerator<LoadedBlock> {
  if (options.blocks.length === 0) return;
  const stream = openStream<BlockLoaderOptions, LoadedBlock, ArtNotice>(
    new URL("./block_worker.ts", import.meta.url),
    options,
    onArt,
    AHEAD,
  );
  try {
    for (const position of options.blocks.keys()) {
      yield await stream.at(position);
    }
  } finally {
    stream.close();
  }
}

/** The pictures of a block that weren't prepared. */
export function seenOf({ pictures, pixels }: LoadedBlock): Seen[] {
  if (pixels instanceof Float32Array) {
    throw new Error("the pixels of the block are prepared");
  }
  let at = 0;
  return pictures.map(({ index, width, height }) => {
    const data = pixels.subarray(at, at += 3 * width * height);
    return { index, picture: createPicture(width, height, data) };
  });
}
