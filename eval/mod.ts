/**
 * Measurements of models: what a tokenizer keeps of pictures, and what a base
 * transformer understands of captions.
 *
 * @module
 */

export {
  type BaseParts,
  type BaseQuality,
  baseQuality,
  type CaptionGain,
  MASK_RATES,
} from "./base_quality.ts";
export {
  type CaptionLikelihood,
  LIKELIHOOD_RATES,
  openLikelihood,
} from "./caption_likelihood.ts";
export type {
  Column,
  DrawnBatch,
  Figure,
  Figures,
  Measure,
  Meter,
  Tally,
} from "./measure.ts";
export { meanOf } from "./measure.ts";
export { AGREEMENT, LIKELIHOOD, OWN_MEASURES } from "./own_measures.ts";
export {
  type OpenScore,
  openScore,
  SCORE_NAMES,
  type ScoreName,
} from "./scores.ts";
export {
  openSweep,
  SWEEP_BATCH,
  type Sweeper,
  type SweepOptions,
  type SweepResult,
} from "./sweep.ts";
export { tokenAgreement } from "./token_agreement.ts";
export {
  measureModel,
  type ModelQuality,
  type ModelQualityOptions,
} from "./quality.ts";
export {
  type SuperresParts,
  type SuperresQuality,
  superresQuality,
  type TokenGain,
} from "./superres_quality.ts";
export {
  type QualityOptions,
  type TokenizerQuality,
  tokenizerQuality,
} from "./tokenizer_quality.ts";
