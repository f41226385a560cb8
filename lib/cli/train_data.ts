/** What `train` trains on, as the command line says and as stages read it. */

import type { EncodedBatch } from "../../datasets/cached/batches.ts";
import type { BatchStream } from "../../datasets/worker_stream.ts";
import type { PromptEncoder } from "../text/encode.ts";
import type { PictureSource } from "../train/picture_stage.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import { UsageError } from "./errors.ts";
import { readShare, readText } from "./values.ts";

/** Pairs of pictures and captions to train on, in place of emoji scenes. */
export interface DataRequest {
  readonly data: string;
  readonly crop: "centre" | "random";
  readonly flip: boolean;
  /** Share of the pairs that is kept out. */
  readonly validation: number;
}

/** The options that it is read from. */
export const DATA_OPTIONS = {
  data: "value",
  crop: "value",
  flip: "flag",
  validation: "value",
} as const;

/** Their part of the help. */
export const DATA_USAGE: string = `\
  --data DATA            what to train on (emoji): coco, cc3m, a folder of
                         pictures with a .txt beside each, captions.jsonl, .csv
                         or x-*.tar; \`datasets --help\` says more
  --crop centre|random   which square of a picture of --data (centre)
  --flip                 mirror half of the pictures; captions that say left or
                         right are wrong then
  --validation SHARE     pairs of --data to keep out of training (0.05)`;

/**
 * Reads and checks them.
 * @returns undefined for emoji
 */
export function readData(values: {
  readonly data: string | undefined;
  readonly crop: string | undefined;
  readonly flip: boolean;
  readonly validation: string | undefined;
}): DataRequest | undefined {
  const data = readText("data", values.data) ?? "emoji";
  if (data === "emoji") {
    for (const option of ["crop", "flip", "validation"] as const) {
      if (!values[option]) continue;
      throw new UsageError(`--${option} is for --data other than emoji.`);
    }
    return undefined;
  }
  const { crop = "centre", flip, validation = "0.05" } = values;
  if (crop !== "centre" && crop !== "random") {
    throw new UsageError(`--crop is centre or random, not "${crop}".`);
  }
  return { data, crop, flip, validation: readShare("validation", validation) };
}

/** Pictures [B,3,H,W] in -1..1 with their captions. */
export interface CaptionedBatch {
  readonly pixels: Float32Array;
  readonly captions: readonly string[];
}

/** What makes tokens and states of pairs. */
export interface Encoders {
  /** Those that a stage learns the tokens of. */
  readonly tokenizers: readonly Tokenizer[];
  /** SHA-256 of their files. */
  readonly hashes: readonly string[];
  readonly encoder: PromptEncoder;
  readonly signal: AbortSignal;
}

/** Batches of tokens and states. */
export interface EncodedStream extends BatchStream<EncodedBatch> {
  /** A batch to show the progress by. */
  shown(): Promise<EncodedBatch>;
}

/** What stages are fed with. */
export interface TrainData {
  /** What a checkpoint keeps of it, as JSON; undefined for emoji. */
  readonly record: string | undefined;
  /** Prompts to show the progress by. */
  readonly prompts: readonly string[];
  /** Pictures to train on, by the number of the batch. */
  pictures(size: number, batch: number): BatchStream<CaptionedBatch>;
  /** Pictures that are kept out of training, if there are such. */
  shown?(size: number, batch: number): Promise<CaptionedBatch>;
  /** The same pairs as tokens and states. */
  encoded(batch: number, encoders: Encoders): Promise<EncodedStream>;
  /** Writes into a run's folder what it is trained on. */
  writeRecord(folder: string): Promise<void>;
}

/** What a transformer's stage reads: encoded batches, under its own names. */
export function encodedSource<Batch>(
  { shown }: TrainData,
  encoded: EncodedStream,
  named: (batch: EncodedBatch) => Batch,
): { at(position: number): Promise<Batch>; shown?(): Promise<Batch> } {
  return {
    at: async (position) => named(await encoded.at(position)),
    ...(shown && { shown: async () => named(await encoded.shown()) }),
  };
}

/** Pictures as the stages read them that need no captions. */
export function pictureSource(
  { pictures, shown }: TrainData,
  size: number,
  batch: number,
): PictureSource & { close(): void } {
  const { at, close } = pictures(size, batch);
  return { at, close, ...(shown && { shown: () => shown(size, batch) }) };
}
