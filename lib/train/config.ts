/** Training configurations as files, checked when they are read. */

import { z } from "zod";

const count = z.int().positive();
const fraction = z.number().min(0).max(1);

const optimizer = z.strictObject({
  beta1: fraction,
  beta2: fraction,
  epsilon: z.number().positive(),
  weightDecay: z.number().min(0),
  clipNorm: z.number().positive(),
});

const common = {
  seed: z.int(),
  batch: count,
  steps: count,
  learningRate: z.number().positive(),
  warmupSteps: z.int().min(0),
  /** Fraction of the learning rate left at the end. */
  floor: fraction,
  averaging: fraction,
  optimizer,
};

const tokenizer = z.strictObject({
  network: z.strictObject({
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
  }),
  training: z.strictObject({
    ...common,
    losses: z.strictObject({
      absolute: z.number().min(0),
      squared: z.number().min(0),
      codebook: z.number().min(0),
      commitment: z.number().min(0),
    }),
    /** A patch discriminator that joins at a step, with its loss's weight. */
    adversarial: z.strictObject({
      start: z.int().min(0),
      weight: z.number().min(0),
      network: z.strictObject({
        stem: count,
        channels: z.array(count).min(1),
      }),
    }).optional(),
    reviveEvery: count,
    reviveWindow: count,
  }),
});

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
  }),
  training: z.strictObject({
    ...common,
    labelSmoothing: fraction,
    /** Share of the samples whose text is dropped. */
    textDropout: fraction,
  }),
});

/** The stages of training and the form of their configurations. */
export const CONFIGS = { tokenizer, base } as const;

/** Name of a stage. */
export type StageName = keyof typeof CONFIGS;
/** Configuration of the tokenizer's training. */
export type TokenizerRun = z.infer<typeof tokenizer>;
/** Configuration of the base transformer's training. */
export type BaseRun = z.infer<typeof base>;

/** Checks a configuration read from a file. @throws Error naming the fields */
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
