/**
 * The protocol of emoji scenes: pictures of captions of validation scenes, read
 * by the judge and compared with real validation scenes. It needs nothing from
 * outside.
 */

import {
  captionedScene,
  loadSprites,
  renderScene,
  type Split,
  type SpriteOptions,
} from "../../datasets/mod.ts";
import { levelFor, spriteFileName } from "../../datasets/emoji/sprites.ts";
import type { Picture } from "../../lib/image/picture.ts";
import { resize } from "../../lib/image/resize.ts";
import { type Judge, judgePictures } from "../probe/judge.ts";
import type { Extractor, Pictures } from "../run/features.ts";
import type { MetricRecord } from "../run/figures.ts";
import { hashOf } from "../run/files.ts";
import type { RunRecord, Sample } from "../run/record.ts";

/** Pictures that are drawn unless told otherwise. */
export const EMOJI_SAMPLES = 400;
/** Real scenes that they are compared with. */
export const EMOJI_REFERENCE = 2000;

/** Of the scenes; pictures have seeds of their own. */
const DATA_SEED = 0;
const SPLIT: Split = "validation";
/** The name of the judge's features in a run. */
const PROBE = "probe";

/** The figures: the judge's, FD-probe and its kin, diversity. */
const METRICS: readonly MetricRecord[] = [
  { metric: "judge", network: PROBE, convention: "macro mean" },
  { metric: "fid", network: PROBE, convention: "pytorch-fid" },
  { metric: "prdc", network: PROBE, convention: "prdc" },
  { metric: "vendi", network: PROBE, convention: "cosine" },
];

/** Coverage looks at the fifth neighbour of a picture. */
const FEWEST = 6;

/**
 * Captions of the first validation scenes; the seeds follow the first.
 * @throws RangeError for fewer than all figures need
 */
export function emojiSamples(count: number, seed: number): Sample[] {
  if (count < FEWEST) {
    throw new RangeError(
      `Cannot judge ${count} pictures of emoji scenes: wanted ${FEWEST} or more`,
    );
  }
  return Array.from({ length: count }, (_, index) => ({
    index,
    id: `${SPLIT} ${index}`,
    caption: captionedScene(SPLIT, index, DATA_SEED).caption,
    seed: seed + index,
  }));
}

/** What the protocol says of a run. */
export function emojiRecord(
  judge: Judge,
  reference: number,
): Pick<RunRecord, "reference" | "settings" | "networks" | "metrics"> {
  const { imageSize } = judge.config;
  const settings = {
    split: SPLIT,
    "data seed": DATA_SEED,
    size: imageSize,
    art: spriteFileName(),
  };
  return {
    settings,
    reference: {
      kind: "pictures",
      name: `the first ${reference} ${SPLIT} scenes`,
      hash: hashOf([settings, reference]),
      count: reference,
    },
    networks: [{
      name: PROBE,
      kind: "probe",
      hash: judge.hash,
      resize: `Pillow bicubic to ${imageSize} px where it is another size`,
    }],
    metrics: [...METRICS],
  };
}

/** Renders the reference's scenes; the art is loaded when it is needed. */
export function emojiReference(
  size: number,
  options: SpriteOptions = {},
): Pictures["read"] {
  let sprites: ReturnType<typeof loadSprites> | undefined;
  return async (index) => {
    sprites ??= loadSprites({ ...options, largest: levelFor(size) });
    const { scene } = captionedScene(SPLIT, index, DATA_SEED);
    return renderScene(scene, size, await sprites);
  };
}

/** What the judge sees, and what it says of the scene of each picture. */
export function judgeExtractor(
  judge: Judge,
  network: RunRecord["networks"][number],
): Extractor {
  const { imageSize: side } = judge.config;
  return {
    network,
    async extract(seen) {
      const pictures = seen.map(({ picture }) => fitted(picture, side));
      const scenes = seen.map(({ index }) =>
        captionedScene(SPLIT, index, DATA_SEED).scene
      );
      const features = await judge.features(pictures);
      const notes = await judgePictures(judge, pictures, scenes);
      return { rows: { features }, notes };
    },
  };
}

function fitted(picture: Picture, side: number): Picture {
  const { width, height } = picture;
  return width === side && height === side
    ? picture
    : resize(picture, side, side, "bicubic");
}
