/** The weights of a run as a file for use. */

import { f32ToF16 } from "../run/half.ts";
import { int8Entries } from "../run/quantize.ts";
import { type SafetensorsEntry, writeSafetensors } from "../run/safetensors.ts";
import { checkpointPath, findCheckpoint } from "../train/checkpoint.ts";
import { parseConfig, type StageName } from "../train/config.ts";
import { networkShapes } from "../train/shapes.ts";
import { TOKENIZERS } from "./train_stages.ts";

/** Values of a row that share a scale where weights are int8. */
const GROUP = 32;

/** How weights are stored: matrices as int8, or everything as float16. */
export type Storage = "float16" | "int8";

/**
 * Writes a run's averaged weights, with its configuration and the SHA-256 of
 * the tokenizers it learned from, if it did.
 *
 * @throws Error if the run has no checkpoint, or one of another stage
 */
export async function exportWeights(
  stage: StageName,
  folder: string,
  path: string,
  storage: Storage,
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
  const tensors = [...networkShapes(stage, config.network)].flatMap((
    [name, shape],
  ) => store(name, shape, state.averages.get(name)!, storage));
  await writeSafetensors(path, tensors, {
    stage,
    network: JSON.stringify(config.network),
    config: JSON.stringify(config),
    ...learnedFrom(metadata),
    steps: String(state.step),
  });
  console.log(`Wrote ${path}: step ${state.step} of ${folder}`);
}

/** The SHA-256 of the tokenizers that a run learned from, by option. */
function learnedFrom(
  metadata: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.keys(TOKENIZERS)
      .filter((option) => metadata[option] !== undefined)
      .map((option) => [option, metadata[option]]),
  );
}

function store(
  name: string,
  shape: readonly number[],
  data: Float32Array,
  storage: Storage,
): SafetensorsEntry[] {
  const isMatrix = shape.length === 2 && shape[1] % GROUP === 0;
  return storage === "int8" && isMatrix
    ? int8Entries(name, shape, data, GROUP)
    : [{ name, dtype: "F16", shape, data: f32ToF16(data) }];
}
