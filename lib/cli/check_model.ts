/** Whether there is a model, before anything is loaded. */

import { readManifest } from "../hub/embedded.ts";
import type { DrawRequest } from "./draw_args.ts";
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/**
 * Checks that a manifest names a model, and that it has super-resolution.
 *
 * @param needing the option that needs it, if there is one
 * @throws UsageError if it doesn't
 */
export async function checkModel(
  { model, weights }: Pick<DrawRequest, "model" | "weights">,
  needing?: string,
): Promise<void> {
  const { models, root } = await readManifest(weights);
  if (Object.hasOwn(models, model)) {
    if (needing === undefined || models[model].superres) return;
    throw new UsageError(
      `the model "${model}" has no super-resolution; leave out --${needing}.`,
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
