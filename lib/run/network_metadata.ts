/** The network a weights file is for, as our own trainer writes it there. */

import type { SafetensorsHeader } from "./safetensors.ts";

/**
 * The configuration in the metadata of a file of weights.
 *
 * @param stage the stage of training whose network is wanted
 * @throws Error if the file says nothing of its network or is of another stage
 */
export function readNetwork(
  { path, metadata }: SafetensorsHeader,
  stage: "tokenizer" | "base" | "superres" | "judge",
): unknown {
  const again = `write it with \`deno task train ${stage} --export\``;
  if (metadata.stage !== stage) {
    throw new Error(
      `Cannot load the ${stage} ${path}: its metadata ` +
        (metadata.stage === undefined
          ? `doesn't say of which stage it is; ${again}`
          : `says it is a ${metadata.stage}`),
    );
  }
  try {
    return JSON.parse(metadata.network);
  } catch {
    throw new Error(
      `Cannot load the ${stage} ${path}: its metadata has no "network" in ` +
        `JSON; ${again}`,
    );
  }
}
