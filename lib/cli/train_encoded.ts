/** Pairs as tokens and states: as they are needed, or computed once. */

import {
  cachedBatches,
  type EncodedBatch,
} from "../../datasets/cached/batches.ts";
import { openTextCache } from "../../datasets/cached/texts.ts";
import { openTokenCache } from "../../datasets/cached/tokens.ts";
import type { LeftOut } from "../../datasets/files/place.ts";
import type { PairSet } from "../../datasets/pairs/pair.ts";
import { embeddedPath, measureFile } from "../hub/embedded.ts";
import { encodeText } from "../text/encode.ts";
import { withProgress } from "./status.ts";
import type {
  CaptionedBatch,
  EncodedStream,
  Encoders,
  TrainData,
} from "./train_data.ts";

/** Encodes the same pairs at the size of each tokenizer. */
async function encodeBatches(
  batches: readonly CaptionedBatch[],
  { tokenizers, encoder }: Encoders,
): Promise<EncodedBatch> {
  const tokens: Int32Array[] = [];
  for (const [i, tokenizer] of tokenizers.entries()) {
    tokens.push(await tokenizer.encode(batches[i].pixels));
  }
  const { states, mask } = await encodeText(encoder, batches[0].captions);
  return { tokens, states, textMask: mask };
}

const sizes = ({ tokenizers }: Encoders) =>
  tokenizers.map(({ config }) => config.imageSize);

/** The pairs to show the progress by. */
async function encodeShown(
  data: Pick<TrainData, "shown">,
  batch: number,
  encoders: Encoders,
): Promise<EncodedBatch | undefined> {
  if (!data.shown) return undefined;
  const batches: CaptionedBatch[] = [];
  for (const size of sizes(encoders)) {
    batches.push(await data.shown(size, batch));
  }
  return await encodeBatches(batches, encoders);
}

/** Encodes each batch when it is asked for. */
export function encodeLive(
  data: Pick<TrainData, "pictures" | "shown">,
  batch: number,
  encoders: Encoders,
): EncodedStream {
  const streams = sizes(encoders).map((size) => data.pictures(size, batch));
  const at = async (position: number) =>
    await encodeBatches(
      await Promise.all(streams.map((stream) => stream.at(position))),
      encoders,
    );
  return {
    at,
    shown: async () => await encodeShown(data, batch, encoders) ?? await at(0),
    close() {
      for (const stream of streams) stream.close();
    },
  };
}

/** The pairs that are encoded once. */
export interface CachedPairs {
  readonly set: PairSet;
  /** Those to train on. */
  readonly indices: readonly number[];
  readonly seed: number;
  /** Hears of pictures that can't be read. */
  leaveOut(broken: readonly LeftOut[]): void;
}

/** Encodes all pairs, or finds what an earlier run encoded. */
export async function encodeOnce(
  data: Pick<TrainData, "shown">,
  { set, indices, seed, leaveOut }: CachedPairs,
  batch: number,
  encoders: Encoders,
): Promise<EncodedStream> {
  const { tokenizers, hashes, encoder, signal } = encoders;
  const tokens = [];
  for (const [i, tokenizer] of tokenizers.entries()) {
    const what = `tokens of pictures of ${tokenizer.config.imageSize} px`;
    const cache = await openTold(
      what,
      signal,
      (options) => openTokenCache(set, tokenizer, hashes[i], options),
    );
    leaveOut(cache.broken);
    tokens.push(cache);
  }
  const hash = await textHash();
  const texts = await openTold(
    "states of captions",
    signal,
    (options) => openTextCache(set, encoder, hash, options),
  );
  const source = cachedBatches({ set, indices, seed, batch, tokens, texts });
  return {
    at: source.at,
    shown: async () =>
      await encodeShown(data, batch, encoders) ?? await source.at(0),
    close() {},
  };
}

/** Opens a cache, and tells how it goes. */
async function openTold<Cache extends { readonly computed: number }>(
  what: string,
  signal: AbortSignal,
  open: (options: {
    readonly signal: AbortSignal;
    onProgress(done: number, total: number): void;
  }) => Promise<Cache>,
): Promise<Cache> {
  const cache = await withProgress(
    `${what}:`,
    (onProgress) => open({ signal, onProgress }),
  );
  const how = cache.computed > 0 ? "computed" : "found in the cache";
  console.log(`${what}: ${how}`);
  return cache;
}

/** SHA-256 of the files of the text encoder, in a row. */
async function textHash(): Promise<string> {
  const folder = embeddedPath("text");
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => /\.(?:json|safetensors)$/.test(name)).sort();
  const files = await Promise.all(
    names.map((name) => measureFile(`${folder}/${name}`)),
  );
  return files.map(({ sha256 }) => sha256).join(" ");
}
