/** `--convention`, of commands that compute figures as other programs do. */

import { CLIP_SCORE_CONVENTIONS } from "../../eval/metrics/clip_score.ts";
import { CONVENTION_NAMES } from "../../eval/metrics/compare.ts";
import { readKnown } from "./values.ts";

/** Programs in whose way some figure can be computed. */
const PROGRAMS: readonly string[] = [
  ...new Set([...CONVENTION_NAMES, ...Object.keys(CLIP_SCORE_CONVENTIONS)]),
];

/**
 * Reads the name of a program, if there is one.
 * @throws UsageError
 */
export function readConvention(text: string | undefined): string | undefined {
  return text === undefined
    ? undefined
    : readKnown("convention", text, PROGRAMS);
}
