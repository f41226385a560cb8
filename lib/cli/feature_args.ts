/** The options of commands that show pictures to a network. */

import type { LeftOut } from "../../datasets/files/place.ts";
import {
  type Extractor,
  FEATURE_NAMES,
  type FeatureName,
  openExtractor,
  resizesOf,
} from "../../eval/extract/extractor.ts";
import {
  INCEPTION_LAYERS,
  type InceptionLayer,
} from "../../eval/networks/inception.ts";
import type { PictureSet } from "../../eval/pictures/picture_set.ts";
import { countOf } from "../../eval/pictures/picture_set.ts";
import { lookAt, type LookedAt } from "../../eval/source.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { checkpointPath } from "./checkpoint_path.ts";
import { tellSprites } from "./emoji.ts";
import { UsageError } from "./errors.ts";
import { LOOKING_USAGE, readRuntime, RUNTIME_OPTIONS } from "./runtime_args.ts";
import { withProgress } from "./status.ts";
import { readKnown, readWhole } from "./values.ts";

/** Their kinds, for `readOptions()`. */
export const FEATURE_OPTIONS = {
  features: "value",
  layer: "value",
  resize: "value",
  weights: "value",
  batch: "value",
  ...RUNTIME_OPTIONS,
  "skip-broken": "flag",
  yes: "flag",
} as const;

/** Their part of a command's help. */
export const FEATURE_HELP =
  `  --features NAME     the network: inception, clip, dinov2 or probe (inception)
  --layer N           of inception: 64, 192, 768 or 2048 numbers (2048, FID's)
  --resize NAME       how pictures are brought to its size; inception: torch
                      (pytorch-fid, the default), tf1 (torch-fidelity), clean
                      (clean-fid) or torchmetrics; clip: openai or cmmd
  --weights PATH      its weights, or the name of a checkpoint, in place of the
                      published ones: fid-inception,
                      clip-vit-large-patch14-336, dinov2-vitl14; probe: the
                      judge of the repository
  --batch N           pictures at a time (16); no figure changes
${LOOKING_USAGE}
  --skip-broken       leave out pictures that can't be read, and list them; the
                      first one ends the command otherwise, as it does
                      pytorch-fid, clean-fid and torch-fidelity
  --yes               download weights that are missing without asking`;

/** What the options say. */
export interface FeatureRequest {
  /** The network; inception unless another is named. */
  readonly features?: FeatureName;
  /** Inception's. */
  readonly layer?: InceptionLayer;
  readonly resize?: string;
  readonly weights?: string;
  readonly batch?: number;
  /** How it is run. */
  readonly run: RunOptions;
  readonly skipBroken: boolean;
  readonly yes: boolean;
}

/** Values as `readOptions()` gives them. */
type Values = {
  readonly [N in keyof typeof FEATURE_OPTIONS]:
    typeof FEATURE_OPTIONS[N] extends "flag" ? boolean : string | undefined;
};

/** Reads them. @throws UsageError */
export function readFeatureArgs(values: Values): FeatureRequest {
  const { features, layer, resize, weights, batch } = values;
  return {
    ...(features === undefined
      ? {}
      : { features: readKnown("features", features, FEATURE_NAMES) }),
    ...(layer === undefined
      ? {}
      : { layer: readKnown("layer", layer, INCEPTION_LAYERS) }),
    ...(resize === undefined ? {} : { resize }),
    ...(weights === undefined ? {} : { weights }),
    ...(batch === undefined ? {} : { batch: readWhole("batch", batch, 1) }),
    run: readRuntime(values),
    skipBroken: values["skip-broken"],
    yes: values.yes,
  };
}

/**
 * Opens a network.
 *
 * @throws UsageError for a way to resize, a layer or a precision that it
 * doesn't have
 * @throws Error if its weights aren't here and may not be downloaded
 */
export async function openFeatures(
  name: FeatureName,
  { layer, resize, weights, run, yes }: FeatureRequest,
): Promise<Extractor> {
  const resizes = resizesOf(name);
  if (resize !== undefined && !resizes.includes(resize)) {
    throw new UsageError(
      `--resize is one of ${resizes.join(", ")} for ${name}, not "${resize}".`,
    );
  }
  if (name === "probe" && (run.precision ?? "fp32") !== "fp32") {
    throw new UsageError("the judge reads in fp32; leave out --precision.");
  }
  if (layer !== undefined && name !== "inception") {
    throw new UsageError(`--layer is of inception, not of ${name}.`);
  }
  const path = await checkpointPath(name, weights, yes);
  return await openExtractor(name, path, {
    ...run,
    ...(layer === undefined ? {} : { layer }),
    ...(resize === undefined ? {} : { resize }),
  });
}

/** Shows a set to a network, with its progress. */
export async function lookWithStatus(
  extractor: Extractor,
  pictures: PictureSet,
  { batch, skipBroken }: FeatureRequest,
): Promise<LookedAt> {
  const total = countOf(pictures);
  const what = `${extractor.record.network} looked at`;
  return await withProgress(what, (onProgress) =>
    lookAt(extractor, pictures, {
      ...(batch === undefined ? {} : { batch }),
      skipBroken,
      onArt: tellSprites,
      onProgress: (done) => onProgress(done, total),
    }));
}

/** What was left out of a set, in words; nothing if all was read. */
export function brokenText(
  name: string,
  broken: readonly LeftOut[],
): string | undefined {
  if (broken.length === 0) return undefined;
  return [
    `left out of ${name} ${broken.length} that can't be read:`,
    ...broken.map(({ reason }) => `  ${reason}`),
  ].join("\n");
}
