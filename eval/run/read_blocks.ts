/**
 * A run's pictures, block by block. A Worker reads, decodes and cuts the next
 * block while a network looks at one, which stops this thread.
 */

import { openStream } from "../../datasets/worker_stream.ts";
import { createPicture, type Picture } from "../../lib/image/picture.ts";
import type { ArtNotice } from "../pictures/read.ts";
import type { BlockLoaderOptions, LoadedBlock } from "./block_loader.ts";
import type { LeftOutLine } from "./record.ts";

/** A picture with its number in the run or in the reference. */
export interface Seen {
  /** Its number. */
  readonly index: number;
  /** Its pixels. */
  readonly picture: Picture;
}

/** The pictures of a block. */
export interface ReadBlock {
  readonly seen: readonly Seen[];
  readonly leftOut: readonly LeftOutLine[];
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
): AsyncGenerator<ReadBlock> {
  if (options.blocks.length === 0) return;
  const stream = openStream<BlockLoaderOptions, LoadedBlock, ArtNotice>(
    new URL("./block_worker.ts", import.meta.url),
    options,
    onArt,
    AHEAD,
  );
  try {
    for (const position of options.blocks.keys()) {
      yield unpacked(await stream.at(position));
    }
  } finally {
    stream.close();
  }
}

function unpacked({ pictures, pixels, leftOut }: LoadedBlock): ReadBlock {
  let at = 0;
  const seen = pictures.map(({ index, width, height }): Seen => {
    const data = pixels.subarray(at, at += 3 * width * height);
    return { index, picture: createPicture(width, height, data) };
  });
  return { seen, leftOut };
}
