/** A model whose networks are small and random, for tests. */

import { embeddedPath, measureFile } from "../lib/hub/embedded.ts";
import type { BaseConfig } from "../lib/muse/config.ts";
import type { SuperresConfig } from "../lib/muse/superres_config.ts";
import { createRng } from "../lib/run/random.ts";
import { writeSafetensors } from "../lib/run/safetensors.ts";
import { networkShapes } from "../lib/train/shapes.ts";
import type { VqganConfig } from "../lib/vqgan/config.ts";

const TOKENIZER: VqganConfig = {
  imageSize: 16,
  stem: 4,
  channels: [8],
  encoderBlocks: 1,
  decoderBlocks: 1,
  middleBlocks: 0,
  groups: 4,
  codeWidth: 4,
  codes: 16,
  normalizeCodes: true,
};
const BASE: BaseConfig = {
  textWidth: 384,
  textLength: 16,
  width: 16,
  layers: 1,
  heads: 2,
  hidden: 16,
  codes: 16,
  grid: [4, 4],
};

const HIGH: VqganConfig = { ...TOKENIZER, imageSize: 32 };
/** A super-resolution transformer between its two tokenizers. */
export const SUPERRES: SuperresConfig = {
  textWidth: 384,
  textLength: 16,
  width: 16,
  heads: 2,
  hidden: 16,
  lowLayers: 1,
  lowCodes: 16,
  lowGrid: [4, 4],
  layers: 1,
  codes: 16,
  grid: [8, 8],
  block: [4, 4],
};

/** What a random model has. */
export interface RandomModelOptions {
  /** False by default. */
  readonly superres?: boolean;
}

/** Fills a folder with the weights of one model, "tiny". */
export async function writeModel(
  root: string,
  { superres = false }: RandomModelOptions = {},
): Promise<void> {
  const rng = createRng("quality test");
  const files = [];
  const small = [
    [
      "tokenizer",
      "tokenizer",
      TOKENIZER,
      networkShapes("tokenizer", TOKENIZER),
    ],
    ["base", "base", BASE, networkShapes("base", BASE)],
  ] as const;
  const large = [
    ["tokenizer_high", "tokenizer", HIGH, networkShapes("tokenizer", HIGH)],
    ["superres", "superres", SUPERRES, networkShapes("superres", SUPERRES)],
  ] as const;
  for (
    const [name, stage, network, shapes] of superres
      ? [...small, ...large]
      : small
  ) {
    const tensors = [...shapes].map(([name, shape]) => ({
      name,
      dtype: "F32" as const,
      shape,
      data: Float32Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        () => 0.3 * rng.normal(),
      ),
    }));
    const path = `${name}.safetensors`;
    const metadata = { stage, network: JSON.stringify(network) };
    await writeSafetensors(`${root}/${path}`, tensors, metadata);
    const measured = await measureFile(`${root}/${path}`);
    files.push({ path, ...measured, source: "random", licence: "none" });
  }
  await Deno.symlink(embeddedPath("text"), `${root}/text`);
  const paths = {
    tokenizer: "tokenizer.safetensors",
    base: "base.safetensors",
    text: "text",
    ...(superres && {
      superres: {
        tokenizer: "tokenizer_high.safetensors",
        transformer: "superres.safetensors",
      },
    }),
  };
  await Deno.writeTextFile(
    `${root}/manifest.json`,
    JSON.stringify({ models: { tiny: paths }, files }),
  );
}
