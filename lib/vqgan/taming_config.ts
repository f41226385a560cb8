/**
 * Sizes of the open VQGANs: those of taming-transformers (arXiv 2012.09841),
 * MaskGIT's as open-muse converted it, and MAGE's, which baaivision's Muse
 * draws with. They are one architecture in three layouts.
 */

import { type NetworkFields, networkFields } from "../run/network_fields.ts";
import type { VqganConfig } from "./config.ts";

/** Whose names and details a file has; see `taming_network.ts`. */
export type TamingLayout = "taming" | "maskgit" | "mage";

/** An open VQGAN. */
export interface TamingConfig extends VqganConfig {
  /** Whose names and details it has. */
  readonly layout: TamingLayout;
  /** Channels that the encoder ends and the decoder begins with. */
  readonly latentWidth: number;
  /** Resolutions whose blocks are each followed by attention; 0 is finest. */
  readonly attention: readonly number[];
  /** Tokens are the likeliest codes by a layer's logits, not the nearest. */
  readonly gumbel: boolean;
}

/** What all that were published have in common; their files don't say it. */
const COMMON = {
  imageSize: 256,
  stem: 1,
  middleBlocks: 2,
  groups: 32,
  normalizeCodes: false,
} as const;

const F16 = {
  ...COMMON,
  channels: [128, 128, 256, 256, 512],
  encoderBlocks: 2,
  codeWidth: 256,
  latentWidth: 256,
  gumbel: false,
} as const;

const TAMING_F16 = {
  ...F16,
  layout: "taming",
  decoderBlocks: 3,
  attention: [4],
  unitPixels: false,
} as const;

const WITHOUT_ATTENTION = {
  ...F16,
  decoderBlocks: 2,
  attention: [],
  unitPixels: true,
  codes: 1024,
} as const;

/** Those that were published, by their names in the catalogue. */
export const TAMING_CONFIGS = {
  "taming-f16-1024": { ...TAMING_F16, codes: 1024 },
  "taming-f16-16384": { ...TAMING_F16, codes: 16384 },
  "taming-gumbel-f8-8192": {
    ...TAMING_F16,
    channels: [128, 128, 256, 512],
    attention: [3],
    codes: 8192,
    gumbel: true,
  },
  "maskgit-vqgan": { ...WITHOUT_ATTENTION, layout: "maskgit" },
  "mage-vqgan": { ...WITHOUT_ATTENTION, layout: "mage" },
} as const satisfies Readonly<Record<string, TamingConfig>>;

/** Tensors by name. */
type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

/** Whether a file's tensors are named as those of an open VQGAN. */
export function isTaming(names: ReadonlyMap<string, unknown>): boolean {
  return names.has("encoder.down.0.block.0.conv1.weight") &&
    names.has("decoder.up.0.block.0.conv1.weight");
}

/**
 * The sizes of an open VQGAN by its tensors alone, since most files come
 * without a configuration. What they don't tell is as in all that were
 * published: pictures of 256 px, 32 groups.
 *
 * @param path of the file, for errors
 * @throws Error naming a tensor that tells no size, or an odd one
 */
export function tamingConfigOf(tensors: Shapes, path: string): TamingConfig {
  const fields = shapeFields(tensors, path);
  const count = (name: (i: number) => string) => {
    let found = 0;
    while (tensors.has(name(found))) found++;
    return found;
  };
  const levels = count((i) => `encoder.down.${i}.block.0.norm1.weight`);
  const each = Array.from({ length: levels }, (_, level) => level);
  const gumbel = tensors.has("quantize.proj.weight");
  const table = `quantize.${gumbel ? "embed" : "embedding"}.weight`;
  const channels = each.map((level) => {
    const name = `encoder.down.${level}.block.0.conv1.weight`;
    const width = fields.count(name);
    const { groups } = COMMON;
    if (width % groups !== 0) fields.wrong(name, `a multiple of ${groups}`);
    return width;
  });
  const layout: TamingLayout = tensors.has("quant_conv.weight")
    ? "taming"
    : tensors.has("encoder.mid.0.norm1.weight")
    ? "maskgit"
    : "mage";
  return {
    ...COMMON,
    layout,
    channels,
    encoderBlocks: count((i) => `encoder.down.0.block.${i}.norm1.weight`),
    decoderBlocks: count((i) => `decoder.up.0.block.${i}.norm1.weight`),
    attention: each.filter((level) =>
      tensors.has(`encoder.down.${level}.attn.0.norm.weight`)
    ),
    latentWidth: fields.count("encoder.conv_out.weight"),
    codes: fields.count(table),
    codeWidth: fields.count(`${table} across`),
    gumbel,
    unitPixels: layout !== "taming",
  };
}

/** Rows of every tensor, and the columns of the tables of codes. */
function shapeFields(tensors: Shapes, path: string): NetworkFields {
  const rows = [...tensors].flatMap(([name, { shape }]) => [
    [name, shape[0]],
    [`${name} across`, shape[1]],
  ]);
  return networkFields(
    `tokenizer ${path}`,
    Object.fromEntries(rows),
    "it is no VQGAN as taming-transformers, open-muse or MAGE have it",
  );
}
