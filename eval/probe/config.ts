/** Sizes of the network that reads emoji scenes. */

import { networkFields } from "../../lib/run/network_fields.ts";

/** Cells on a side of the grid that objects are read on. */
export const CELLS = 16;

/** A convolutional network that looks at three or more resolutions. */
export interface ProbeConfig {
  /** Pixels a side of the pictures it reads. */
  readonly imageSize: number;
  /** Pixels folded into channels before the first layer. */
  readonly stem: number;
  /**
   * Channels at each resolution, finest first; each step halves it. The last
   * but one has {@linkcode CELLS} positions a side.
   */
  readonly channels: readonly number[];
  /** Residual blocks at each resolution. */
  readonly blocks: readonly number[];
  /** Residual blocks after the coarsest is brought back to the cells. */
  readonly cellBlocks: number;
  /** Groups of the normalizations; divides all channels. */
  readonly groups: number;
}

/** What makes sizes impossible: fields, and what was wanted of each. */
function probeFaults(
  { imageSize, stem, channels, blocks, groups }: ProbeConfig,
): [keyof ProbeConfig, string][] {
  const faults: [keyof ProbeConfig, string][] = [];
  if (channels.length < 2 || channels.some((width) => width % groups !== 0)) {
    faults.push(["channels", `two or more multiples of ${groups} groups`]);
  }
  if (blocks.length !== channels.length) {
    faults.push(["blocks", `one number for each of ${channels.length} widths`]);
  }
  const cell = stem * 2 ** (channels.length - 2);
  if (imageSize !== cell * CELLS) {
    const size = `${CELLS} cells of ${cell} pixels, ${cell * CELLS}`;
    faults.push(["imageSize", size]);
  }
  return faults;
}

/**
 * Reads the sizes that a file of weights comes with, or of a configuration.
 *
 * @param path of the file, for errors
 * @param advice what to do about a wrong field
 * @throws Error naming the file and the field that is wrong
 */
export function parseProbeConfig(
  json: unknown,
  path: string,
  advice?: string,
): ProbeConfig {
  const fields = networkFields(`judge ${path}`, json, advice);
  const config = {
    imageSize: fields.count("imageSize"),
    stem: fields.count("stem"),
    channels: fields.counts("channels"),
    blocks: fields.counts("blocks"),
    cellBlocks: fields.count("cellBlocks", 0),
    groups: fields.count("groups"),
  };
  for (const [field, wanted] of probeFaults(config)) {
    fields.wrong(field, wanted);
  }
  return config;
}
