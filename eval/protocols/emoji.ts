/**
 * The protocol of emoji scenes: pictures of captions of validation scenes, read
 * by the judge and compared with real validation scenes. It needs nothing from
 * outside.
 */

import { spriteFileName } from "../../datasets/emoji/sprites.ts";
import { type Judge, judgePictures } from "../probe/judge.ts";
import { fitted } from "../probe/pieces.ts";
import type { Extractor } from "../run/features.ts";
import type { MetricRecord } from "../run/record_types.ts";
import { hashOf } from "../run/files.ts";
import type { RunRecord, Sample } from "../run/record.ts";
import { SCENE_SEED, SCENE_SPLIT, validationScene } from "./emoji_scenes.ts";

/** Pictures that are drawn unless told otherwise. */
export const EMOJI_SAMPLES = 400;
/** Real scenes that they are compared with. */
export const EMOJI_REFERENCE = 2000;

/** The name of the judge's features in a run. */
const PROBE = "probe";

/** The figures: the judge's, FD-probe and its kin, diversity. */
const METRICS: readonly MetricRecord[] = [
  { metric: "judge", network: PROBE, convention: "macro mean" },
  { metric: "fid", network: PROBE, convention: "pytorch-fid" },
  { metric: "prdc", network: PROBE, convention: "prdc" },
  { metric: "vendi", network: PROBE, convention: "cosine" },
];

/** Pictures that all figures need: coverage looks at the fifth neighbour. */
export const EMOJI_FEWEST = 6;

/**
 * Captions of the first validation scenes; the seeds follow the first.
 * @throws RangeError for fewer than all figures need
 */
export function emojiSamples(count: number, seed: number): Sample[] {
  if (count < EMOJI_FEWEST) {
    throw new RangeError(
      `Cannot judge ${count} pictures of emoji scenes: wanted ${EMOJI_FEWEST} or more`,
    );
  }
  return Array.from({ length: count }, (_, index) => ({
    index,
    id: `${SCENE_SPLIT} ${index}`,
    caption: validationScene(index).caption,
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
    split: SCENE_SPLIT,
    "data seed": SCENE_SEED,
    size: imageSize,
    art: spriteFileName(),
  };
  return {
    settings,
    reference: {
      kind: "pictures",
      name: `the first ${reference} ${SCENE_SPLIT} scenes`,
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
      const scenes = seen.map(({ index }) => validationScene(index).scene);
      const features = await judge.features(pictures);
      const notes = await judgePictures(judge, pictures, scenes);
      return { rows: { features }, notes };
    },
  };
}
