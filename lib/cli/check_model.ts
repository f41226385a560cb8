/** Whether there is a model, before anything is loaded. */

import { readManifest } from "../hub/embedded.ts";
import type { DrawOptions } from "../muse/options.ts";
import type { DrawRequest } from "./draw_args.ts";
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/**
 * Checks that a manifest names a model which has what the settings need.
 * @throws UsageError if it doesn't
 */
export async function checkModel(
  { model, weights }: Pick<DrawRequest, "model" | "weights">,
  { superresSteps }: Pick<DrawOptions, "superresSteps">,
): Promise<void> {
  const { models, root } = await readManifest(weights);
  if (Object.hasOwn(models, model)) {
    if (!superresSteps || models[model].superres) return;
    throw new UsageError(
      `the model "${model}" has no super-resolution; leave out ` +
        `--superres-steps.`,
    );
  }
  const names = Object.keys(models);
  const meant = nearest(model, names);
  throw new UsageError(
    `there is no model "${model}" in ${root}; ` +
      (meant
        ? `did you mean "${meant}"?`
        : `there is ${names.join(", ") || "none"}.`),
  );
}
