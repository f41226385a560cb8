/** Data and pictures of the base transformer's training. */

import type { BaseRun } from "../train/config.ts";
import type { Stage } from "../train/loop.ts";
import type { TrainRequest } from "./train.ts";

/** Opens the stage with its tokenizer, text encoder and data. */
export function openBaseStage(
  request: TrainRequest,
  config: BaseRun,
): Promise<{ stage: Stage; close(): void }> {
  throw new Error(`${request.stage} ${config.network.width}`);
}
