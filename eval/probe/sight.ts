/** What a judge sees in pictures that come batch by batch. */

import type { Picture } from "../../lib/image/picture.ts";
import { type Features, joinFeatures } from "../metrics/features.ts";
import { probeDistance } from "./judge.ts";
import { piecesOf } from "./pieces.ts";
import type { Probe } from "./probe.ts";

/** Features of the pictures so far. */
export interface Sight {
  /**
   * Looks at some more.
   * @throws RangeError if squares of the judge's size don't fill one
   */
  add(pictures: readonly Picture[]): Promise<void>;
  /** One row a picture, or one for each of the squares that it is cut into. */
  features(): Features;
}

/** Begins with no pictures. */
export function createSight(judge: Probe): Sight {
  const { imageSize: side } = judge.config;
  const parts: Features[] = [];
  return {
    async add(pictures) {
      const pieces = pictures.flatMap((picture) => piecesOf(picture, side));
      parts.push(await judge.features(pieces));
    },
    features: () => joinFeatures(parts),
  };
}

/** FD-probe between two sets of pictures, as `probeDistance()`. */
export async function sightDistance(a: Sight, b: Sight): Promise<number> {
  return await probeDistance(a.features(), b.features());
}
