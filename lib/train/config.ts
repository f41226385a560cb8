/** What the configurations of the paper's stages say. */

import { z } from "zod";
import { BASE_FORM } from "../muse/config.ts";
import { SCHEDULE_NAMES } from "../muse/schedule.ts";
import { SUPERRES_FORM, type SuperresConfig } from "../muse/superres_config.ts";
import { VQGAN_FORM } from "../vqgan/config.ts";
import { DISCRIMINATOR_FORM } from "../vqgan/discriminator.ts";
import { COMMON, count, fraction, networkOf, weight } from "./config_form.ts";
import type { TokenCrops } from "./token_crops.ts";

/** Weights of the distances between pixels. */
const pictureLosses = { absolute: weight, squared: weight };

/** A patch discriminator that joins at a step, with its loss's weight. */
const adversarial = z.strictObject({
  start: z.int().min(0),
  weight,
  network: networkOf(DISCRIMINATOR_FORM),
}).optional();

interface Judged {
  readonly network: { readonly imageSize: number };
  readonly training: { readonly adversarial?: z.infer<typeof adversarial> };
}

/** Reports a discriminator that doesn't fit the pictures. */
function checkDiscriminator(
  { network: { imageSize }, training }: Judged,
  context: z.core.$RefinementCtx,
): void {
  if (!training.adversarial) return;
  const { stem, channels } = training.adversarial.network;
  const size = stem * 2 ** (channels.length - 1);
  if (imageSize % size === 0) return;
  context.addIssue({
    code: "custom",
    path: ["training", "adversarial", "network", "stem"],
    message: `found ${stem}, wanted one that makes, halved by all layers but ` +
      `the last, a divisor of the ${imageSize} pixels; this makes ${size}`,
  });
}

const tokenizer = z.strictObject({
  network: networkOf(VQGAN_FORM),
  training: z.strictObject({
    ...COMMON,
    losses: z.strictObject({
      ...pictureLosses,
      codebook: weight,
      commitment: weight,
    }),
    adversarial,
    /** Steps between looks for unused codes. */
    reviveEvery: count,
    /** A code not chosen within this many tokens counts as unused. */
    reviveWindow: count,
  }),
}).superRefine(checkDiscriminator);

const decoder = z.strictObject({
  network: networkOf(VQGAN_FORM),
  training: z.strictObject({
    ...COMMON,
    losses: z.strictObject(pictureLosses),
    adversarial,
  }),
}).superRefine(checkDiscriminator);

interface Cropped {
  readonly network: SuperresConfig;
  readonly training: { readonly crops?: TokenCrops };
}

/** Reports squares that the network can't be trained on. */
function checkCrops(
  { network, training: { crops } }: Cropped,
  context: z.core.$RefinementCtx,
): void {
  if (!crops) return;
  const report = (path: string[], message: string) =>
    context.addIssue({
      code: "custom",
      path: ["training", "crops", ...path],
      message,
    });
  if (!network.rotary) {
    report([], "found with learned positions, wanted a rotary network");
  }
  const { grid, lowGrid, block } = network;
  crops.grid.forEach((side, axis) => {
    const scale = grid[axis] / lowGrid[axis];
    const fits = side <= grid[axis] && side % block[axis] === 0 &&
      side % scale === 0;
    if (fits) return;
    report(
      ["grid"],
      `found ${side}, wanted a multiple of the block ${block[axis]} and of ` +
        `the ${scale} tokens that cover one, at most ${grid[axis]}`,
    );
  });
}

/** Training of a transformer on masked tokens. */
const masked = {
  ...COMMON,
  labelSmoothing: fraction,
  /** Share of the samples whose text is dropped. */
  textDropout: fraction,
  /** Most noise on a text's states, as a share of how far they lie apart. */
  textNoise: z.number().min(0).optional(),
  /** How much of each sample is hidden. */
  maskRates: z.union([
    z.enum(SCHEDULE_NAMES),
    z.strictObject({ fixed: z.number().gt(0).max(1) }),
  ]).optional(),
};

const base = z.strictObject({
  network: networkOf(BASE_FORM),
  training: z.strictObject(masked),
});

const superres = z.strictObject({
  network: networkOf(SUPERRES_FORM),
  training: z.strictObject({
    ...masked,
    /** The largest share of a picture's low-resolution tokens made wrong. */
    lowCorruption: fraction,
    /** Squares of the pictures to train on, in high-resolution tokens. */
    crops: z.strictObject({
      grid: z.tuple([count, count]).readonly(),
      perPicture: count,
    }).optional(),
  }),
}).superRefine(checkCrops);

/** The form of the stages' configurations. */
export const MUSE_CONFIGS = { tokenizer, base, superres, decoder } as const;

/** Name of a stage of the paper. */
export type MuseStage = keyof typeof MUSE_CONFIGS;
/** Configuration of the tokenizer's training. */
export type TokenizerRun = z.infer<typeof tokenizer>;
/** Configuration of the base transformer's training. */
export type BaseRun = z.infer<typeof base>;
/** Configuration of the super-resolution transformer's training. */
export type SuperresRun = z.infer<typeof superres>;
/** Configuration of the finetuning of a decoder. */
export type DecoderRun = z.infer<typeof decoder>;
