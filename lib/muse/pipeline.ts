/** From prompts to pictures: the steps of the library in a row. */

import { checkTokenizer } from "../hub/check_tokenizer.ts";
import {
  type EmbeddedModel,
  type Manifest,
  modelHash,
  weightsPath,
} from "../hub/embedded.ts";
import { locateModel } from "../hub/model_folder.ts";
import type { Picture } from "../image/picture.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { checkPrompts } from "../text/check_prompts.ts";
import { loadTextEncoder, type PromptEncoder } from "../text/encode.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import { drawBest } from "./best_of.ts";
import { completeTokens } from "./complete.ts";
import { maskId, tokenCount } from "./config.ts";
import { blankTokens, type DecodeState } from "./decode_state.ts";
import { drawFound } from "./draw_tokens.ts";
import {
  checkEnlarging,
  loadSuperres,
  openSuperres,
  type Superres,
  superresOptions,
} from "./enlarge.ts";
import { checkFit } from "./fit.ts";
import { loadTogether } from "./load_together.ts";
import { type BaseModel, loadBaseModel, type TokenModel } from "./model.ts";
import {
  type DrawOptions,
  type GenerateOptions,
  settingsOf,
} from "./options.ts";
import { variantsFor } from "./prompted.ts";
import { checkSteps } from "./step_options.ts";

export { tokensToPictures } from "./draw_tokens.ts";
export { DEFAULTS, type GenerateOptions } from "./options.ts";

/** A whole model, ready to draw. */
export interface Model {
  /** By which it is found. */
  readonly name: string;
  /** SHA-256 over the hashes of its weights. */
  readonly hash: string;
  /** Prompts -> states. */
  readonly encoder: PromptEncoder;
  /** States -> tokens. */
  readonly base: TokenModel;
  /** Tokens <-> pictures. */
  readonly tokenizer: Tokenizer;
  /** Tokens -> larger pictures, if the model has that. */
  readonly superres?: Superres;
  /** What it is drawn with unless told otherwise, where that is its own. */
  readonly defaults?: Partial<GenerateOptions>;
  /** Frees the native memory; the model can't be used afterwards. */
  release(): Promise<void>;
}

/** A model of the paper's kind. */
export interface Muse extends Model {
  /** States -> tokens. */
  readonly base: BaseModel;
}

/** Pictures and how long each part took. */
export interface Generated {
  /** Of the base, [B,N]. */
  readonly tokens: Int32Array;
  /** Of the pictures, [B,M], where they were super-resolved. */
  readonly superresTokens?: Int32Array;
  /** One a prompt. */
  readonly pictures: readonly Picture[];
  /** By which they were drawn, one a prompt. */
  readonly seeds: readonly number[];
  /**
   * How many text ids of each prompt the model didn't see, because the prompt
   * is longer than it reads; 0 where it was read to its end.
   */
  readonly cut: readonly number[];
  /** Those of the best candidates, one a prompt, if there were several. */
  readonly scores?: readonly number[];
  /** How long each part took. */
  readonly seconds: GeneratedSeconds;
}

/** How long the parts of a drawing took. */
export interface GeneratedSeconds {
  /** Reading the prompts. */
  readonly text: number;
  /** The base's decode. */
  readonly decode: number;
  /** The decode of super-resolution, where there was one. */
  readonly superres?: number;
  /** Drawing the tokens. */
  readonly picture: number;
}

/** Choices when a model is loaded. */
export interface LoadOptions extends RunOptions {
  /** Folder with a `manifest.json`; that of the repository by default. */
  readonly weights?: string;
  /** Loads super-resolution too, if the model has it; true by default. */
  readonly superres?: boolean;
}

/**
 * Loads a model by name and checks its files against the manifest, or one by
 * the path of a folder with `tokenizer.safetensors` and `base.safetensors`.
 *
 * @throws Error if there is no such model, a file is damaged, its parts don't
 * fit each other, or its tokenizer is not the one that it learned from
 */
export async function loadMuse(
  model = "mini",
  { weights, superres = true, ...run }: LoadOptions = {},
): Promise<Muse> {
  const { name, manifest, parts } = await locateModel(model, weights);
  // Files are hashed on other threads while this one builds the networks.
  const [checked, loaded] = await Promise.allSettled([
    modelHash(manifest, parts),
    loadParts(name, manifest, parts, { superres, run }),
  ]);
  // That a file is damaged says more than what came of it.
  if (checked.status === "rejected") {
    if (loaded.status === "fulfilled") await loaded.value.release();
    throw checked.reason;
  }
  if (loaded.status === "rejected") throw loaded.reason;
  return { name, hash: checked.value, ...loaded.value };
}

async function loadParts(
  name: string,
  manifest: Manifest,
  parts: EmbeddedModel,
  { superres: wanted, run }: {
    readonly superres: boolean;
    readonly run: RunOptions;
  },
): Promise<Omit<Muse, "name" | "hash">> {
  const path = (part: string) => weightsPath(manifest, part);
  const files = wanted ? parts.superres : undefined;
  const base = await loadBaseModel(path(parts.base), run);
  const { textLength: length } = base.config;
  return await loadTogether(
    [
      loadTokenizer(path(parts.tokenizer), run),
      loadTextEncoder(path(parts.text), { ...run, length }),
      files
        ? loadSuperres({
          tokenizer: path(files.tokenizer),
          transformer: path(files.transformer),
        }, run)
        : Promise.resolve(undefined),
    ],
    async ([tokenizer, encoder, superres]) => {
      const doing = `load the model "${name}"`;
      checkFit(doing, base.config, tokenizer.config, encoder);
      if (superres) checkEnlarging(doing, superres, { tokenizer, encoder });
      await checkTokenizer(doing, manifest, parts);
      const all = [encoder, base, tokenizer, superres];
      return {
        encoder,
        base,
        tokenizer,
        ...(superres && { superres }),
        async release() {
          await Promise.all(all.map((part) => part?.release()));
        },
      };
    },
  );
}

/**
 * Draws one picture for each prompt. Where the best of several is asked for,
 * they are compared as small as the base draws them, and the best one is drawn
 * once more, to its full size, and heard then; the times are those of all.
 *
 * @param onStep is called with the state after every decode step of the base
 * @param onSuperresStep the same of super-resolution
 * @throws RangeError for options out of range, naming them
 */
export async function generate(
  muse: Model,
  prompts: readonly string[],
  options: Partial<GenerateOptions> = {},
  onStep?: (state: DecodeState) => void,
  onSuperresStep?: (state: DecodeState) => void,
): Promise<Generated> {
  const { bestOf, ...settings } = settingsOf(options, muse.defaults);
  checkPrompts(prompts);
  checkSteps(settings, settings.steps);
  superresOptions(muse, settings);
  const listeners = { onStep, onSuperresStep };
  const small = { ...settings, superresSteps: 0 };
  return await drawBest(
    bestOf,
    prompts,
    settings.seed,
    (seed, isLast) =>
      isLast
        ? drawOnce(muse, prompts, { ...settings, seed }, listeners)
        : drawOnce(muse, prompts, { ...small, seed }, {}),
  );
}

/** What is called with the states of the decodes. */
export interface DrawListeners {
  readonly onStep?: (state: DecodeState) => void;
  readonly onSuperresStep?: (state: DecodeState) => void;
}

async function drawOnce(
  muse: Model,
  prompts: readonly string[],
  settings: DrawOptions & { readonly seed: readonly number[] },
  { onStep, onSuperresStep }: DrawListeners,
): Promise<Generated> {
  const { config } = muse.base;
  const blank = blankTokens(prompts.length, tokenCount(config), maskId(config));
  const found = await completeTokens(muse, prompts, blank, settings, onStep);
  const drawn = await drawFound(muse, found, settings, onSuperresStep);
  return {
    ...drawn,
    tokens: found.tokens,
    seeds: settings.seed,
    cut: found.prompted.cut,
    seconds: { ...found.seconds, ...drawn.seconds },
  };
}

/**
 * Compiles all that drawing with these options needs. It happens by itself
 * where it hasn't, but then counts as time of the first pictures.
 */
export async function openMuse(
  muse: Model,
  options: Partial<GenerateOptions> = {},
): Promise<void> {
  const settings = settingsOf(options, muse.defaults);
  checkSteps(settings, settings.steps);
  const { codes } = muse.base.config;
  for (const variant of variantsFor(settings, codes)) {
    await muse.base.open(variant);
  }
  const superres = superresOptions(muse, settings);
  if (superres) await openSuperres(muse.superres!, superres);
  // Candidates are drawn as small as the base draws them.
  if (!superres || settings.bestOf) {
    await muse.tokenizer.openDecoder(muse.base.config.grid);
  }
}
