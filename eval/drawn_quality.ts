/** What a judge sees in pictures that a model draws from captions. */

import {
  createEmojiLoader,
  type EmojiBatch,
  type Split,
} from "../datasets/mod.ts";
import { fromPlanarBatch, type Picture } from "../lib/image/picture.ts";
import {
  generate,
  type Model,
  tokensToPictures,
} from "../lib/muse/pipeline.ts";
import { type JudgedFigures, judgedFigures } from "./probe/figures.ts";
import { judgePictures } from "./probe/judge.ts";
import { fitted } from "./probe/pieces.ts";
import type { Probe } from "./probe/probe.ts";
import { createSight, sightDistance } from "./probe/sight.ts";
import type { Verdict } from "./probe/verdict.ts";
import { BATCH, type QualityOptions } from "./tokenizer_quality.ts";

/** Figures of pictures that were drawn from the captions of a split. */
export interface DrawnQuality extends JudgedFigures {
  /** Of which scenes. */
  readonly split: Split;
  /** Of each picture, which those of other precisions are compared with. */
  readonly verdicts: readonly Verdict[];
  /** FD-probe between the pictures and the scenes; it falls as they are more. */
  readonly fdProbe: number;
  /** Of the same pictures, super-resolved, if the model does that. */
  readonly superres?: SuperresolvedQuality;
}

/** Figures of super-resolved pictures, reduced to the judge's size. */
export interface SuperresolvedQuality extends JudgedFigures {
  /** Pixels a side, before they were reduced. */
  readonly size: number;
  /** Of each picture. */
  readonly verdicts: readonly Verdict[];
  /** FD-probe between the pictures and scenes of their size, not reduced. */
  readonly fdProbe: number;
  /** The same of the base's pictures, enlarged to that size. */
  readonly fdProbeEnlarged: number;
}

/** The seed of the first picture; those after it follow. */
const SEED = 1;

/**
 * Draws the captions of a split and compares with its scenes.
 * @throws RangeError if the judge is for another size of pictures
 */
export async function drawnQuality(
  model: Model,
  judge: Probe,
  split: Split,
  { scenes, onProgress = () => {} }: QualityOptions,
): Promise<DrawnQuality> {
  const size = judge.config.imageSize;
  const loader = await createEmojiLoader({ split, size, batch: BATCH });
  const [drawn, real] = [createSight(judge), createSight(judge)];
  const large = model.superres && await superresolvedReading(
    judge,
    split,
    model.superres.tokenizer.config.imageSize,
  );
  const verdicts: Verdict[] = [];
  while (verdicts.length < scenes) {
    const batch = loader.next();
    const pictures = await draw(model, batch.captions, verdicts.length);
    await large?.add(pictures, batch.scenes);
    verdicts.push(...await judgePictures(judge, pictures.base, batch.scenes));
    await drawn.add(pictures.base);
    await real.add(picturesOf(batch, size));
    onProgress(verdicts.length);
  }
  return {
    ...{ split, verdicts },
    ...judgedFigures(verdicts),
    fdProbe: await sightDistance(drawn, real),
    ...(large && { superres: await large.figures() }),
  };
}

/** Pictures of the same tokens. */
interface DrawnPictures {
  /** As the base draws them. */
  readonly base: readonly Picture[];
  /** Super-resolved, or the base's if the model doesn't do that. */
  readonly final: readonly Picture[];
}

/** @param first the place of the first caption, which its seed depends on */
export async function draw(
  model: Model,
  captions: readonly string[],
  first: number,
): Promise<DrawnPictures> {
  const drawn = await generate(model, captions, { seed: SEED + first });
  const { tokens, pictures: final } = drawn;
  if (!model.superres) return { base: final, final };
  const { grid } = model.base.config;
  return { base: await tokensToPictures(model.tokenizer, tokens, grid), final };
}

/** Reads super-resolved pictures, batch by batch. */
async function superresolvedReading(
  judge: Probe,
  split: Split,
  size: number,
) {
  const { imageSize: side } = judge.config;
  const loader = await createEmojiLoader({ split, size, batch: BATCH });
  const [drawn, enlarged, real] = [1, 2, 3].map(() => createSight(judge));
  const verdicts: Verdict[] = [];
  return {
    async add(
      { base, final }: DrawnPictures,
      scenes: EmojiBatch["scenes"],
    ): Promise<void> {
      const small = final.map((picture) => fitted(picture, side));
      verdicts.push(...await judgePictures(judge, small, scenes));
      await drawn.add(final);
      await enlarged.add(base.map((picture) => fitted(picture, size)));
      await real.add(picturesOf(loader.next(), size));
    },
    async figures(): Promise<SuperresolvedQuality> {
      return {
        ...{ size, verdicts },
        ...judgedFigures(verdicts),
        fdProbe: await sightDistance(drawn, real),
        fdProbeEnlarged: await sightDistance(enlarged, real),
      };
    },
  };
}

function picturesOf({ pixels }: EmojiBatch, size: number): Picture[] {
  return fromPlanarBatch(pixels, size, size);
}
