/** CLIP from a published checkpoint: pictures and texts as vectors. */

import { dirname, join } from "node:path";
import { input, parameter } from "../graph/ops.ts";
import type { Picture } from "../image/picture.ts";
import { checkWeights } from "../run/check_weights.ts";
import { lazySessions } from "../run/lazy_sessions.ts";
import { loadWeights } from "../run/load_weights.ts";
import { preciseWeights, type RunOptions } from "../run/precise_weights.ts";
import type { Weights } from "../run/weights.ts";
import { readWeight } from "../run/weights_together.ts";
import { loadClipTokenizer } from "../text/clip_tokenizer.ts";
import { readJson } from "../text/read_json.ts";
import { encodeTexts, type TextTokenizer } from "../text/tokenize.ts";
import { type ClipConfig, parseClipConfig } from "./config.ts";
import type { ClipLayout } from "./layout.ts";
import { isOpenAiClip, openAiClipConfig, renameOpenAiClip } from "./openai.ts";
import {
  type ChannelStatistics,
  CLIP_STATISTICS,
  type ClipConvention,
  clipPixels,
} from "./preprocess.ts";
import { parsePreprocessor } from "./preprocessor.ts";
import { clipTextTower } from "./text_tower.ts";
import { clipVisionTower } from "./vision_tower.ts";

/** How vectors are made. */
export interface ClipEncodeOptions {
  /** Pictures or texts at a time, 16 by default. Results don't change. */
  readonly batch?: number;
  /** Vectors of length 1, so that products are cosines; true by default. */
  readonly normalized?: boolean;
}

/** Both towers, ready to be used. */
export interface Clip {
  /** Sizes of both. */
  readonly config: ClipConfig;
  /** Splits texts into text ids. */
  readonly tokenizer: TextTokenizer;
  /** Width P of the vectors. */
  readonly width: number;
  /** What cosines are multiplied by before a softmax; 100 once trained. */
  readonly logitScale: number;
  /** n pictures of any size -> [n,P]. */
  encodeImages(
    pictures: readonly Picture[],
    options?: ClipEncodeOptions,
  ): Promise<Float32Array>;
  /** By which the vision tower's pictures are normalized. */
  readonly statistics: ChannelStatistics;
  /**
   * Some pictures that are prepared, as by `clipPixels`, [B,3,H,W] -> [B,P];
   * their lengths stay as they are.
   */
  encodePixels(pixels: Float32Array): Promise<Float32Array>;
  /** n texts -> [n,P]; what is longer than the tower's texts is cut. */
  encodeTexts(
    texts: readonly string[],
    options?: ClipEncodeOptions,
  ): Promise<Float32Array>;
  /** Frees the native memory; the model can't be used afterwards. */
  release(): Promise<void>;
}

/** Choices when a CLIP is loaded. */
export interface ClipOptions extends RunOptions {
  /** How pictures are prepared; as OpenAI does by default. */
  readonly convention?: ClipConvention;
}

/** What is read of a checkpoint. */
interface Checkpoint {
  readonly config: ClipConfig;
  readonly layout: ClipLayout;
  readonly weights: Weights;
  readonly tokenizer: TextTokenizer;
  readonly statistics: ChannelStatistics;
}

/**
 * Loads a CLIP of the Vision Transformers: a folder or file in the Hugging Face
 * layout (`config.json`, weights, and the tokenizer's files in one folder), or
 * a file in OpenAI's layout, such as `ViT-B-32.pt`. A tower is loaded when it
 * is first used.
 * @throws if a file is missing or damaged, or the weights don't fit
 */
export async function loadClip(
  path: string,
  { convention, ...run }: ClipOptions = {},
): Promise<Clip> {
  const { config, layout, weights: own, tokenizer, statistics } =
    await readCheckpoint(path);
  const { text, vision } = config;
  const ids = input("ids", ["1B", text.positions], "int32");
  const pixels = input("pixels", ["1B", 3, vision.size, vision.size]);
  const outputs = {
    text: clipTextTower(text, ids, layout).embedding, // [B,P]
    image: clipVisionTower(vision, pixels, layout).embedding, // [B,P]
  };
  const scale = parameter("logit_scale", []);
  const nodes = Object.values(outputs);
  checkWeights(path, own, [...nodes, scale]);
  const [logScale] = await readWeight(own.get("logit_scale")!);
  const weights = await preciseWeights(nodes, own, run);
  const sessions = lazySessions("CLIP", weights, run);
  const open = (tower: "text" | "image") =>
    sessions.open(tower, () => ({ vectors: outputs[tower] }));
  const width = text.projection;
  const encodePixels = async (pixels: Float32Array) =>
    (await (await open("image")).run({ pixels })).vectors.data as Float32Array;
  return {
    config,
    tokenizer,
    width,
    logitScale: Math.exp(logScale),
    statistics,
    encodePixels,
    encodeImages: (pictures, options) =>
      inBatches(pictures, width, options, (some) => {
        const { size } = vision;
        return encodePixels(clipPixels(some, size, { convention, statistics }));
      }),
    encodeTexts: (texts, options) =>
      inBatches(texts, width, options, async (some) => {
        const { ids } = encodeTexts(tokenizer, some, text.positions);
        return (await (await open("text")).run({ ids })).vectors.data;
      }),
    release: () => sessions.release(),
  };
}

async function readCheckpoint(path: string): Promise<Checkpoint> {
  const { isDirectory } = await Deno.stat(path);
  const folder = isDirectory ? path : dirname(path);
  const files = new Set([...Deno.readDirSync(folder)].map(({ name }) => name));
  const loaded = await loadWeights(path);
  const isOpenAi = isOpenAiClip(loaded);
  const config = isOpenAi
    ? openAiClipConfig(loaded)
    : parseClipConfig(await readJson(join(folder, "config.json")));
  const hasWords = files.has("tokenizer.json") || files.has("vocab.json");
  const tokenizer = await loadClipTokenizer(
    isOpenAi && !hasWords ? undefined : folder,
  );
  checkVocabulary(path, tokenizer, config);
  const preparing = "preprocessor_config.json";
  return {
    config,
    layout: isOpenAi ? "openai" : "huggingface",
    weights: isOpenAi ? renameOpenAiClip(loaded) : loaded,
    tokenizer,
    statistics: files.has(preparing)
      ? parsePreprocessor(
        await readJson(join(folder, preparing)),
        config.vision.size,
      )
      : CLIP_STATISTICS,
  };
}

/** The end of a text has the largest id of the vocabulary. */
function checkVocabulary(
  path: string,
  tokenizer: TextTokenizer,
  { text }: ClipConfig,
): void {
  const end = tokenizer.encode("").at(-1)!;
  if (end < text.vocabulary) return;
  throw new Error(
    `loading the CLIP ${path}: its tokenizer has ${end + 1} ids, its text ` +
      `tower ${text.vocabulary}; take both from the same model`,
  );
}

/** Runs some at a time and puts the vectors behind each other. */
async function inBatches<Item>(
  items: readonly Item[],
  width: number,
  { batch = 16, normalized = true }: ClipEncodeOptions = {},
  run: (some: readonly Item[]) => Promise<ArrayLike<number>>,
): Promise<Float32Array> {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new RangeError(
      `Cannot encode ${batch} at a time: wanted a whole number from 1`,
    );
  }
  const vectors = new Float32Array(items.length * width);
  for (let done = 0; done < items.length; done += batch) {
    vectors.set(await run(items.slice(done, done + batch)), done * width);
  }
  if (normalized) normalize(vectors, width);
  return vectors;
}

/** Divides each row by its length. */
function normalize(vectors: Float32Array, width: number): void {
  for (let start = 0; start < vectors.length; start += width) {
    const row = vectors.subarray(start, start + width);
    const length = Math.hypot(...row);
    row.forEach((value, i) => row[i] = value / length);
  }
}
