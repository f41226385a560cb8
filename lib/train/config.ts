/** Training configurations as files, checked when they are read. */

import { z } from "zod";
import { SCHEDULE_NAMES } from "../muse/schedule.ts";
import { superresFaults } from "../muse/superres_config.ts";
import { reasonOf } from "../run/system_error.ts";
import { canWiden, tokenSize } from "../vqgan/config.ts";
import { DISCRIMINATOR_GROUPS } from "../vqgan/discriminator.ts";

const count = z.int().positive();
const fraction = z.number().min(0).max(1);
/** Weight of the old value in a running mean. */
const memory = z.number().min(0).lt(1);

const optimizer = z.strictObject({
  beta1: memory,
  beta2: memory,
  epsilon: z.number().positive(),
  weightDecay: z.number().min(0),
  clipNorm: z.number().positive(),
  /** Muon for the matrices between hidden states; AdamW for all without. */
  muon: z.strictObject({ momentum: memory }).optional(),
});

const common = {
  seed: z.int(),
  batch: count,
  steps: count,
  learningRate: z.number().positive(),
  warmupSteps: z.int().min(0),
  /** Fraction of the learning rate left at the end. */
  floor: fraction,
  averaging: memory,
  optimizer,
};

type Context = z.core.$RefinementCtx;

/** Reports a field that is no multiple of what the network divides it by. */
function wantMultiple(
  context: Context,
  path: PropertyKey[],
  value: number,
  divisor: number,
  why: string,
): void {
  if (value % divisor === 0) return;
  const message = `found ${value}, wanted a multiple of ${divisor}, ${why}`;
  context.addIssue({ code: "custom", path, message });
}

const vqgan = z.strictObject({
  imageSize: count,
  stem: count,
  channels: z.array(count).min(1),
  encoderBlocks: count,
  decoderBlocks: count,
  middleBlocks: z.int().min(0),
  groups: count,
  codeWidth: count,
  codes: count,
  normalizeCodes: z.boolean(),
  localEncoder: z.boolean().optional(),
  decoderWidening: z.number().min(1).optional(),
}).superRefine((network, context) => {
  const { imageSize, channels, groups } = network;
  const size = tokenSize(network);
  const sizes = "the pixels a side of a token";
  wantMultiple(context, ["imageSize"], imageSize, size, sizes);
  channels.forEach((width, i) => {
    wantMultiple(context, ["channels", i], width, groups, "the groups");
  });
  if (!canWiden(network)) {
    const message = `found ${network.decoderWidening}, wanted a number that ` +
      `makes whole numbers of the channels and the groups`;
    context.addIssue({ code: "custom", path: ["decoderWidening"], message });
  }
});

const discriminator = z.strictObject({
  stem: count,
  channels: z.array(count).min(1),
}).superRefine(({ channels }, context) => {
  channels.slice(1).forEach((width, i) => {
    const path = ["channels", i + 1];
    const groups = DISCRIMINATOR_GROUPS;
    wantMultiple(context, path, width, groups, "the groups of its norms");
  });
});

/** Weights of the distances between pixels. */
const pictureLosses = {
  absolute: z.number().min(0),
  squared: z.number().min(0),
};

/** A patch discriminator that joins at a step, with its loss's weight. */
const adversarial = z.strictObject({
  start: z.int().min(0),
  weight: z.number().min(0),
  network: discriminator,
}).optional();

interface Judged {
  readonly network: z.infer<typeof vqgan>;
  readonly training: { readonly adversarial?: z.infer<typeof adversarial> };
}

/** Reports a discriminator that doesn't fit the pictures. */
function checkJudge({ network, training }: Judged, context: Context): void {
  if (!training.adversarial) return;
  const { stem, channels } = training.adversarial.network;
  const path = ["training", "adversarial", "network", "stem"];
  const halvings = 2 ** (channels.length - 1);
  const why = "the discriminator's stem, halved by all layers but the last";
  wantMultiple(context, path, network.imageSize, stem * halvings, why);
}

const tokenizer = z.strictObject({
  network: vqgan,
  training: z.strictObject({
    ...common,
    losses: z.strictObject({
      ...pictureLosses,
      codebook: z.number().min(0),
      commitment: z.number().min(0),
    }),
    adversarial,
    reviveEvery: count,
    reviveWindow: count,
  }),
}).superRefine(checkJudge);

const decoder = z.strictObject({
  network: vqgan,
  training: z.strictObject({
    ...common,
    losses: z.strictObject(pictureLosses),
    adversarial,
  }),
}).superRefine(checkJudge);

/** Training of a transformer on masked tokens. */
const masked = {
  ...common,
  labelSmoothing: fraction,
  /** Share of the samples whose text is dropped. */
  textDropout: fraction,
  /** How much of each sample is hidden. */
  maskRates: z.union([
    z.enum(SCHEDULE_NAMES),
    z.strictObject({ fixed: z.number().gt(0).max(1) }),
  ]).optional(),
};

const base = z.strictObject({
  network: z.strictObject({
    textWidth: count,
    textLength: count,
    width: count,
    layers: count,
    heads: count,
    hidden: count,
    codes: count,
    grid: z.tuple([count, count]),
    rotary: z.boolean().optional(),
  }).superRefine(({ width, heads, rotary }, context) => {
    wantMultiple(context, ["width"], width, heads, "the heads");
    if (!rotary) return;
    const pairs = "4 numbers of every head, for two axes of pairs";
    wantMultiple(context, ["width"], width, 4 * heads, pairs);
  }),
  training: z.strictObject(masked),
});

const pair = z.tuple([count, count]);

const superres = z.strictObject({
  network: z.strictObject({
    textWidth: count,
    textLength: count,
    width: count,
    heads: count,
    hidden: count,
    lowLayers: z.int().min(0),
    lowCodes: count,
    lowGrid: pair,
    layers: count,
    codes: count,
    grid: pair,
    block: pair,
    rotary: z.boolean().optional(),
  }).superRefine((network, context) => {
    for (const [field, wanted] of superresFaults(network)) {
      const message = `found ${network[field]}, wanted ${wanted}`;
      context.addIssue({ code: "custom", path: [field], message });
    }
  }),
  training: z.strictObject({
    ...masked,
    /** The largest share of a picture's low-resolution tokens made wrong. */
    lowCorruption: fraction,
  }),
});

/** The judge of emoji scenes; its network checks what its sizes allow. */
const judge = z.strictObject({
  network: z.strictObject({
    imageSize: count,
    stem: count,
    channels: z.array(count),
    blocks: z.array(count),
    cellBlocks: z.int().min(0),
    groups: count,
  }),
  training: z.strictObject({
    ...common,
    losses: z.strictObject({
      centre: z.number().min(0),
      kind: z.number().min(0),
      side: z.number().min(0),
      tint: z.number().min(0),
      background: z.number().min(0),
      style: z.number().min(0),
    }),
    /** Share of the batches whose pictures a tokenizer rebuilds. */
    rebuilt: fraction,
  }),
});

/** The stages of training and the form of their configurations. */
export const CONFIGS = {
  tokenizer,
  base,
  superres,
  decoder,
  judge,
} as const;

/** Name of a stage. */
export type StageName = keyof typeof CONFIGS;
/** Configuration of the tokenizer's training. */
export type TokenizerRun = z.infer<typeof tokenizer>;
/** Configuration of the base transformer's training. */
export type BaseRun = z.infer<typeof base>;
/** Configuration of the super-resolution transformer's training. */
export type SuperresRun = z.infer<typeof superres>;
/** Configuration of the finetuning of a decoder. */
export type DecoderRun = z.infer<typeof decoder>;
/** Configuration of the judge's training. */
export type JudgeRun = z.infer<typeof judge>;
/** Configuration of a stage. */
export type Config =
  | TokenizerRun
  | BaseRun
  | SuperresRun
  | DecoderRun
  | JudgeRun;

/**
 * Checks a configuration.
 *
 * @param where it comes from, for the error
 * @throws Error naming the fields that are wrong
 */
export function parseConfig<S extends StageName>(
  stage: S,
  json: unknown,
  where: string,
): z.infer<typeof CONFIGS[S]> {
  const result = CONFIGS[stage].safeParse(json);
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) =>
      `${path.join(".") || "the file"}: ${message}`
    );
    throw new Error(
      `Cannot train ${stage} with ${where}: ${faults.join("; ")}`,
    );
  }
  return result.data as z.infer<typeof CONFIGS[S]>;
}

/**
 * Reads a configuration from a JSON file.
 *
 * @throws Error if there is no such file, it isn't JSON, or fields are wrong
 */
export async function readConfig<S extends StageName>(
  stage: S,
  path: string,
): Promise<z.infer<typeof CONFIGS[S]>> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new Error(
      `Cannot read the configuration ${path}: ${reasonOf(error)}`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(
      `Cannot train ${stage} with ${path}: it is not JSON ` +
        `(${(error as Error).message})`,
    );
  }
  return parseConfig(stage, json, path);
}
