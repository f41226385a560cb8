/** Networks of a run, by the extractors of pictures of any size. */

import { loadClip } from "../../lib/clip/model.ts";
import type { ThreadOptions } from "../../lib/run/session.ts";
import { type FeatureName, openExtractor } from "../extract/extractor.ts";
import { featuresOfPixels, type PixelBatch } from "../features_of.ts";
import { preparer } from "../run/block_loader.ts";
import { captionText } from "../metrics/clip_score.ts";
import type { Extracted, Extractor, Pictures } from "../run/features.ts";
import type { Sample } from "../run/record.ts";
import type { Crop } from "./shape.ts";

/** A network that a run is to have. */
export interface WantedNetwork {
  /** In the run, such as "clip-vit-base-patch32". */
  readonly name: string;
  /** Whose features. */
  readonly kind: FeatureName;
  /** Of its weights. */
  readonly path: string;
  /** How pictures are brought to its size; the network's first by default. */
  readonly resize?: string;
  /** Whether CLIP reads the captions of the samples too; not by default. */
  readonly captions?: boolean;
  /** What it reads before each; nothing by default. */
  readonly prefix?: string;
}

/** How pictures of a run are shown, and what they are of. */
export interface ShownOptions extends ThreadOptions {
  /** How they become squares. */
  readonly crop: Crop;
  /** Pixels of a side. */
  readonly side: number;
  /** Whose captions are read, where they are. */
  readonly samples: readonly Sample[];
}

/** A network of a run that is to be released at its end. */
export interface OpenExtractor extends Extractor {
  /** Frees the native memory. */
  release(): Promise<void>;
}

/**
 * Opens a network.
 *
 * @throws Error if a file is missing or damaged, or is another network's
 */
export async function openRunNetwork(
  { name, kind, path, resize, captions, prefix }: WantedNetwork,
  { crop, side, samples, ...threads }: ShownOptions,
): Promise<OpenExtractor> {
  const extractor = await openExtractor(kind, path, {
    ...threads,
    ...(resize === undefined ? {} : { resize }),
  });
  const texts = captions ? await loadClip(path, threads) : undefined;
  const { record, preparation } = extractor;
  const how = { shape: { crop, side }, preparation };
  const prepare = preparer(how);

  async function extract(
    indices: readonly number[],
    pixels: Float32Array,
    set: Pictures["set"],
  ): Promise<Extracted> {
    const count = indices.length;
    const { features, logits } = await featuresOfPixels(
      extractor,
      batchesOf(count, pixels),
    );
    const rows = { features, ...(logits ? { logits } : {}) };
    if (!texts || set === "reference") return { rows };
    const data = await texts.encodeTexts(
      indices.map((index) =>
        captionText((prefix ?? "") + samples[index].caption, record.resize)
      ),
    );
    return { rows: { ...rows, texts: { count, width: texts.width, data } } };
  }

  return {
    network: {
      ...{ name, kind, hash: record.weights, resize: record.resize },
      ...(prefix !== undefined && { prefix }),
    },
    prepared: { how, extract },
    extract: (seen, set) =>
      extract(
        seen.map(({ index }) => index),
        prepare(seen.map(({ picture }) => picture)),
        set,
      ),
    async release() {
      await Promise.all([extractor.release(), texts?.release()]);
    },
  };
}

/** Pictures that a network looks at in one go. */
const BATCH = 16;

async function* batchesOf(
  count: number,
  pixels: Float32Array,
): AsyncGenerator<PixelBatch> {
  const length = pixels.length / count;
  for (let start = 0; start < count; start += BATCH) {
    const end = Math.min(start + BATCH, count);
    const some = pixels.subarray(start * length, end * length);
    yield { count: end - start, pixels: some };
  }
}
