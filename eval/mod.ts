/**
 * Measurements of models: what a tokenizer keeps of pictures, what a base
 * transformer understands of captions, and how far samples are from a reference.
 *
 * A run, whose folder can be killed, resumed and merged, is a plan that is
 * executed. The protocol of `deno task eval emoji` by hand, for pictures of
 * another system (0.png, 1.png … of the captions of {@linkcode emojiSamples}):
 *
 * ```ts
 * import {
 *   emojiRecord,
 *   emojiSamples,
 *   executeRun,
 *   judgeExtractor,
 *   loadJudge,
 *   openImageFolder,
 *   runVersions,
 *   samplesHash,
 *   writeReport,
 * } from "muselab/eval";
 *
 * async function judgeFolder(folder: string, out: string): Promise<void> {
 *   const judge = await loadJudge();
 *   const wanted = emojiSamples(400, 0);
 *   const { samples, source } = await openImageFolder(folder, wanted);
 *   const protocol = emojiRecord(judge, 2000);
 *   const metrics = await executeRun({
 *     folder: out,
 *     record: {
 *       format: "muselab run",
 *       version: 1,
 *       protocol: "emoji",
 *       source,
 *       samples: { count: 400, seed: 0, hash: samplesHash(wanted) },
 *       ...protocol,
 *       block: 64,
 *       versions: runVersions(),
 *     },
 *     samples,
 *     leftOut: [],
 *     reference: {
 *       places: { kind: "scenes", size: judge.config.imageSize, count: 2000 },
 *     },
 *     extractors: [judgeExtractor(judge, protocol.networks[0])],
 *   }, { progress() {}, wait() {}, note: console.error });
 *   for (const { title, value } of metrics!.figures) console.log(title, value);
 *   await writeReport(out);
 *   await judge.release();
 * }
 * ```
 *
 * @module
 */

export {
  type BaseParts,
  type BaseQuality,
  baseQuality,
  type CaptionGain,
} from "./base_quality.ts";
export {
  type CaptionLikelihood,
  LIKELIHOOD_RATES,
  openLikelihood,
} from "./caption_likelihood.ts";
export { MASK_RATES } from "./mask_gains.ts";
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
export { type LossAtRates, lossAtRates } from "./loss_at_rates.ts";
export { AGREEMENT, LIKELIHOOD, OWN_MEASURES } from "./own_measures.ts";
export { openClipScore } from "./clip_choice.ts";
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
export {
  type Extracted,
  featuresOf,
  featuresOfPixels,
  type FeaturesOptions,
  type Looking,
  type PixelBatch,
} from "./features_of.ts";
export {
  openPictures,
  type PicturePlaces,
  type PictureSet,
} from "./pictures/picture_set.ts";
export {
  featuresOfSet,
  type SetFeatures,
  type SetFeaturesOptions,
} from "./pictures/features_of_set.ts";
export { lookAt, type LookedAt, openSource, type Source } from "./source.ts";
export {
  type PairScore,
  type PairScoreOptions,
  type PairScores,
  scorePairs,
} from "./pair_scores.ts";
export {
  clipExtractor,
  type Extractor,
  type ExtractorOptions,
  type ExtractorRecord,
  FEATURE_NAMES,
  type FeatureName,
  openExtractor,
  resizesOf,
  type Rows,
} from "./extract/extractor.ts";
export {
  type ClipResize,
  type Preparation,
  prepare,
} from "./extract/preparation.ts";
export type { DinoConfig } from "./networks/dino_config.ts";
export type { DinoPositions } from "./networks/dino_positions.ts";
export type { FeatureBatches } from "./networks/in_batches.ts";
export type {
  InceptionConfig,
  InceptionLayer,
  InceptionOutput,
} from "./networks/inception.ts";
export type { InceptionResize } from "./networks/inception_pixels.ts";
export { type Dino, type DinoOptions, loadDino } from "./networks/load_dino.ts";
export {
  type Inception,
  type InceptionOptions,
  loadInception,
} from "./networks/load_inception.ts";
export { tokenAgreement } from "./token_agreement.ts";
export {
  type DrawnQuality,
  drawnQuality,
  type SuperresolvedQuality,
} from "./drawn_quality.ts";
export { type JudgedQuality, judgedQuality } from "./judged_quality.ts";
export {
  UNSEEN_WORDS,
  type UnseenQuality,
  unseenQuality,
  type UnseenWord,
} from "./unseen_words.ts";
export {
  type Judge,
  judgePictures,
  loadJudge,
  loadProbe,
  probeDistance,
} from "./probe/judge.ts";
export type { ProbeConfig } from "./probe/config.ts";
export {
  type JudgedFigures,
  judgedFigures,
  type JudgedRate,
} from "./probe/figures.ts";
export { judged } from "./probe/measure.ts";
export type { Probe } from "./probe/probe.ts";
export { judgeQuality, type JudgeQualityOptions } from "./probe/quality.ts";
export type { Rebuild } from "./probe/stage.ts";
export type { Reading, ReadObject } from "./probe/reading.ts";
export { relationOf } from "./probe/relation.ts";
export {
  type Answer,
  judgeReading,
  type Question,
  QUESTIONS,
  type Verdict,
} from "./probe/verdict.ts";
export {
  measureModel,
  type ModelQuality,
  type ModelQualityOptions,
  type ModelTokenizerQuality,
} from "./quality.ts";
export {
  type Keeps,
  keepsPoints,
  measureBesideFloat32,
  MOST_POINTS,
  type QualityBeside,
  type QualityChange,
  qualityChanges,
  type QualityUnit,
} from "./quality_change.ts";
export {
  type SuperresParts,
  type SuperresQuality,
  superresQuality,
  type TokenGain,
} from "./superres_quality.ts";
export {
  type DecodedQuality,
  type RebuiltJudged,
  type RebuiltQuality,
  rebuiltQuality,
  type RebuiltQualityOptions,
} from "./rebuilt_quality.ts";
export {
  type Psnr,
  type QualityOptions,
  type RebuiltBatch,
  type TokenizerQuality,
  tokenizerQuality,
  type TokenizerQualityOptions,
} from "./tokenizer_quality.ts";
export {
  type CompareOptions,
  compareSets,
  CONVENTION_NAMES,
  METRIC_NAMES,
} from "./metrics/compare.ts";
export type {
  MetricFigure,
  MetricName,
  SetRecord,
} from "./metrics/metric_figure.ts";
export type { Matrix } from "./metrics/matrix.ts";
export { type Features, hashFeatures } from "./metrics/features.ts";
export {
  type Gaussian,
  gaussianOf,
  mergeMoments,
  type Moments,
  momentsOf,
} from "./metrics/moments.ts";
export { frechetDistance } from "./metrics/frechet.ts";
export { frechetBias } from "./metrics/frechet_bias.ts";
export {
  type DrawSubset,
  type FrechetInfinity,
  frechetInfinity,
  INFINITY_CONVENTIONS,
  type InfinityConvention,
  type InfinityOptions,
  type InfinityProgram,
} from "./metrics/frechet_infinity.ts";
export {
  kid,
  KID_CONVENTIONS,
  type KidConvention,
  type KidOptions,
  type KidProgram,
} from "./metrics/kid.ts";
export type { DrawPermutation } from "./metrics/permutation.ts";
export type { Spread } from "./metrics/spread.ts";
export {
  INCEPTION_SCORE_CONVENTIONS,
  inceptionScore,
  type InceptionScoreConvention,
  type InceptionScoreProgram,
  type Range,
} from "./metrics/inception_score.ts";
export {
  type BallCounting,
  type Prdc,
  prdc,
  PRDC_CONVENTIONS,
  type PrdcConvention,
  type PrdcProgram,
} from "./metrics/prdc.ts";
export { cmmd } from "./metrics/cmmd.ts";
export {
  CLIP_SCORE_CONVENTIONS,
  type ClipScore,
  clipScore,
  type ClipScoreConvention,
  type ClipScoreProgram,
} from "./metrics/clip_score.ts";
export {
  bootstrapInterval,
  type BootstrapOptions,
  type Interval,
  wilsonInterval,
} from "./metrics/intervals.ts";
export {
  readSampleSet,
  type SampleSet,
  writeFeatures,
} from "./metrics/sample_set.ts";
export {
  type Origin,
  readStatistics,
  type Statistics,
  type StatisticsRecord,
  writeStatistics,
} from "./metrics/statistics_file.ts";
export { type NpzFile, openNpz } from "./metrics/npz.ts";
export { REPORT_FILE, writeReport } from "./report/report.ts";
export {
  measureThroughput,
  type MeasureThroughputOptions,
  SYSTEM_NAMES,
} from "./throughput/throughput_of.ts";
export type { Row as ThroughputRow } from "./throughput/measure.ts";
export type { PartName } from "./throughput/part.ts";
export type { Times } from "../lib/run/timing.ts";
export {
  PUBLISHED_CAVEATS,
  PUBLISHED_TIMES,
  type PublishedTime,
} from "./throughput/published.ts";
export {
  executeRun,
  type RunDrawing,
  type RunListener,
  type RunPlan,
} from "./run/execute.ts";
export {
  type Extracted as RunExtracted,
  type Extractor as RunExtractor,
  type Pictures,
} from "./run/features.ts";
export type { BlockPreparation } from "./run/block_loader.ts";
export type { Draw, DrawingOptions } from "./run/images.ts";
export {
  type ImageFolder,
  type ImageFolderOptions,
  type Naming,
  openImageFolder,
} from "./run/image_folder.ts";
export { mergeRuns } from "./run/merge.ts";
export { readRun, type Run, runHash, samplesHash } from "./run/open_run.ts";
export type { PictureSource } from "./run/picture_source.ts";
export type { Seen } from "./run/read_blocks.ts";
export type {
  LeftOutLine,
  MetricRecord,
  NetworkRecord,
  PictureScores,
  ReferenceRecord,
  RunChoices,
  RunFigure,
  RunMetrics,
  RunRecord,
  RunScores,
  RunSetRecord,
  RunSource,
  Sample,
  Shard,
} from "./run/record_types.ts";
export { runVersions } from "./run/versions.ts";
export {
  type CaptionChoice,
  type ChoiceOptions,
  choosePairs,
} from "./protocols/choose_pairs.ts";
export {
  EMOJI_REFERENCE,
  EMOJI_SAMPLES,
  emojiRecord,
  emojiSamples,
  judgeExtractor,
} from "./protocols/emoji.ts";
export type { ListedId } from "./protocols/id_list.ts";
export {
  type OpenExtractor,
  openRunNetwork,
  type ShownOptions,
  type WantedNetwork,
} from "./protocols/networks.ts";
export {
  type PairReference,
  pairReference,
  type ReferenceChoice,
  setReference,
} from "./protocols/pairs.ts";
export type { Crop } from "./protocols/shape.ts";
