/** `--batch`: pictures drawn at once, as said or as fast as it goes. */

import { join } from "node:path";
import { bestBatch } from "../muse/best_batch.ts";
import type { GenerateOptions } from "../muse/options.ts";
import { networksFor } from "../muse/prompted.ts";
import type { Model } from "../muse/pipeline.ts";
import { cacheFolder } from "../run/cache_folder.ts";
import type { DrawRequest } from "./draw_args.ts";

/** What a batch is decided by. */
interface Asked extends Pick<DrawRequest, "batch" | "run"> {
  readonly settings: Pick<GenerateOptions, "guidance" | "steps">;
  /** Pictures of the command, which no batch has to exceed. */
  readonly count: number;
  status(text: string): void;
}

/** The number of pictures drawn at once. */
export async function batchSize(
  { batch, run, settings, count, status }: Asked,
  model: Model,
): Promise<number> {
  if (batch !== "auto") return batch;
  if (count === 1) return 1;
  status("trying how many pictures are drawn fastest at once");
  return await bestBatch(model, {
    run,
    guided: networksFor(settings).guided,
    folder: join(cacheFolder(), "batches"),
  });
}
