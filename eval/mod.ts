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
  measureModel,
  type ModelQuality,
  type ModelQualityOptions,
} from "./quality.ts";
export {
  type QualityOptions,
  type TokenizerQuality,
  tokenizerQuality,
} from "./tokenizer_quality.ts";
