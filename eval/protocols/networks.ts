/** Networks of a run, by the extractors of pictures of any size. */

import { loadClip } from "../../lib/clip/model.ts";
import type { ThreadOptions } from "../../lib/run/session.ts";
import { type FeatureName, openExtractor } from "../extract/extractor.ts";
import { featuresOf } from "../features_of.ts";
import type { Extractor } from "../run/features.ts";
import type { Sample } from "../run/record.ts";
import { type Crop, shaped } from "./shape.ts";

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
}

/** How pictures of a run are shown, and what they are of. */
export interface ShownOptions extends ThreadOptions {
  /** How they become squares. */
  readonly crop: Crop;
  /** Pixels of a side. */
  readonly side: number;
  /** Whose captions CLIP reads. */
  readonly samples: readonly Sample[];
}

/** A network of a run that is to be released at its end. */
export interface OpenExtractor extends Extractor {
  /** Frees the native memory. */
  release(): Promise<void>;
}

/**
 * Opens a network. CLIP reads the captions of the samples too.
 *
 * @throws Error if a file is missing or damaged, or is another network's
 */
export async function openRunNetwork(
  { name, kind, path, resize }: WantedNetwork,
  { crop, side, samples, ...threads }: ShownOptions,
): Promise<OpenExtractor> {
  const extractor = await openExtractor(kind, path, {
    ...threads,
    ...(resize === undefined ? {} : { resize }),
  });
  const texts = kind === "clip" ? await loadClip(path, threads) : undefined;
  const { record } = extractor;
  return {
    network: { name, kind, hash: record.weights, resize: record.resize },
    async extract(seen, set) {
      const pictures = seen.map(({ picture }) => shaped(picture, crop, side));
      const { features, logits } = await featuresOf(extractor, pictures);
      const rows = { features, ...(logits ? { logits } : {}) };
      if (!texts || set === "reference") return { rows };
      const captions = seen.map(({ index }) => samples[index].caption);
      const data = await texts.encodeTexts(captions);
      const { width } = texts;
      return { rows: { ...rows, texts: { count: seen.length, width, data } } };
    },
    async release() {
      await Promise.all([extractor.release(), texts?.release()]);
    },
  };
}
