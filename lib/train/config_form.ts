/** What the configurations of all stages of training have in common. */

import { z } from "zod";
import { isRecord } from "../run/field.ts";
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
  /** Muon for the matrices between hidden states; AdamW for all without. */
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

function foundText(found: unknown, wanted: string): string {
  return `found ${JSON.stringify(found) ?? "nothing"}, wanted ${wanted}`;
}

const KINDS: Readonly<Record<string, string>> = {
  int: "a whole number",
  object: "an object",
};

/** An issue as the networks' own forms tell theirs; zod's words for others. */
function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  switch (issue.code) {
    case "invalid_type":
      return foundText(
        input,
        KINDS[issue.expected] ?? `a ${issue.expected}`,
      );
    case "unrecognized_keys":
      return `found ${issue.keys.join(", ")}, wanted no field of that name`;
    case "too_small": {
      const bound = issue.inclusive ? "at least" : "more than";
      return foundText(input, `${bound} ${issue.minimum}`);
    }
    case "too_big": {
      const bound = issue.inclusive ? "at most" : "less than";
      return foundText(input, `${bound} ${issue.maximum}`);
    }
  }
}

/**
 * Checks a configuration.
 *
 * @param stage that it trains, and
 * @param where it comes from, for the error
 * @throws Error naming all fields that are wrong
 */
export function parseConfig<Form extends z.ZodType>(
  form: Form,
  stage: string,
  json: unknown,
  where: string,
): z.infer<Form> {
  const { data, error } = form.safeParse(json, { error: issueText });
  if (!error) return data;
  const faults = error.issues.map(({ path, message }) =>
    `${path.join(".") || "the file"}: ${message}`
  );
  throw new Error(
    `Cannot train ${stage} with ${where}: ${faults.join("; ")}; correct that`,
  );
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
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(
      `Cannot train ${stage} with ${path}: it is not JSON ` +
        `(${(error as Error).message})`,
    );
  }
  return parseConfig(form, stage, json, path);
}
