/** From prompts to pictures: the steps of the library in a row. */

import { checkTokenizer } from "../hub/check_tokenizer.ts";
import {
  type EmbeddedModel,
  findModel,
  type Manifest,
  modelHash,
  readManifest,
  weightsPath,
} from "../hub/embedded.ts";
import { fromPlanarBatch, type Picture } from "../image/picture.ts";
import type { ThreadOptions } from "../run/session.ts";
import { loadTextEncoder, type PromptEncoder } from "../text/encode.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import { findBest } from "./best_of.ts";
import { completeTokens } from "./complete.ts";
import { maskId, tokenCount } from "./config.ts";
import { blankTokens, type DecodeState, seedsOf } from "./decode_state.ts";
import { checkFit } from "./fit.ts";
import { loadTogether } from "./load_together.ts";
import { type BaseModel, loadBaseModel } from "./model.ts";
import {
  type DrawOptions,
  type GenerateOptions,
  settingsOf,
} from "./options.ts";
import { networksFor } from "./prompted.ts";
import { checkSteps } from "./step_options.ts";
import { variantOf } from "./step_variant.ts";

export { DEFAULTS, type GenerateOptions } from "./options.ts";

/** A whole model, ready to draw. */
export interface Muse {
  /** Its name in the manifest. */
  readonly name: string;
  /** SHA-256 over the hashes of its weights. */
  readonly hash: string;
  /** Prompts -> states. */
  readonly encoder: PromptEncoder;
  /** States -> tokens. */
  readonly base: BaseModel;
  /** Tokens <-> pictures. */
  readonly tokenizer: Tokenizer;
  /** Frees the native memory; the model can't be used afterwards. */
  release(): Promise<void>;
}

/** Pictures and how long each part took. */
export interface Generated {
  /** [B,N] */
  readonly tokens: Int32Array;
  /** One a prompt. */
  readonly pictures: readonly Picture[];
  /** By which they were drawn, one a prompt. */
  readonly seeds: readonly number[];
  /** Those of the best candidates, one a prompt, if there were several. */
  readonly scores?: readonly number[];
  /** How long each part took. */
  readonly seconds: {
    readonly text: number;
    readonly decode: number;
    readonly picture: number;
  };
}

/** Choices when a model is loaded. */
export interface LoadOptions extends ThreadOptions {
  /** Folder with a `manifest.json`; that of the repository by default. */
  readonly weights?: string;
}

/**
 * Loads a model by name and checks its files against the manifest.
 *
 * @throws Error if there is no such model, a file is damaged, its parts don't
 * fit each other, or its tokenizer is not the one that it learned from
 */
export async function loadMuse(
  name = "mini",
  { weights, ...threads }: LoadOptions = {},
): Promise<Muse> {
  const manifest = await readManifest(weights);
  const parts = findModel(manifest, name);
  // Files are hashed on other threads while this one builds the networks.
  const [checked, loaded] = await Promise.allSettled([
    modelHash(manifest, parts),
    loadParts(name, manifest, parts, threads),
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
  threads: ThreadOptions,
): Promise<Omit<Muse, "name" | "hash">> {
  const base = await loadBaseModel(weightsPath(manifest, parts.base), threads);
  const { textLength: length } = base.config;
  return await loadTogether(
    [
      loadTokenizer(weightsPath(manifest, parts.tokenizer), threads),
      loadTextEncoder(weightsPath(manifest, parts.text), {
        ...threads,
        length,
      }),
    ],
    async ([tokenizer, encoder]) => {
      const doing = `load the model "${name}"`;
      checkFit(doing, base.config, tokenizer.config, encoder);
      await checkTokenizer(doing, manifest, parts);
      const all = [encoder, base, tokenizer];
      return {
        encoder,
        base,
        tokenizer,
        async release() {
          await Promise.all(all.map((part) => part.release()));
        },
      };
    },
  );
}

/**
 * Draws one picture for each prompt. `onStep` hears the state after every
 * decode step. Where the best of several is asked for, it is drawn once more
 * when it is found, and heard then; the times are those of all drawings.
 *
 * @throws RangeError for options out of range, naming them
 */
export async function generate(
  muse: Muse,
  prompts: readonly string[],
  options: Partial<GenerateOptions> = {},
  onStep?: (state: DecodeState) => void,
): Promise<Generated> {
  const { bestOf, ...settings } = settingsOf(options);
  checkSteps(settings, settings.steps);
  if (!bestOf) return await drawOnce(muse, prompts, settings, onStep);
  const all: Generated[] = [];
  const draw = async (
    seed: readonly number[],
    heard?: (state: DecodeState) => void,
  ) => {
    all.push(await drawOnce(muse, prompts, { ...settings, seed }, heard));
    return all.at(-1)!;
  };
  const seeds = seedsOf(settings.seed, prompts.length);
  const best = await findBest(bestOf, prompts, seeds, draw);
  const drawn = await draw(best.seeds, onStep);
  const total = (part: keyof Generated["seconds"]) =>
    all.reduce((sum, { seconds }) => sum + seconds[part], 0);
  return {
    ...drawn,
    scores: best.scores,
    seconds: {
      text: total("text"),
      decode: total("decode"),
      picture: total("picture"),
    },
  };
}

async function drawOnce(
  muse: Muse,
  prompts: readonly string[],
  settings: DrawOptions,
  onStep?: (state: DecodeState) => void,
): Promise<Generated> {
  const { config } = muse.base;
  const blank = blankTokens(prompts.length, tokenCount(config), maskId(config));
  const { tokens, seconds } = await completeTokens(
    muse,
    prompts,
    blank,
    settings,
    onStep,
  );
  const decoded = performance.now();
  const pictures = await tokensToPictures(muse.tokenizer, tokens);
  return {
    tokens,
    pictures,
    seeds: seedsOf(settings.seed, prompts.length),
    seconds: { ...seconds, picture: (performance.now() - decoded) / 1000 },
  };
}

/**
 * Compiles all that drawing with these options needs. It happens by itself
 * where it hasn't, but then counts as time of the first pictures.
 */
export async function openMuse(
  muse: Muse,
  options: Partial<GenerateOptions> = {},
): Promise<void> {
  const settings = settingsOf(options);
  checkSteps(settings, settings.steps);
  const { codes } = muse.base.config;
  for (const guidance of networksFor(settings)) {
    await muse.base.open(variantOf({ ...settings, guidance }, codes));
  }
  await muse.tokenizer.openDecoder();
}

/** Tokens [B,N] as pictures. */
export async function tokensToPictures(
  tokenizer: Tokenizer,
  tokens: Int32Array,
): Promise<Picture[]> {
  const side = tokenizer.config.imageSize;
  return fromPlanarBatch(await tokenizer.decode(tokens), side, side);
}
