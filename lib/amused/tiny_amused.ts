/** Tiny pipelines, loaded for a test. */

import type { Model } from "../muse/pipeline.ts";
import { type AmusedOptions, loadAmused } from "./load.ts";
import { tinyFolder } from "./parity.ts";

/** Lends a loaded pipeline, which is released afterwards. */
export async function withTiny<Result>(
  name: "tiny-256" | "tiny-512",
  options: AmusedOptions,
  use: (model: Model) => Promise<Result>,
): Promise<Result> {
  const model = await loadAmused(tinyFolder(name), options);
  try {
    return await use(model);
  } finally {
    await model.release();
  }
}
