/** Systems of each kind that are small and random, for tests. */

import { join } from "node:path";
import { tinyFolder } from "../../lib/amused/parity.ts";
import { CLIP_SIZES } from "../../lib/clip/sizes.ts";
import { readJson } from "../../lib/text/read_json.ts";
import { T5_SIZES } from "../../lib/text/t5.ts";
import { clipSystem, inceptionSystem, t5System } from "./networks.ts";
import { paperSystem } from "./paper_system.ts";
import type { System } from "./part.ts";
import { amusedSystem } from "./pipelines.ts";

type Json = Readonly<Record<string, unknown>>;

const amusedJson = (part: string) =>
  readJson<Json>(join(tinyFolder("tiny-512"), part, "config.json"));

const SMALL = { width: 128, layers: 1, heads: 2, hidden: 64, projection: 32 };
const { text, vision } = CLIP_SIZES["vit-b-32"];

/** Sizes of the tiny CLIP. */
const TINY_CLIP = {
  text: { ...text, ...SMALL, vocabulary: 50, positions: 8 },
  vision: { ...vision, ...SMALL, size: 16, patch: 8 },
};

const STATES = { textWidth: 32, textLength: 4 };
const TRANSFORMER = { ...STATES, width: 32, heads: 2, hidden: 64, layers: 1 };

/** One of each kind; CLIP, T5 and aMUSEd are of the published layouts. */
export const TINY_SYSTEMS = {
  "amused": amusedSystem({
    transformer: await amusedJson("transformer"),
    vqvae: await amusedJson("vqvae"),
    text: await amusedJson("text_encoder"),
  }, { merges: () => Promise.resolve(["b e", "be a", "r </w>"]) }),
  "paper": paperSystem("tiny", {
    base: { ...TRANSFORMER, codes: 12, grid: [4, 4] },
    superres: {
      ...TRANSFORMER,
      ...{ lowLayers: 1, lowCodes: 12, lowGrid: [4, 4] },
      ...{ codes: 16, grid: [16, 16], block: [4, 4] },
    },
    tokenizer: {
      ...{ imageSize: 32, stem: 1, channels: [4, 8], groups: 2 },
      ...{ encoderBlocks: 1, decoderBlocks: 1, middleBlocks: 1 },
      ...{ codeWidth: 4, codes: 16, normalizeCodes: false },
    },
  }),
  "t5": t5System("tiny", {
    ...T5_SIZES.small,
    ...{ vocabulary: 600, width: 128, layers: 2, heads: 2, hidden: 128 },
  }),
  "clip": clipSystem("tiny", TINY_CLIP),
  "inception": inceptionSystem({ divisor: 16, classes: 63 }),
} as const satisfies Readonly<Record<string, System>>;
