/** FID's Inception from its published file: features and classes of pictures. */

import { input } from "../../lib/graph/ops.ts";
import type { Picture } from "../../lib/image/picture.ts";
import { checkWeights } from "../../lib/run/check_weights.ts";
import { lazySessions } from "../../lib/run/lazy_sessions.ts";
import { loadWeights } from "../../lib/run/load_weights.ts";
import {
  preciseWeights,
  type RunOptions,
} from "../../lib/run/precise_weights.ts";
import type { Weights } from "../../lib/run/weights.ts";
import { type FeatureBatches, inBatches } from "./in_batches.ts";
import {
  INCEPTION_SIZE,
  type InceptionConfig,
  inceptionNetwork,
  type InceptionOutput,
} from "./inception.ts";
import { inceptionPixels, type InceptionResize } from "./inception_pixels.ts";

/** Choices when the Inception is loaded. */
export interface InceptionOptions extends RunOptions {
  /** How pictures are prepared; as pytorch-fid does by default. */
  readonly resize?: InceptionResize;
}

/** The Inception, ready to be used. */
export interface Inception {
  /** Sizes that the file tells. */
  readonly config: InceptionConfig;
  /** Width F of the features, 2048. */
  readonly width: number;
  /** n pictures of any size -> the features of FID, [n,F]. */
  features(
    pictures: readonly Picture[],
    options?: FeatureBatches,
  ): Promise<Float32Array>;
  /** Several outputs in one run: [n,width] each. */
  outputs<Name extends InceptionOutput>(
    pictures: readonly Picture[],
    names: readonly Name[],
    options?: FeatureBatches,
  ): Promise<Record<Name, Float32Array>>;
  /** As outputs(), of some pictures that are prepared: [B,3,299,299]. */
  outputsOf<Name extends InceptionOutput>(
    pixels: Float32Array,
    names: readonly Name[],
  ): Promise<Record<Name, Float32Array>>;
  /** Frees the native memory; the network can't be used afterwards. */
  release(): Promise<void>;
}

/**
 * Loads `pt_inception-2015-12-05-6726825d.pth`, or a file of the same names.
 * @throws Error if it is damaged or is another network's
 */
export async function loadInception(
  path: string,
  { resize = "torch", ...how }: InceptionOptions = {},
): Promise<Inception> {
  const own = await loadWeights(path);
  const config = inceptionConfig(path, own);
  const pixels = input("pixels", ["1B", 3, INCEPTION_SIZE, INCEPTION_SIZE]);
  const nodes = inceptionNetwork(config, pixels);
  checkWeights(path, own, Object.values(nodes));
  const weights = await preciseWeights(Object.values(nodes), own, how);
  const sessions = lazySessions("Inception", weights, how);
  const pick = <Name extends InceptionOutput, T>(
    names: readonly Name[],
    of: (name: Name) => T,
  ) =>
    Object.fromEntries(names.map((name) => [name, of(name)])) as Record<
      Name,
      T
    >;
  const run = (pixels: Float32Array, names: readonly InceptionOutput[]) =>
    sessions.run(
      [...names].sort().join(" "),
      () => pick(names, (name) => nodes[name]),
      { pixels },
    );
  const outputs: Inception["outputs"] = (pictures, names, options = {}) =>
    inBatches(
      pictures,
      pick(names, (name) => nodes[name].shape[1] as number),
      options,
      (some) => run(inceptionPixels(some, resize), names),
    );
  return {
    config,
    width: nodes["2048"].shape[1] as number,
    features: async (pictures, options) =>
      (await outputs(pictures, ["2048"], options))["2048"],
    outputs,
    async outputsOf(pixels, names) {
      const results = await run(pixels, names);
      return pick(names, (name) => results[name].data as Float32Array);
    },
    release: () => sessions.release(),
  };
}

/**
 * Sizes of the network from the shapes of its first and last layers.
 * @throws Error if there are none such
 */
export function inceptionConfig(
  path: string,
  weights: Weights,
): InceptionConfig {
  const rows = (name: string) => weights.get(name)?.shape[0];
  const channels = rows("Conv2d_1a_3x3.conv.weight");
  const classes = rows("fc.weight");
  const divisor = 32 / (channels ?? 0);
  if (classes && Number.isInteger(divisor) && 16 % divisor === 0) {
    return { divisor, classes };
  }
  throw new Error(
    `loading FID's Inception ${path}: found ` +
      `${channels ?? "no"} channels in Conv2d_1a_3x3.conv.weight and ` +
      `${classes ?? "no"} classes in fc.weight, wanted 32, or 32 divided by ` +
      `2 to 16, and some; take pt_inception-2015-12-05-6726825d.pth`,
  );
}
