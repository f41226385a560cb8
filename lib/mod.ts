/**
 * Muselab: Muse, text-to-image generation by masked generative transformers
 * (arXiv 2301.00704), laid open step by step.
 *
 * ```ts
 * import { generate, loadMuse, show } from "muselab";
 *
 * const muse = await loadMuse();
 * const { pictures } = await generate(muse, ["a red apple"], { seed: 1 });
 * show(pictures);
 * ```
 *
 * Shapes: B batch, T text length, E text width, N tokens of a picture, K codes,
 * H W pixels.
 *
 * @module
 */

// From prompts to pictures in one call.
export { generate, type Generated } from "./muse/generate.ts";
export {
  DEFAULTS,
  type GeneratedSeconds,
  type GenerateOptions,
  loadMuse,
  type LoadOptions,
  type Model,
  type Muse,
  openMuse,
  tokensToPictures,
} from "./muse/pipeline.ts";

// Edits of a picture by a prompt: in a region, around it, or all of it.
export {
  type Edited,
  editMaskFree,
  type FreelyEdited,
  inpaint,
  type KeptPictures,
  outpaint,
  vary,
} from "./muse/edits.ts";
export type { Editor, EditSeconds } from "./muse/edit_picture.ts";
export {
  FREE_EDIT_DEFAULTS,
  type FreeEditOptions,
  type InpaintOptions,
  type Margins,
  type VaryOptions,
} from "./muse/edit_options.ts";
export type { Window } from "./muse/edit_window.ts";
export {
  resample,
  type ResampleOptions,
  type ResampleStart,
  type ResampleState,
} from "./muse/resample.ts";

// aMUSEd and what was finetuned of it, from the files that diffusers reads.
export {
  AMUSED_TOKEN,
  type AmusedModel,
  type AmusedOptions,
  loadAmused,
} from "./amused/load.ts";
export {
  AMUSED_DEFAULTS,
  AMUSED_INPAINT,
  amusedBest,
  guidanceOf,
} from "./amused/options.ts";
export {
  imageToImage,
  inpaintWhole,
  type WholeEdited,
} from "./amused/edits.ts";
export type { AdapterFile } from "./amused/adapters.ts";
export type { Variant } from "./amused/folder.ts";
export type { MicroConditions } from "./amused/model.ts";

// baaivision's Muse, from the files that its authors and MAGE's published.
export { type BaaiOptions, loadBaai } from "./baai/load.ts";
export { type BaaiFiles, baaiFiles } from "./baai/files.ts";
export type { BaaiModelOptions } from "./baai/model.ts";
export { BAAI_DEFAULTS, baaiSettings } from "./baai/options.ts";

// The same step by step, on tensors: prompt -> states -> tokens -> pictures.
export {
  type EncodedText,
  encodeText,
  type TextTensors,
} from "./text/tensors.ts";
export { detokenize, tokenize } from "./vqgan/tensors.ts";
export {
  blankTokens,
  decode,
  decodeStep,
  type DecodeTensors,
  disposeState,
  maskTokens,
  startDecode,
  stateArrays,
  type StateTensors,
  type Tensor2D,
  type TensorStart,
} from "./muse/tensors.ts";
export {
  predictor,
  superResolve,
  type TensorSuperresInput,
} from "./muse/conditioned.ts";
export {
  SUPERRES_DEFAULTS,
  type SuperresOptions,
} from "./muse/superres_defaults.ts";
export type { DecodeStart, DecodeState } from "./muse/decode_state.ts";
export type {
  Predict,
  Prediction,
  PredictRequest,
  StepOptions,
} from "./muse/decode.ts";
export type { BestOf, Candidates, Score } from "./muse/best_of.ts";
export { choosePositions } from "./muse/choose.ts";
export { haltonOrder } from "./muse/halton.ts";
export { type Remask, REMASK_NAMES, type RemaskName } from "./muse/remask.ts";
export {
  type Sampler,
  SAMPLER_NAMES,
  type SamplerName,
} from "./muse/sampler.ts";
export { type Guidance, guidanceAt, guide } from "./muse/guidance.ts";
export type { DrawOptions } from "./muse/options.ts";
export type { PerStep } from "./muse/per_step.ts";
export { type PresetName, PRESETS } from "./muse/presets.ts";
export { samplingMaskRate } from "./muse/mask.ts";
export { maskRateAt, type MaskRates, PAPER_RATES } from "./muse/mask_rates.ts";
export {
  FLOAT32_SCHEDULE_NAMES,
  type Float32ScheduleName,
  maskedCounts,
  maskedFraction,
  type Schedule,
  SCHEDULE_NAMES,
  type ScheduleName,
} from "./muse/schedule.ts";

// Looking into the base transformer.
export {
  activations,
  attentionMaps,
  type AttentionReading,
  type Reading,
} from "./muse/activations.ts";
export { tokenEntropy } from "./muse/entropy.ts";
export type { BaseLayer, BaseNodes } from "./muse/transformer.ts";
export { textPieces } from "./text/encode.ts";

// The networks.
export {
  type BaseModel,
  loadBaseModel,
  type PromptStates,
  type TokenModel,
} from "./muse/model.ts";
export type { SamplerOptions } from "./muse/sample_graph.ts";
export {
  type BaseConfig,
  maskId,
  tokenCount,
  type TokenSizes,
} from "./muse/config.ts";
export {
  loadSuperresModel,
  type SuperresModel,
} from "./muse/superres_model.ts";
export type { SuperresConfig } from "./muse/superres_config.ts";
export type { Superres } from "./muse/enlarge.ts";
export { loadTokenizer } from "./vqgan/load.ts";
export { codebook, latents, type OpenTokenizer } from "./vqgan/look.ts";
export type { Tokenizer } from "./vqgan/model.ts";
export type { Extent, VqganConfig } from "./vqgan/config.ts";
export {
  loadTextEncoder,
  type PromptEncoder,
  type PromptEncoderOptions,
  type TextModel,
  type TextStates,
} from "./text/encode.ts";
export type { TextTokenizer } from "./text/tokenize.ts";
export {
  type Clip,
  type ClipEncodeOptions,
  type ClipOptions,
  loadClip,
} from "./clip/model.ts";
export type {
  ClipActivation,
  ClipConfig,
  ClipPooling,
  ClipStack,
  ClipTextConfig,
  ClipVisionConfig,
} from "./clip/config.ts";
export type { ChannelStatistics, ClipConvention } from "./clip/preprocess.ts";

// Small models that learn while one looks on.
export {
  type BaseTrainer,
  openBaseTrainer,
  TRAINER_DEFAULTS,
  type TrainerOptions,
} from "./train/trainer.ts";
export type {
  MaskedTraining,
  TokenBatch,
  TokenSource,
} from "./train/masked_stage.ts";
export type { TrainingTime } from "./train/training_time.ts";
export type { OptimizerOptions } from "./train/step.ts";
export type { AdamWOptions } from "./train/adamw.ts";
export type { MuonOptions } from "./train/muon.ts";

// Published checkpoints: found here, or downloaded.
export {
  findCheckpoint,
  type FindOptions,
  type FoundCheckpoint,
} from "./hub/find.ts";
export { pullCheckpoint, type PullOptions } from "./hub/pull.ts";
export type { WebOptions } from "./hub/request.ts";
export type { PullProgress } from "./hub/pull_step.ts";
export type { CheckpointOptions } from "./hub/catalogue.ts";
export type {
  AddressedFile,
  Checkpoint,
  Described,
  PublishedFile,
} from "./hub/checkpoint.ts";
export type { HubSettings } from "./hub/settings.ts";

// Graphs: built once, then run by ONNX Runtime, interpreted, differentiated.
/** Builders of graphs, one for each operation. */
export * as graph from "./graph/ops.ts";
export { B, type BatchDim, type Dim, type Shape } from "./graph/dim.ts";
export { grad } from "./graph/grad.ts";
export type { Node } from "./graph/node.ts";
export type { Operand } from "./graph/ops.ts";
export type {
  Attributes,
  Convolution,
  DType,
  None,
  Op,
  OpKind,
  OpOf,
  Padding,
  Pooling,
  Reduction,
  Values,
} from "./graph/op.ts";
export { printGraph } from "./graph/print.ts";
export {
  createSession,
  type HostTensor,
  type Session,
  type SessionOptions,
  type ThreadOptions,
} from "./run/session.ts";
export type { RunOptions } from "./run/precise_weights.ts";
export { type Precision, PRECISIONS } from "./run/precision.ts";
export { type Device, DEVICES } from "./run/device.ts";
export { knownDevices } from "./run/on_device.ts";
export { compute, type ComputeOptions, type Executor } from "./run/compute.ts";
export { interpret, type TfFeed } from "./run/interpret.ts";
export { checkWeights } from "./run/check_weights.ts";
export { loadWeights, type LoadWeightsOptions } from "./run/load_weights.ts";
export {
  openTorch,
  type TorchFile,
  type TorchInfo,
  type TorchOptions,
} from "./run/torch_file.ts";
export { readTorchTensor } from "./run/torch_read.ts";
export {
  torchAsSafetensors,
  type TorchCopyOptions,
} from "./run/torch_convert.ts";
export type {
  SafetensorsArray,
  SafetensorsArrays,
  SafetensorsDtype,
} from "./run/safetensors_header.ts";
export type { FileStretch } from "./run/stretch.ts";
export type { Weight, Weights } from "./run/weights.ts";
export { readWeight } from "./run/weights_together.ts";
export { tf } from "./run/tf.ts";

// Pictures, and chance.
export { decodeImage } from "./image/decode.ts";
export { decodeMask } from "./image/decode_mask.ts";
export { encodePng, readPngText } from "./image/encode.ts";
export { type Box, boxMask, type PixelMask } from "./image/pixel_mask.ts";
export {
  createPicture,
  fromUnit,
  type Picture,
  toUnit,
} from "./image/picture.ts";
export { createPlanes, type Planes, toPlanes } from "./image/planes.ts";
export { resize, type ResizeFilter, resizeTorchBytes } from "./image/resize.ts";
export {
  resizePlanes,
  resizePlanesTf1,
  resizePlanesTorch,
} from "./image/resize_planes.ts";
export { contactSheet, type SheetOptions } from "./image/sheet.ts";
export {
  type Displayed,
  type MediaBundle,
  picturesOf,
  show,
} from "./plot/show.ts";
export {
  type Figure,
  type FigureBundle,
  plot,
  type PlotOptions,
} from "./plot/figure.ts";
export { animate, type Frame } from "./plot/film.ts";
export {
  type Display,
  type LiveFigure,
  liveFigure,
  type ProgressBar,
  progressBar,
  type ProgressOptions,
} from "./plot/live.ts";
export {
  attentionPanel,
  type DecodedStep,
  decodeFrames,
  guidanceChart,
  keptChart,
  scheduleChart,
} from "./plot/decode_charts.ts";
export {
  lossChart,
  type LossCurve,
  type PartSeconds,
  sampleSizeChart,
  type SizedFigure,
  timeBars,
  type TradeOff,
  tradeOffChart,
} from "./plot/run_charts.ts";
export type {
  BarChart,
  BarSeries,
  Chart,
  ChartAxis,
  ChartPoint,
  ChartSeries,
  Panel,
  PicturePanel,
  StateScale,
  TokenMap,
  ValueScale,
} from "./plot/panel.ts";
export type {
  Json,
  PlotlyFigure,
  PlotlyFrame,
  PlotlyPart,
} from "./plot/plotly.ts";
export {
  confidenceMap,
  coverUnknown,
  type Grid,
  type Rgb,
  tokenMap,
} from "./plot/token_maps.ts";
export {
  type StepPictures,
  stepPictures,
  type Trace,
  type TracedState,
  type TraceStage,
  type TraceStep,
  traceStep,
} from "./plot/trace.ts";
export { traceHtml } from "./plot/trace_html.ts";
export { createRng, restoreRng, type Rng } from "./run/random.ts";
