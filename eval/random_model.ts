/** A model whose networks are small and random, for tests. */

import {
  embeddedPath,
  measureFile,
  type WeightsFile,
} from "../lib/hub/embedded.ts";
import type { BaseConfig } from "../lib/muse/config.ts";
import type { SuperresConfig } from "../lib/muse/superres_config.ts";
import { createRng, type Rng } from "../lib/run/random.ts";
import {
  type SafetensorsEntry,
  writeSafetensors,
} from "../lib/run/safetensors.ts";
import { networkShapes } from "../lib/train/shapes.ts";
import type { VqganConfig } from "../lib/vqgan/config.ts";
import { ofDecoder } from "../lib/vqgan/network.ts";

/** A tokenizer. */
export const TOKENIZER: VqganConfig = {
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
/** A base transformer for its tokens. */
export const BASE: BaseConfig = {
  textWidth: 384,
  textLength: 16,
  width: 16,
  layers: 1,
  heads: 2,
  hidden: 16,
  codes: 16,
  grid: [4, 4],
};

/** The tokenizer of pictures twice as large. */
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
  /** Super-resolution draws with a finetuned decoder; false by default. */
  readonly finetuned?: boolean;
}

/** A network of a file. */
type Network =
  | readonly ["tokenizer", VqganConfig]
  | readonly ["base", BaseConfig]
  | readonly ["superres", SuperresConfig];

/** Fills a folder with the weights of one model, "tiny". */
export async function writeModel(
  root: string,
  { superres = false, finetuned = false }: RandomModelOptions = {},
): Promise<void> {
  const rng = createRng("quality test");
  const files: WeightsFile[] = [];
  const write = async (
    name: string,
    tensors: readonly FloatEntry[],
    metadata: Record<string, string>,
  ) => {
    const path = `${name}.safetensors`;
    await writeSafetensors(`${root}/${path}`, tensors, metadata);
    const measured = await measureFile(`${root}/${path}`);
    files.push({ path, ...measured, source: "random", licence: "none" });
    return measured.sha256;
  };
  const writeRandom = async (name: string, network: Network) => {
    const tensors = randomTensors(network, rng);
    const hash = await write(name, tensors, metadataOf(network));
    return { tensors, hash };
  };
  await writeRandom("tokenizer", ["tokenizer", TOKENIZER]);
  await writeRandom("base", ["base", BASE]);
  const high = ["tokenizer", HIGH] as const;
  if (superres) {
    const { tensors, hash } = await writeRandom("tokenizer_high", high);
    await writeRandom("superres", ["superres", SUPERRES]);
    if (finetuned) {
      const other = randomTensors(high, rng);
      const mixed = tensors.map((tensor, i) =>
        ofDecoder(tensor.name) ? other[i] : tensor
      );
      const metadata = { ...metadataOf(high), tokensOf: hash };
      await write("decoder", mixed, metadata);
    }
  }
  await Deno.symlink(embeddedPath("text"), `${root}/text`);
  const paths = {
    tokenizer: "tokenizer.safetensors",
    base: "base.safetensors",
    text: "text",
    ...(superres && {
      superres: {
        tokenizer: `${finetuned ? "decoder" : "tokenizer_high"}.safetensors`,
        transformer: "superres.safetensors",
      },
    }),
  };
  await Deno.writeTextFile(
    `${root}/manifest.json`,
    JSON.stringify({ models: { tiny: paths }, files }),
  );
}

type FloatEntry = Extract<SafetensorsEntry, { readonly dtype: "F32" }>;

function randomTensors([stage, network]: Network, rng: Rng): FloatEntry[] {
  const shapes = networkShapes<Network[0]>(stage, network);
  return [...shapes].map(([name, shape]) => ({
    name,
    dtype: "F32",
    shape,
    data: Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      () => 0.3 * rng.normal(),
    ),
  }));
}

function metadataOf([stage, network]: Network) {
  return { stage, network: JSON.stringify(network) };
}
