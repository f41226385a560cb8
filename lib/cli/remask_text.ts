/** Re-masking on the command line, read and printed in the same form. */

import { type Remask, REMASK_NAMES } from "../muse/remask.ts";
import { UsageError } from "./errors.ts";
import { isNumber, readNumber } from "./values.ts";

/** "cap:0.1" or "confidence:0.1": what is hidden, and which share of it. */
export function readRemask(text: string): Remask {
  const [name, rate, ...rest] = text.split(":");
  const kind = REMASK_NAMES.find((one) => one === name.toLowerCase());
  if (kind && rest.length === 0 && isNumber(rate ?? "")) {
    return { kind, rate: readNumber("remask", rate, 0, 1) };
  }
  throw new UsageError(
    `--remask is ${
      REMASK_NAMES.map((name) => `${name}:RATE`).join(" or ")
    }, such as cap:0.1, not "${text}".`,
  );
}

/** The form that {@linkcode readRemask} reads. */
export function remaskText({ kind, rate }: Remask): string {
  return `${kind}:${rate}`;
}
