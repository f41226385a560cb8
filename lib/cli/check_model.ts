/** Whether there is a model, before anything is loaded. */

import { readManifest } from "../hub/embedded.ts";
import { readModelFolder } from "../hub/model_folder.ts";
import type { DrawRequest } from "./draw_args.ts";
import { UsageError } from "./errors.ts";
import { didYouMean } from "../run/nearest.ts";

/**
 * Checks that a manifest names a model, or a folder is one, and that it has
 * super-resolution.
 *
 * @param needing the option that needs it, if there is one
 * @throws UsageError if it doesn't
 */
export async function checkModel(
  { model, weights }: Pick<DrawRequest, "model" | "weights">,
  needing?: string,
): Promise<void> {
  const { models, root } = await readManifest(weights);
  const found = Object.hasOwn(models, model)
    ? models[model]
    : readModelFolder(model);
  if (found) {
    if (needing === undefined || found.superres) return;
    throw new UsageError(
      `the model "${model}" has no super-resolution; leave out --${needing}.`,
    );
  }
  throw new UsageError(
    `there is no model "${model}" in ${root}; ` +
      didYouMean(model, Object.keys(models)),
  );
}
