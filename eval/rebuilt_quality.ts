/** What a tokenizer keeps of scenes, in decibels and as a judge sees it. */

import type { Scene } from "../datasets/mod.ts";
import { fromPlanarBatch, type Picture } from "../lib/image/picture.ts";
import type { Tokenizer } from "../lib/vqgan/model.ts";
import { type JudgedFigures, judgedFigures } from "./probe/figures.ts";
import { judgePictures } from "./probe/judge.ts";
import { fitted } from "./probe/pieces.ts";
import type { Probe } from "./probe/probe.ts";
import { createSight, type Sight, sightDistance } from "./probe/sight.ts";
import type { Verdict } from "./probe/verdict.ts";
import {
  type Psnr,
  psnrMeter,
  type QualityOptions,
  type RebuiltBatch,
  type TokenizerQuality,
  tokenizerQuality,
} from "./tokenizer_quality.ts";

/** Figures of a tokenizer, with a judge's. */
export interface RebuiltQuality extends TokenizerQuality {
  /** By the judge, if there is one for such pictures. */
  readonly judged?: RebuiltJudged;
  /** Of the same tokens by the decoder before it was finetuned, if it was. */
  readonly beforeFinetuning?: DecodedQuality;
}

/** What a judge sees in scenes, as they are and rebuilt. */
export interface RebuiltJudged {
  /** Of the scenes, reduced to its size: what could be reached. */
  readonly original: JudgedFigures;
  /** Of the same after the tokenizer rebuilt them. */
  readonly rebuilt: JudgedFigures;
  /** Of each that was rebuilt. */
  readonly verdicts: readonly Verdict[];
  /** The rate of right objects in these over that in those; 0 for none. */
  readonly objectShare: number;
  /** FD-probe between both, of all their pixels; it falls as they are more. */
  readonly fdProbe: number;
}

/** Figures of a decoder. */
export interface DecodedQuality extends Psnr {
  /** FD-probe to the scenes, by the judge, if there is one. */
  readonly fdProbe?: number;
}

/** What is measured. */
export interface RebuiltQualityOptions extends QualityOptions {
  /** Reads the pictures; squares of its size fill them. */
  readonly judge?: Probe;
  /** The tokenizer as it was before its decoder was finetuned. */
  readonly before?: Tokenizer;
}

/** Rebuilds validation scenes and compares. */
export async function rebuiltQuality(
  tokenizer: Tokenizer,
  { judge, before, ...options }: RebuiltQualityOptions,
): Promise<RebuiltQuality> {
  const { imageSize: side } = tokenizer.config;
  const real = judge && createSight(judge);
  const reading = judge && rebuiltReading(judge);
  const older = before && decoderMeter(before, judge);
  const quality = await tokenizerQuality(tokenizer, {
    ...options,
    async onBatch(batch) {
      const [shown, rebuilt] = [batch.pixels, batch.rebuilt]
        .map((planes) => fromPlanarBatch(planes, side, side));
      await real?.add(shown);
      await reading?.add(batch.scenes, shown, rebuilt);
      await older?.add(batch);
    },
  });
  return {
    ...quality,
    ...(reading && { judged: await reading.figures(real!) }),
    ...(older && { beforeFinetuning: await older.figures(real) }),
  };
}

/** Reads scenes, as they are and rebuilt, batch by batch. */
function rebuiltReading(judge: Probe) {
  const side = judge.config.imageSize;
  const sight = createSight(judge);
  const [originals, copies]: Verdict[][] = [[], []];
  const read = (pictures: readonly Picture[], scenes: readonly Scene[]) =>
    judgePictures(judge, pictures.map((one) => fitted(one, side)), scenes);
  return {
    async add(
      scenes: readonly Scene[],
      shown: readonly Picture[],
      rebuilt: readonly Picture[],
    ): Promise<void> {
      originals.push(...await read(shown, scenes));
      copies.push(...await read(rebuilt, scenes));
      await sight.add(rebuilt);
    },
    async figures(real: Sight): Promise<RebuiltJudged> {
      const original = judgedFigures(originals);
      const rebuilt = judgedFigures(copies);
      const { rate } = original.object;
      return {
        original,
        rebuilt,
        verdicts: copies,
        objectShare: rate > 0 ? rebuilt.object.rate / rate : 0,
        fdProbe: await sightDistance(sight, real),
      };
    },
  };
}

/** Compares what another decoder makes of the same tokens, batch by batch. */
function decoderMeter(tokenizer: Tokenizer, judge: Probe | undefined) {
  const { imageSize: side } = tokenizer.config;
  const meter = psnrMeter(side);
  const sight = judge && createSight(judge);
  return {
    async add({ scenes, pixels, ids }: RebuiltBatch): Promise<void> {
      const planes = await tokenizer.decode(ids);
      meter.add(scenes, pixels, planes);
      await sight?.add(fromPlanarBatch(planes, side, side));
    },
    async figures(real: Sight | undefined): Promise<DecodedQuality> {
      if (!sight || !real) return meter.mean();
      return { ...meter.mean(), fdProbe: await sightDistance(sight, real) };
    },
  };
}
