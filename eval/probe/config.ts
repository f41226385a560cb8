/** Sizes of the network that reads emoji scenes. */

import { count, COUNTS } from "../../lib/run/field.ts";
import { type NetworkForm, parseNetwork } from "../../lib/run/network_form.ts";

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

/** What files say of a network. */
export const PROBE_FORM: NetworkForm<ProbeConfig> = {
  fields: {
    imageSize: count(),
    stem: count(),
    channels: COUNTS,
    blocks: COUNTS,
    cellBlocks: count(0),
    groups: count(),
  },
  rules: ({ imageSize, stem, channels, blocks, groups }) => {
    const cell = stem * 2 ** (channels.length - 2);
    return [
      [
        "channels",
        channels.length >= 2 && channels.every((width) => width % groups === 0),
        `two or more multiples of ${groups} groups`,
      ],
      [
        "blocks",
        blocks.length === channels.length,
        `one number for each of ${channels.length} widths`,
      ],
      [
        "imageSize",
        imageSize === cell * CELLS,
        `${CELLS} cells of ${cell} pixels, ${cell * CELLS}`,
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
export function parseProbeConfig(json: unknown, path: string): ProbeConfig {
  return parseNetwork(PROBE_FORM, `judge ${path}`, json);
}
