/** The weights of a run as a file for use. */

import { f32ToF16 } from "../run/half.ts";
import { writeSafetensors } from "../run/safetensors.ts";
import { checkpointPath, findCheckpoint } from "../train/checkpoint.ts";
import { parseConfig, type StageName } from "../train/config.ts";
import { networkShapes } from "../train/shapes.ts";

/**
 * Writes a run's averaged weights as float16, with its configuration.
 *
 * @throws Error if the run has no checkpoint, or one of another stage
 */
export async function exportWeights(
  stage: StageName,
  folder: string,
  path: string,
): Promise<void> {
  const kept = await findCheckpoint(folder);
  if (!kept) {
    throw new Error(
      `Cannot export the run in ${folder}: it has no checkpoint; train first`,
    );
  }
  const { state, metadata } = kept;
  if (metadata.stage !== stage) {
    throw new Error(
      `Cannot export a ${stage} from ${folder}: it holds a run of the stage ` +
        `${metadata.stage}; choose another --name`,
    );
  }
  const config = parseConfig(
    stage,
    JSON.parse(metadata.config),
    checkpointPath(folder),
  );
  const tensors = [...networkShapes(stage, config)].map(([name, shape]) => ({
    name,
    dtype: "F16" as const,
    shape,
    data: f32ToF16(state.averages.get(name)!),
  }));
  await writeSafetensors(path, tensors, {
    stage,
    network: JSON.stringify(config.network),
    steps: String(state.step),
  });
  console.log(`Wrote ${path}: step ${state.step} of ${folder}`);
}
