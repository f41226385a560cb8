/**
 * The paper's own sizes. What the paper doesn't give (heads, text length, the
 * CC3M transformers, the tokenizers' multipliers and code width) is chosen
 * here, and said beside it.
 */

import type { VqganConfig } from "../vqgan/config.ts";
import type { BaseConfig } from "./config.ts";
import type { SuperresConfig } from "./superres_config.ts";

/** A network of the paper. */
export type PaperNetwork =
  & {
    readonly name: string;
    /** How many parameters the paper says it has, if it says. */
    readonly parameters?: number;
    /** What is chosen here, and what doesn't add up. */
    readonly note: string;
  }
  & (
    | { readonly kind: "tokenizer"; readonly network: VqganConfig }
    | { readonly kind: "base"; readonly network: BaseConfig }
    | { readonly kind: "superres"; readonly network: SuperresConfig }
  );

/** T5-XXL's states (section 2.1); the length of texts is not given. */
const TEXT = { textWidth: 4096, textLength: 64 } as const;
const CODES = 8192;
const LOW_GRID = [16, 16] as const;

/**
 * Table 5: 128 channels, two blocks at each resolution, no attention, 8192
 * codes. Multipliers 1, 1, 2, 2, 4 and codes of length 256 are MaskGIT's.
 */
export const TOKENIZER: VqganConfig = {
  imageSize: 256,
  stem: 1,
  channels: [128, 128, 256, 256, 512],
  encoderBlocks: 2,
  decoderBlocks: 2,
  middleBlocks: 2,
  groups: 32,
  codeWidth: 256,
  codes: CODES,
  normalizeCodes: false,
};

const TOKENIZER_HIGH: VqganConfig = {
  ...TOKENIZER,
  imageSize: 512,
  channels: [128, 128, 256, 512],
};

const SUPERRES = {
  ...TEXT,
  lowCodes: CODES,
  lowGrid: LOW_GRID,
  codes: CODES,
  grid: [64, 64],
  block: [8, 8],
} as const;

/** The base of the CC3M system. */
export const BASE_632M: BaseConfig = {
  ...TEXT,
  width: 1024,
  layers: 36,
  heads: 16,
  hidden: 4096,
  codes: CODES,
  grid: LOW_GRID,
};

/** The super-resolution of the CC3M system. */
export const SUPERRES_268M: SuperresConfig = {
  ...SUPERRES,
  width: 768,
  heads: 12,
  hidden: 3072,
  lowLayers: 8,
  layers: 20,
};

/** The base of Table 4. */
export const BASE_3B: BaseConfig = {
  ...BASE_632M,
  width: 2048,
  layers: 48,
  heads: 32,
  hidden: 8192,
};

/** The super-resolution of Table 6. */
export const SUPERRES_TABLE_6: SuperresConfig = {
  ...SUPERRES,
  width: 1024,
  heads: 16,
  hidden: 4096,
  lowLayers: 16,
  layers: 32,
};

/** The tokenizer of 512 px with the finetuned decoder (section 2.5, A.2). */
export const TOKENIZER_FINETUNED: VqganConfig = {
  ...TOKENIZER_HIGH,
  decoderBlocks: 4,
  decoderWidening: 2,
};

/** All of them, in the order of training. */
export const PAPER_NETWORKS: readonly PaperNetwork[] = [
  {
    name: "tokenizer",
    kind: "tokenizer",
    network: TOKENIZER,
    note: "The paper counts 19 residual blocks; two at each of 5 resolutions " +
      "and in the middle are 12 in each direction. Multipliers and code width " +
      "are MaskGIT's.",
  },
  {
    name: "tokenizer of 512 px",
    kind: "tokenizer",
    network: TOKENIZER_HIGH,
    note: "Multipliers 1, 1, 2, 4 are chosen here.",
  },
  {
    name: "with finetuned decoder",
    kind: "tokenizer",
    network: TOKENIZER_FINETUNED,
    note: "4 blocks at each resolution and 256 channels (section 2.5).",
  },
  {
    name: "base, CC3M",
    kind: "base",
    network: BASE_632M,
    parameters: 632e6,
    note: "Only the sum is published; 36 layers of width 1024 come close.",
  },
  {
    name: "super-resolution, CC3M",
    kind: "superres",
    network: SUPERRES_268M,
    parameters: 268e6,
    note: "Only the sum is published; 20 layers of width 768 over 8 for the " +
      "low resolution come close.",
  },
  {
    name: "base, 3B",
    kind: "base",
    network: BASE_3B,
    parameters: 3e9,
    note: "Table 4's 48 layers of width 2048 alone have 3.2 billion; the " +
      'paper says "3B".',
  },
  {
    name: "super-resolution, Table 6",
    kind: "superres",
    network: SUPERRES_TABLE_6,
    note: "The paper gives layers and widths, and no sum.",
  },
];
