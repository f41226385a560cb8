/** A stage on top of what it reads, of which nothing is left when it fails. */

import type { Releasable } from "../muse/load_together.ts";
import type { Stage } from "../train/loop.ts";
import type { OpenStage } from "./train_run.ts";

/**
 * Opens a stage over an open source of batches. Where that fails, the source is
 * closed; `parts`, which the caller releases then, are closed with the stage.
 */
export async function openOver(
  source: { close(): void },
  open: () => Promise<Stage>,
  parts: readonly Releasable[] = [],
): Promise<OpenStage> {
  let stage: Stage;
  try {
    stage = await open();
  } catch (error) {
    source.close();
    throw error;
  }
  return {
    stage,
    async close() {
      source.close();
      await Promise.all([
        stage.close(),
        ...parts.map((part) => part.release()),
      ]);
    },
  };
}
