/** Networks whose features are compared, all by one form. */

import { type Clip, loadClip } from "../../lib/clip/model.ts";
import { weightsHash } from "../../lib/hub/weights_hash.ts";
import type { Precision } from "../../lib/run/precision.ts";
import type { RunOptions } from "../../lib/run/precise_weights.ts";
import {
  INCEPTION_RESIZES,
  type InceptionResize,
} from "../networks/inception_pixels.ts";
import {
  INCEPTION_LAYERS,
  type InceptionLayer,
} from "../networks/inception.ts";
import { loadDino } from "../networks/load_dino.ts";
import { loadInception } from "../networks/load_inception.ts";
import { loadProbe } from "../probe/judge.ts";
import {
  CLIP_RESIZES,
  type ClipResize,
  type Preparation,
} from "./preparation.ts";

/** Names of the networks. */
export type FeatureName = "inception" | "clip" | "dinov2" | "probe";

/** What features depend on besides the pictures. */
export interface ExtractorRecord {
  /**
   * Whose features they are; those of an inner layer of Inception are of
   * another network, such as "inception-768".
   */
  readonly network: FeatureName | `inception-${InceptionLayer}`;
  /** SHA-256 of its weights; of several files with "+" between. */
  readonly weights: string;
  /** How pictures are brought to its size. */
  readonly resize: string;
  /** In which it was computed. */
  readonly precision: Precision;
}

/** What a network says of pictures, one row each. */
export interface Rows {
  /** [B,F] */
  readonly features: Float32Array;
  /** [B,K], where it is a classifier. */
  readonly logits?: Float32Array;
}

/** A network, ready to be used. */
export interface Extractor {
  /** What its features depend on. */
  readonly record: ExtractorRecord;
  /** How pictures are prepared for it. */
  readonly preparation: Preparation;
  /** Some prepared pictures [B,3,H,W] -> their rows. */
  run(pixels: Float32Array): Promise<Rows>;
  /** Frees the native memory; it can't be used afterwards. */
  release(): Promise<void>;
}

/** Choices when a network is opened; the judge is in float32 always. */
export interface ExtractorOptions extends RunOptions {
  /** How pictures are brought to its size; the network's first by default. */
  readonly resize?: string;
  /** Inception's, by its width; the one of FID, 2048, by default. */
  readonly layer?: InceptionLayer;
}

interface Kind {
  /** Ways of bringing pictures to its size; the first is the default. */
  readonly resizes: readonly string[];
  /** `resize` is one of them. */
  open(
    path: string,
    resize: string,
    run: RunOptions,
    layer: InceptionLayer,
  ): Promise<Omit<Extractor, "record">>;
}

/** The vision tower of a CLIP that is loaded; vectors keep their lengths. */
export function clipExtractor(
  { config, statistics, encodePixels, release }: Clip,
  resize: ClipResize,
): Omit<Extractor, "record"> {
  const { size } = config.vision;
  return {
    preparation: { kind: "clip", resize, size, statistics },
    run: async (pixels) => ({ features: await encodePixels(pixels) }),
    release,
  };
}

/** Makes a table's keys the names of what they do. */
const keys = <K extends string>(table: Readonly<Record<K, unknown>>): K[] =>
  Object.keys(table) as K[];

const KINDS: Readonly<Record<FeatureName, Kind>> = {
  inception: {
    resizes: keys(INCEPTION_RESIZES),
    async open(path, resize, run, layer) {
      const network = await loadInception(path, run);
      const names = [layer, "logits_unbiased"] as const;
      return {
        preparation: {
          kind: "inception",
          resize: resize as InceptionResize,
        },
        async run(pixels) {
          const rows = await network.outputsOf(pixels, names);
          return { features: rows[layer], logits: rows.logits_unbiased };
        },
        release: network.release,
      };
    },
  },
  clip: {
    resizes: keys(CLIP_RESIZES),
    open: async (path, resize, run) =>
      clipExtractor(await loadClip(path, run), resize as ClipResize),
  },
  dinov2: {
    resizes: ["dgm-eval"],
    async open(path, _, run) {
      const network = await loadDino(path, run);
      return {
        preparation: { kind: "dinov2" },
        run: async (pixels) => ({ features: await network.featuresOf(pixels) }),
        release: network.release,
      };
    },
  },
  probe: {
    resizes: ["square"],
    async open(path, _, run) {
      const network = await loadProbe(path, run);
      return {
        preparation: { kind: "probe", size: network.config.imageSize },
        async run(pixels) {
          const { data } = await network.featuresOf(pixels);
          return { features: data as Float32Array };
        },
        release: network.release,
      };
    },
  },
};

/** The layer of FID. */
const WHOLE: InceptionLayer = "2048";

/** The networks. */
export const FEATURE_NAMES: readonly FeatureName[] = keys(KINDS);

/** Ways of bringing pictures to a network's size; the first is the default. */
export function resizesOf(name: FeatureName): readonly string[] {
  return KINDS[name].resizes;
}

/**
 * Opens a network by the path of its weights.
 *
 * @throws RangeError for a way to resize that isn't one of
 * {@linkcode resizesOf}, and for a judge in another precision than float32
 * @throws Error if a file is missing or damaged, or is another network's
 */
export async function openExtractor(
  name: FeatureName,
  path: string,
  { resize, layer = WHOLE, ...run }: ExtractorOptions = {},
): Promise<Extractor> {
  const { resizes, open } = KINDS[name];
  const chosen = resize ?? resizes[0];
  if (!resizes.includes(chosen)) {
    throw new RangeError(
      `Cannot prepare pictures for ${name} by ${chosen}: wanted one of ` +
        resizes.join(", "),
    );
  }
  const { precision = "fp32" } = run;
  if (name === "probe" && precision !== "fp32") {
    throw new RangeError(
      `Cannot compute ${name} in ${precision}: a judge reads in fp32, in ` +
        `which it was found to read well`,
    );
  }
  if (layer !== WHOLE && (name !== "inception" || !isLayer(layer))) {
    throw new RangeError(
      `Cannot take the layer ${layer} of ${name}: wanted one of Inception's, ` +
        INCEPTION_LAYERS.join(", "),
    );
  }
  const opened = await open(path, chosen, run, layer);
  const weights = await weightsHash(path);
  return {
    ...opened,
    record: {
      network: layer === WHOLE ? name : `inception-${layer}`,
      ...{ weights, resize: chosen, precision },
    },
  };
}

const isLayer = (name: string) =>
  INCEPTION_LAYERS.some((known) => known === name);
