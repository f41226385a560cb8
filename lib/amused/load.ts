/** aMUSEd from a folder: a model that the library's functions draw with. */

import { basename, join, resolve } from "node:path";
import type { Node } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { loadTogether } from "../muse/load_together.ts";
import type { TokenModel } from "../muse/model.ts";
import type { Model } from "../muse/pipeline.ts";
import type { Weights } from "../run/weights.ts";
import { checkWeights } from "../run/check_weights.ts";
import { loadWeights } from "../run/load_weights.ts";
import { readJson } from "../text/read_json.ts";
import {
  preciseWeights,
  runOf,
  type RunOptions,
} from "../run/precise_weights.ts";
import { loadClipTokenizer } from "../text/clip_tokenizer.ts";
import type { PromptEncoder } from "../text/encode.ts";
import { type Extent, gridOf, type VqganConfig } from "../vqgan/config.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import { loadVqModel, parseVqModelConfig } from "../vqgan/published.ts";
import { type AdapterFile, type Adapters, readAdapters } from "./adapters.ts";
import { conditionInputs, conditionNodes } from "./condition.ts";
import type { UVitConfig } from "./config.ts";
import { type AmusedFolder, findAmused, type Variant } from "./folder.ts";
import { sampledHash } from "../run/sampled_hash.ts";
import { createUVitModel, type MicroConditions } from "./model.ts";
import { AMUSED_DEFAULTS } from "./options.ts";
import { loadClipText } from "./text.ts";
import { uVitLogits } from "./u_vit.ts";

/** Choices when a model is loaded. */
export interface AmusedOptions extends RunOptions {
  /** What it is called; the folder's own name by default. */
  readonly name?: string;
  /** Of its weights; by default float32 where there is that, else float16. */
  readonly variant?: Variant;
  /**
   * Height and width of the pictures in pixels; by default those it was
   * trained on. Multiples of a token's 16, or of 32 where the trunk halves the
   * grid.
   */
  readonly size?: Extent;
  /** What it is told of the pictures, beside their size. */
  readonly micro?: Partial<Omit<MicroConditions, "size">>;
  /** Files of adapters (LoRA) that change the weights. */
  readonly adapters?: readonly AdapterFile[];
  /**
   * Loads each part when it is its turn and frees the text encoder before the
   * transformer is loaded; false by default.
   */
  readonly lowMemory?: boolean;
}

/** aMUSEd, ready to draw. */
export interface AmusedModel extends Model {
  /** Pixels a side of the pictures it was trained on, whatever it draws. */
  readonly ownSide: number;
}

/** Pixels a side of a token. */
export const AMUSED_TOKEN = 16;

/**
 * Loads aMUSEd or a finetuned one from a folder in diffusers' layout.
 *
 * @throws Error if a file is missing or damaged or the parts don't fit each
 * other; RangeError for a size that can't be
 */
export async function loadAmused(
  folder: string,
  options: AmusedOptions = {},
): Promise<AmusedModel> {
  const { name = basename(resolve(folder)), lowMemory = false } = options;
  const run = runOf(options);
  const files = await findAmused(folder, options.variant);
  const config = files.transformer;
  const ownSide = config.side * AMUSED_TOKEN;
  const size = options.size ?? [ownSide, ownSide];
  // What looks at squares of pictures sees them at this size.
  const square = size[0] === size[1] ? size[0] : ownSide;
  const tokenizerConfig = await readTokenizer(files, square);
  const grid = gridFor(name, config, tokenizerConfig, size);
  const adapters = await readAdapters(options.adapters ?? []);
  const hash = await sampledHash([
    ...Object.values(files.weights),
    ...(options.adapters ?? []).map(({ path }) => path),
  ]);
  return await loadTogether(
    [
      loadText(files, { lowMemory, adapters, ...run }),
      loadVqModel(tokenizerConfig, files.weights.tokenizer, run),
    ],
    async ([encoder, tokenizer]) => {
      checkFit(name, config, encoder, tokenizer);
      const base = await loadTransformer(files, adapters, encoder.length, {
        ...options,
        grid,
      });
      return {
        ...{ name, hash, encoder, base, tokenizer, ownSide },
        defaults: AMUSED_DEFAULTS,
        async release() {
          const all = [encoder, base, tokenizer];
          await Promise.all(all.map((part) => part.release()));
        },
      };
    },
  );
}

async function readTokenizer(
  { tokenizer }: AmusedFolder,
  side: number,
): Promise<VqganConfig> {
  const path = join(tokenizer, "config.json");
  return parseVqModelConfig(await readJson(path), path, side);
}

async function loadText(
  { text, textTokenizer, weights }: AmusedFolder,
  options: Parameters<typeof loadClipText>[3],
): Promise<PromptEncoder> {
  const tokenizer = await loadClipTokenizer(textTokenizer);
  return await loadClipText(text, weights.text, tokenizer, options);
}

async function loadTransformer(
  { transformer: config, weights: { transformer: path } }: AmusedFolder,
  adapters: Adapters,
  textLength: number,
  options: AmusedOptions & { readonly grid: Extent },
): Promise<TokenModel> {
  const { grid, micro, lowMemory } = options;
  const { logits, weights: own } = await readTransformer(
    { config, path },
    grid,
    textLength,
  );
  const adapt = (outputs: Readonly<Record<string, Node>>) =>
    adapters.adapt("transformer", outputs);
  const weights = await preciseWeights(
    Object.values(adapt({ logits })),
    adapters.weights("transformer", own),
    runOf(options),
  );
  const [height, width] = grid.map((side) => side * AMUSED_TOKEN);
  return createUVitModel(config, weights, {
    ...runOf(options),
    ...{ grid, textLength, lowMemory },
    micro: { crop: [0, 0], score: 6, ...micro, size: [width, height] },
    adapt,
  });
}

/** A transformer from conditions and tokens to logits, and its weights. */
async function readTransformer(
  { config, path }: { readonly config: UVitConfig; readonly path: string },
  grid: Extent,
  textLength: number,
): Promise<{ readonly logits: Node; readonly weights: Weights }> {
  const weights = await loadWeights(path);
  const tokens = input("tokens", ["1B", grid[0] * grid[1]], "int32");
  const inputs = conditionInputs(config, textLength);
  const condition = conditionNodes(config, inputs);
  const logits = uVitLogits(config, tokens, grid, condition); // [B,N,K]
  checkWeights(path, weights, [logits]);
  return { logits, weights };
}

/**
 * The transformer of a folder as a graph of its own, from `states`, `pooled`,
 * `micro` and `tokens` to logits [B,N,K], for looking into it.
 */
export async function amusedLogits(
  folder: string,
  grid: Extent,
  textLength: number,
): Promise<{ readonly logits: Node; readonly weights: Weights }> {
  const { transformer: config, weights } = await findAmused(folder);
  const path = weights.transformer;
  return await readTransformer({ config, path }, grid, textLength);
}

/** The grid of tokens of pictures of that size. */
function gridFor(
  name: string,
  { halved }: UVitConfig,
  tokenizer: VqganConfig,
  size: Extent,
): Extent {
  const unit = AMUSED_TOKEN * (halved ? 2 : 1);
  const fits = size.every((side) => Number.isInteger(side / unit) && side > 0);
  if (fits) return gridOf(tokenizer, size);
  throw new RangeError(
    `Cannot draw pictures of ${size[1]}x${size[0]} pixels with ${name}: ` +
      `wanted a width and a height that are multiples of ${unit}`,
  );
}

function checkFit(
  name: string,
  { codes, textWidth }: UVitConfig,
  encoder: PromptEncoder,
  tokenizer: Tokenizer,
): void {
  const faults = [
    ["codes of the tokenizer", tokenizer.config.codes, codes],
    ["width of the text encoder", encoder.width, textWidth],
  ].filter(([, found, wanted]) => found !== wanted);
  if (faults.length === 0) return;
  throw new Error(
    `Cannot load the model ${name}: the transformer is made for other parts ` +
      `(${
        faults.map(([what, found, wanted]) =>
          `${what}: ${found}, not ${wanted}`
        )
          .join("; ")
      }); take parts that were published together`,
  );
}
