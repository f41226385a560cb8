/** The second half of the cascade: pictures from the base's tokens, larger. */

import type { SuperresFiles } from "../hub/embedded.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import type { PromptEncoder } from "../text/encode.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import { maskId } from "./config.ts";
import type { DecodeState } from "./decode_state.ts";
import { checkSuperresFit } from "./fit.ts";
import { loadTogether } from "./load_together.ts";
import type { DrawOptions, Enlarging } from "./options.ts";
import { type EncodedPrompts, variantsFor } from "./prompted.ts";
import { checkSteps } from "./step_options.ts";
import { superResolve } from "./super_resolve.ts";
import {
  SUPERRES_DEFAULTS,
  type SuperresOptions,
  superresSettingsOf,
} from "./superres_defaults.ts";
import { loadSuperresModel, type SuperresModel } from "./superres_model.ts";

/** What makes a model's pictures larger. */
export interface Superres {
  /** Tokens -> more tokens. */
  readonly model: SuperresModel;
  /** Those <-> pictures. */
  readonly tokenizer: Tokenizer;
  /** Frees the native memory; it can't be used afterwards. */
  release(): Promise<void>;
}

/** The parts of a model that super-resolution has to fit. */
export interface BaseParts {
  readonly tokenizer: { readonly config: VqganConfig };
  readonly encoder: Pick<PromptEncoder, "length" | "width">;
}

/**
 * Loads super-resolution.
 *
 * @param files full paths
 * @throws Error if a file is damaged or the two don't fit each other
 */
export async function loadSuperres(
  { tokenizer, transformer }: SuperresFiles,
  run: RunOptions = {},
): Promise<Superres> {
  return await loadTogether(
    [
      loadSuperresModel(transformer, run),
      loadTokenizer(tokenizer, run),
    ],
    ([model, tokenizer]) => ({
      model,
      tokenizer,
      async release() {
        await Promise.all([model.release(), tokenizer.release()]);
      },
    }),
  );
}

/** Compares super-resolution with the parts before it, as checkFit(). */
export function checkEnlarging(
  doing: string,
  { model, tokenizer }: Superres,
  { tokenizer: { config: low }, encoder }: BaseParts,
): void {
  const high = tokenizer.config;
  checkSuperresFit(doing, model.config, { low, high, encoder });
}

/** A model that may have super-resolution. */
export interface Enlarger {
  readonly name: string;
  readonly superres?: Superres;
}

/**
 * How many steps of super-resolution there are: as many as the options say,
 * else the usual number if the model has it; 0 for none.
 *
 * @throws RangeError if it is no number of steps, or the options want some and
 * the model has none
 */
export function superresSteps(
  { name, superres }: Enlarger,
  { superresSteps: steps }: Pick<DrawOptions, "superresSteps">,
): number {
  if (steps !== undefined && !(Number.isInteger(steps) && steps >= 0)) {
    throw new RangeError(
      `Cannot super-resolve: found ${steps} steps, wanted a whole number of ` +
        `at least 0`,
    );
  }
  if (superres) return steps ?? SUPERRES_DEFAULTS.steps;
  if (!steps) return 0;
  throw new RangeError(
    `Cannot super-resolve in ${steps} steps: the model "${name}" has no ` +
      `super-resolution; leave out superresSteps`,
  );
}

/**
 * How super-resolution goes, undefined for none.
 * @throws RangeError as superresSteps(), and for options out of range
 */
export function superresOptions(
  muse: Enlarger,
  settings: Enlarging,
): SuperresOptions | undefined {
  const steps = superresSteps(muse, settings);
  const { superres } = settings;
  if (superres && !muse.superres) {
    throw new RangeError(
      `Cannot super-resolve: the model "${muse.name}" has no ` +
        `super-resolution; leave out superres`,
    );
  }
  const { steps: inside }: Partial<SuperresOptions> = { ...superres };
  if (inside !== undefined) {
    throw new RangeError(
      `Cannot super-resolve: found ${inside} steps in superres, wanted them ` +
        `beside it; use superresSteps`,
    );
  }
  if (steps === 0) return undefined;
  const options = { ...superresSettingsOf({ ...superres }), steps };
  checkSteps(options, steps);
  return options;
}

/** What makes the pictures larger, as superresOptions(), if anything does. */
export function superresFor(
  muse: Enlarger,
  settings: Enlarging,
): Superres | undefined {
  return superresOptions(muse, settings) && muse.superres;
}

/** The tokens of the base, and what they show. */
export interface BaseTokens {
  /** [B,N] */
  readonly tokens: Int32Array;
  readonly prompted: EncodedPrompts;
  /**
   * Tokens [B,M] of the larger pictures that are known already, the mask id
   * elsewhere; none by default.
   */
  readonly superresTokens?: Int32Array;
}

/**
 * The tokens [B,M] of the larger pictures; undefined for no steps. Where all
 * are known the network isn't asked.
 *
 * @param onStep is called with the state after every step
 */
export async function enlargeTokens(
  muse: Enlarger,
  { tokens: low, prompted, superresTokens: known }: BaseTokens,
  settings: Enlarging & Pick<DrawOptions, "seed">,
  onStep: (state: DecodeState) => void = () => {},
): Promise<Int32Array | undefined> {
  const options = superresOptions(muse, settings);
  if (!options) return undefined;
  const { model } = muse.superres!;
  if (known && !known.includes(maskId(model.config))) return known;
  const { text: prompts, negative } = prompted;
  const { seed } = settings;
  const input = { low, prompts, negative, tokens: known, seed };
  let tokens: Int32Array | undefined;
  for await (const state of superResolve(model, input, options)) {
    onStep(state);
    tokens = state.tokens;
  }
  return tokens;
}

/** Compiles all that such a super-resolution needs. */
export async function openSuperres(
  { model, tokenizer }: Superres,
  options: SuperresOptions,
): Promise<void> {
  const { codes } = model.config;
  for (const variant of variantsFor(options, codes)) await model.open(variant);
  await tokenizer.openDecoder();
}
