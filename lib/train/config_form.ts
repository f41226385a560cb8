/** What the configurations of all stages of training have in common. */

import { z } from "zod";
import { isRecord } from "../run/field.ts";
import { checkForm, foundText, parseJson } from "../run/json_form.ts";
import {
  type FormFault,
  formFaults,
  type NetworkForm,
} from "../run/network_form.ts";
import { reasonOf } from "../run/system_error.ts";

export const count = z.int().positive();
export const fraction = z.number().min(0).max(1);
/** Weight of a part of a loss. */
export const weight = z.number().min(0);
/** Weight of the old value in a running mean. */
const memory = z.number().min(0).lt(1);

const optimizer = z.strictObject({
  beta1: memory,
  beta2: memory,
  epsilon: z.number().positive(),
  weightDecay: z.number().min(0),
  clipNorm: z.number().positive(),
  /** Muon for hidden matrices and filters, AdamW for the rest; or for all. */
  muon: z.strictObject({ momentum: memory }).optional(),
});

/** Of every stage's training. */
export const COMMON = {
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

/** What of a training is the loop's: how long, and how far each step goes. */
type LoopFields = "steps" | "learningRate" | "warmupSteps" | "floor";

/** What a stage reads of its training's configuration. */
export type StageTraining<Run extends { readonly training: object }> = Omit<
  Run["training"],
  LoopFields
>;

/** A network, by the form that its weights are loaded by, and nothing more. */
export function networkOf<T>(form: NetworkForm<T>): z.ZodType<T> {
  return z.custom<T>().superRefine((json, context) => {
    const faults = [...formFaults(form, json), ...strangeFields(form, json)];
    for (const { field, found, wanted } of faults) {
      context.addIssue({
        code: "custom",
        path: field === undefined ? [] : [field],
        message: foundText(found, wanted),
        // A training is compared with a whole network only.
        continue: false,
      });
    }
  });
}

function strangeFields<T>(form: NetworkForm<T>, json: unknown): FormFault[] {
  if (!isRecord(json)) return [];
  const known = Object.keys(form.fields);
  const wanted = `no more fields than ${known.join(", ")}`;
  return Object.keys(json).filter((name) => !known.includes(name))
    .map((field) => ({ field, found: json[field], wanted }));
}

/**
 * Checks a configuration.
 *
 * @param stage that it trains, and
 * @param where it comes from, for the error
 * @throws Error naming the fields that are wrong
 */
export function parseConfig<Form extends z.ZodType>(
  form: Form,
  stage: string,
  json: unknown,
  where: string,
): z.infer<Form> {
  try {
    return checkForm(form, json);
  } catch (error) {
    throw unusable(stage, where, error);
  }
}

/**
 * Reads a configuration from a JSON file.
 *
 * @param stage that it trains, for the error
 * @throws Error if there is no such file, it isn't JSON, or fields are wrong
 */
export async function readConfig<Form extends z.ZodType>(
  form: Form,
  stage: string,
  path: string,
): Promise<z.infer<Form>> {
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
    json = parseJson(text);
  } catch (error) {
    throw unusable(stage, path, error);
  }
  return parseConfig(form, stage, json, path);
}

function unusable(stage: string, where: string, error: unknown): Error {
  const { message } = error as Error;
  return new Error(
    `Cannot train ${stage} with ${where}: ${message}; correct that`,
  );
}
