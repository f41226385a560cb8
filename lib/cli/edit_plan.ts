/** What the files of an edit are called. */

import { basename } from "node:path";
import type { EditRequest } from "./edit_args.ts";
import { planFiles } from "./generate_plan.ts";

/** The pictures of an edit. */
export interface EditPlan {
  readonly seeds: readonly number[];
  /** A file for each seed. */
  readonly paths: readonly string[];
  /** The contact sheet's file, if there is more than one picture. */
  readonly sheet: string | undefined;
  /** The user named the file, so that what is there is replaced. */
  readonly replaces: boolean;
}

/**
 * Names the files of every picture: in a folder, by picture, kind, prompt
 * and seed.
 * @throws UsageError if --out can't hold them
 */
export function planEdit(
  { out, count, seed, trace, picture, prompt, change }: EditRequest,
): EditPlan {
  const name = `${
    basename(picture).replace(/\.\w+$/, "")
  } ${change.kind} ${prompt}`;
  const { prompts: [planned], replaces } = planFiles(
    { out, count, seed, trace },
    [{ prompt: name }],
  );
  const { seeds, paths, sheet } = planned;
  return { seeds, paths, sheet, replaces };
}

/** Beside the picture of a path, that of an earlier iteration. */
export function keptPath(path: string, iteration: number): string {
  return path.replace(/\.png$/i, `-after-${iteration}.png`);
}
