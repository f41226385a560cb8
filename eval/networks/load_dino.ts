/** DINOv2 from its published files: features of pictures. */

import { dirname, join } from "node:path";
import { input } from "../../lib/graph/ops.ts";
import type { Picture } from "../../lib/image/picture.ts";
import { checkWeights } from "../../lib/run/check_weights.ts";
import { lazySessions } from "../../lib/run/lazy_sessions.ts";
import { loadWeights } from "../../lib/run/load_weights.ts";
import {
  preciseWeights,
  type RunOptions,
} from "../../lib/run/precise_weights.ts";
import { readJson } from "../../lib/text/read_json.ts";
import { dinoNetwork } from "./dino.ts";
import {
  DINO_NAMES,
  type DinoConfig,
  dinoConfig,
  dinoLayout,
} from "./dino_config.ts";
import { DINO_SIZE, dinoPixels } from "./dino_pixels.ts";
import type { DinoPositions } from "./dino_positions.ts";
import { type FeatureBatches, inBatches } from "./in_batches.ts";

/** Choices when a DINOv2 is loaded. */
export interface DinoOptions extends RunOptions {
  /**
   * How positions are stretched; as FD-DINOv2 does by default, whatever the
   * layout of the weights.
   */
  readonly positions?: DinoPositions;
}

/** A DINOv2, ready to be used. */
export interface Dino {
  /** Sizes that the file tells. */
  readonly config: DinoConfig;
  /** Width F of the features; 1024 for ViT-L/14. */
  readonly width: number;
  /** n pictures of any size -> the features of FD-DINOv2, [n,F]. */
  features(
    pictures: readonly Picture[],
    options?: FeatureBatches,
  ): Promise<Float32Array>;
  /** The same of some pictures that are prepared: [B,3,224,224]. */
  featuresOf(pixels: Float32Array): Promise<Float32Array>;
  /** Frees the native memory; the network can't be used afterwards. */
  release(): Promise<void>;
}

/**
 * Loads a DINOv2 without registers: a file of the authors' layout, such as
 * `dinov2_vitl14_pretrain.pth`, or a folder or file in the Hugging Face layout
 * with its `config.json`.
 * @throws if a file is missing or damaged, or the weights don't fit
 */
export async function loadDino(
  path: string,
  { positions = "original", ...how }: DinoOptions = {},
): Promise<Dino> {
  const own = await loadWeights(path);
  const layout = dinoLayout(own);
  const heads = layout === "huggingface" ? await readHeads(path) : undefined;
  const config = dinoConfig(path, own, heads);
  const pixels = input("pixels", ["1B", 3, DINO_SIZE, DINO_SIZE]);
  const { features } = dinoNetwork(config, pixels, layout, positions);
  // Only training hides patches.
  const { mask } = DINO_NAMES[layout];
  checkWeights(path, own, [features], (name) => name === mask);
  const weights = await preciseWeights([features], own, how);
  const sessions = lazySessions("DINOv2", weights, how);
  const run = (pixels: Float32Array) =>
    sessions.run("features", () => ({ features }), { pixels });
  return {
    config,
    width: config.width,
    features: async (pictures, options = {}) => {
      const widths = { features: config.width };
      const rows = await inBatches(
        pictures,
        widths,
        options,
        (some) => run(dinoPixels(some)),
      );
      return rows.features;
    },
    featuresOf: async (pixels) =>
      (await run(pixels)).features.data as Float32Array,
    release: () => sessions.release(),
  };
}

/** The layout doesn't tell the number of heads by its shapes. */
async function readHeads(path: string): Promise<number> {
  const { isDirectory } = await Deno.stat(path);
  const file = join(isDirectory ? path : dirname(path), "config.json");
  const json = await readJson<Record<string, unknown>>(file);
  const heads = json.num_attention_heads;
  if (typeof heads === "number" && Number.isInteger(heads) && heads > 0) {
    return heads;
  }
  throw new Error(
    `reading ${file}: "num_attention_heads" is ${JSON.stringify(heads)}, ` +
      `wanted a whole number from 1; take it from the model's folder`,
  );
}
