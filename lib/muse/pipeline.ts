/** From prompts to pictures: the steps of the library in a row. */

import {
  embeddedPath,
  type Manifest,
  readManifest,
  verifyFile,
} from "../hub/embedded.ts";
import { fromPlanar, type Picture } from "../image/picture.ts";
import {
  encodeText,
  loadTextEncoder,
  type PromptEncoder,
} from "../text/encode.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import { maskId, tokenCount } from "./config.ts";
import { decode } from "./decode.ts";
import { blankTokens, type DecodeState, startDecode } from "./decode_state.ts";
import type { Guidance } from "./guidance.ts";
import {
  type BaseModel,
  type BaseModelOptions,
  loadBaseModel,
} from "./model.ts";
import type { Schedule } from "./schedule.ts";

/** A whole model, ready to draw. */
export interface Muse {
  readonly name: string;
  /** SHA-256 over the hashes of its weights. */
  readonly hash: string;
  readonly encoder: PromptEncoder;
  readonly base: BaseModel;
  readonly tokenizer: Tokenizer;
  /** Frees the native memory. */
  release(): Promise<void>;
}

/** How pictures are drawn. */
export interface GenerateOptions {
  /** Picture i is that of the seed `seed + i`, whatever else is drawn. */
  readonly seed: number;
  readonly steps: number;
  readonly schedule: Schedule;
  readonly guidance: Guidance;
  /** Temperature of the tokens' distribution. */
  readonly temperature: number;
  /** Temperature of the noise on the order in which tokens are kept. */
  readonly choiceTemperature: number;
  /** What guidance leads away from; nothing by default. */
  readonly negative?: string;
}

/** What `mini` draws with unless told otherwise. */
export const DEFAULTS: GenerateOptions = {
  seed: 0,
  steps: 12,
  schedule: "cosine",
  guidance: { kind: "linear", from: 0, to: 4 },
  temperature: 1,
  choiceTemperature: 4.5,
};

/** Pictures and how long each part took. */
export interface Generated {
  /** [B,N] */
  readonly tokens: Int32Array;
  readonly pictures: readonly Picture[];
  readonly seconds: {
    readonly text: number;
    readonly decode: number;
    readonly picture: number;
  };
}

/**
 * Loads an embedded model by name and checks its files against the manifest.
 *
 * @throws Error if there is no such model or a file is damaged
 */
export async function loadMuse(
  name = "mini",
  options: BaseModelOptions = {},
): Promise<Muse> {
  const manifest = await readManifest();
  const parts = manifest.models[name];
  if (!parts) {
    throw new Error(
      `Cannot load the model "${name}": there are ` +
        Object.keys(manifest.models).join(", "),
    );
  }
  const hash = await modelHash(manifest, [parts.tokenizer, parts.base]);
  const base = await loadBaseModel(embeddedPath(parts.base), options);
  const [tokenizer, encoder] = await Promise.all([
    loadTokenizer(embeddedPath(parts.tokenizer)),
    loadTextEncoder(embeddedPath(parts.text), {
      length: base.config.textLength,
    }),
  ]);
  return {
    name,
    hash,
    encoder,
    base,
    tokenizer,
    async release() {
      await Promise.all([
        encoder.release(),
        base.release(),
        tokenizer.release(),
      ]);
    },
  };
}

async function modelHash(
  manifest: Manifest,
  paths: readonly string[],
): Promise<string> {
  const hashes = await Promise.all(
    paths.map((path) => verifyFile(manifest, path)),
  );
  const joined = new TextEncoder().encode(hashes.join(" "));
  const digest = await crypto.subtle.digest("SHA-256", joined);
  return new Uint8Array(digest).toHex();
}

/**
 * Draws one picture for each prompt. `onStep` hears the state after every
 * decode step.
 */
export async function generate(
  muse: Muse,
  prompts: readonly string[],
  options: Partial<GenerateOptions> = {},
  onStep: (state: DecodeState) => void = () => {},
): Promise<Generated> {
  const settings = { ...DEFAULTS, ...options };
  const { config } = muse.base;
  const began = performance.now();
  const text = await encodeText(muse.encoder, prompts);
  const negative = settings.negative === undefined
    ? undefined
    : await encodeText(muse.encoder, prompts.map(() => settings.negative!));
  const predict = await muse.base.predictor(text, negative);
  const encoded = performance.now();

  const length = tokenCount(config);
  const id = maskId(config);
  let state = startDecode({
    tokens: blankTokens(prompts.length, length, id),
    length,
    maskId: id,
    seed: settings.seed,
    schedule: settings.schedule,
    steps: settings.steps,
  });
  for await (state of decode(state, predict, settings)) onStep(state);
  const decoded = performance.now();

  const pictures = await tokensToPictures(muse.tokenizer, state.tokens);
  return {
    tokens: state.tokens,
    pictures,
    seconds: {
      text: (encoded - began) / 1000,
      decode: (decoded - encoded) / 1000,
      picture: (performance.now() - decoded) / 1000,
    },
  };
}

/** Tokens [B,N] as pictures. */
export async function tokensToPictures(
  tokenizer: Tokenizer,
  tokens: Int32Array,
): Promise<Picture[]> {
  const side = tokenizer.config.imageSize;
  const size = 3 * side * side;
  const pixels = await tokenizer.decode(tokens);
  return Array.from(
    { length: pixels.length / size },
    (_, i) => fromPlanar(pixels.subarray(i * size, (i + 1) * size), side, side),
  );
}
