/**
 * JSON of a form that zod checks. What is wrong is said as our own forms say it
 * (network_form.ts), what was found and what was wanted, in place of zod's
 * words; callers add what they were doing and what to do next.
 */

import type { z } from "zod";

/** Faults that are told at most: a damaged file can have a million. */
const MOST_FAULTS = 12;
/** Characters of what was found that are shown at most. */
const MOST_SHOWN = 80;

/**
 * The value of a text.
 * @throws Error that it is not JSON
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON (${(error as Error).message})`);
  }
}

/**
 * A value that has the form.
 *
 * @throws Error such as "training.batch: found 0, wanted more than 0", one
 * fault after the other
 */
export function checkForm<Form extends z.ZodType>(
  form: Form,
  value: unknown,
): z.infer<Form> {
  const { success, data, error } = form.safeParse(value, { error: faultText });
  if (success) return data;
  const { issues } = error;
  const faults = issues.slice(0, MOST_FAULTS).map(({ path, message }) =>
    path.length > 0 ? `${path.join(".")}: ${message}` : message
  );
  const more = issues.length - faults.length;
  if (more > 0) faults.push(`and ${more} more`);
  throw new Error(faults.join("; "));
}

/** What was found, and what should have been. */
export function foundText(found: unknown, wanted: string): string {
  const shown = JSON.stringify(found) ?? "nothing";
  const end = shown.length > MOST_SHOWN ? "…" : "";
  return `found ${shown.slice(0, MOST_SHOWN)}${end}, wanted ${wanted}`;
}

type Issue = z.core.$ZodRawIssue | z.core.$ZodIssue;

function faultText(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "unrecognized_keys") {
    return `found ${issue.keys.join(", ")}, wanted no field of that name`;
  }
  const wanted = wantedText(issue);
  return wanted && foundText(foundIn(issue), wanted);
}

/** What the issue is about: of records by kind, the kind. */
function foundIn(issue: z.core.$ZodRawIssue): unknown {
  const kind = issue.code === "invalid_union" && "discriminator" in issue
    ? issue.discriminator
    : undefined;
  const input = issue.input;
  return kind ? (input as Readonly<Record<string, unknown>>)[kind] : input;
}

const KINDS: Readonly<Record<string, string>> = {
  int: "a whole number",
  object: "an object",
  record: "an object",
  array: "a list",
};

/** What the form wants; nothing where the issue says so itself. */
function wantedText(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return KINDS[issue.expected] ?? `a ${issue.expected}`;
    case "invalid_value":
      return oneOf(issue.values);
    case "invalid_format":
      return `text that fits ${issue.pattern ?? issue.format}`;
    case "too_small": {
      const bound = issue.inclusive ? "at least" : "more than";
      return `${bound} ${issue.minimum}`;
    }
    case "too_big": {
      const bound = issue.inclusive ? "at most" : "less than";
      return `${bound} ${issue.maximum}`;
    }
    case "invalid_union": {
      if ("options" in issue && Array.isArray(issue.options)) {
        return oneOf(issue.options);
      }
      const wanted = issue.errors.map(([first]) =>
        [...first.path, wantedText(first) ?? first.message].join(" ")
      );
      return wanted.join(" or ");
    }
  }
}

function oneOf(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(" or ");
}
