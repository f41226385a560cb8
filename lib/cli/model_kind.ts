/**
 * Whose model a command draws with: one of the repository or of a folder with a
 * manifest, or a published one: aMUSEd or what was finetuned of it, or
 * baaivision's Muse.
 */

import { join } from "node:path";
import {
  AMUSED_DEFAULTS,
  AMUSED_INPAINT,
  amusedBest,
} from "../amused/options.ts";
import { BAAI_TRANSFORMER } from "../baai/files.ts";
import { BAAI_DEFAULTS } from "../baai/options.ts";
import type { GenerateOptions } from "../muse/options.ts";
import { PRESETS } from "../muse/presets.ts";

/** Whose published model it is. */
export type ModelFamily = "amused" | "baai";

/** What `--model` stands for. */
export type ModelKind =
  | { readonly kind: "own" }
  /** A folder: aMUSEd's as diffusers saves it. */
  | {
    readonly kind: "folder";
    readonly family: ModelFamily;
    readonly folder: string;
  }
  /** A checkpoint of the catalogue, or a repository of the hub. */
  | {
    readonly kind: "checkpoint";
    readonly family: ModelFamily;
    readonly name: string;
  };

/** baaivision's model in the catalogue. */
export const MUSE_CC3M = "muse-cc3m";

/** Its tokenizer there. */
export const MAGE_VQGAN = "mage-vqgan";

/** Repositories that aren't in the catalogue have the files of this one. */
export const LIKE = "amused-256";

const CATALOGUED = /^amused-(?:256|512)(?:-fp16)?(?:@\S+)?$/;
const REPOSITORY = /^[\w.-]+\/[\w.-]+(?:@\S+)?$/;

/**
 * Reads `--model`, with `--weights`, which names a folder of our own models. A
 * folder that is here is meant before a repository of that name.
 */
export function modelKind(
  model: string | undefined,
  weights: string | undefined,
): ModelKind {
  if (model === undefined || weights !== undefined) return { kind: "own" };
  if (has(join(model, "model_index.json"))) {
    return { kind: "folder", family: "amused", folder: model };
  }
  if (has(join(model, BAAI_TRANSFORMER))) {
    return { kind: "folder", family: "baai", folder: model };
  }
  if (has(model)) return { kind: "own" };
  if (model === MUSE_CC3M) {
    return { kind: "checkpoint", family: "baai", name: model };
  }
  if (CATALOGUED.test(model) || REPOSITORY.test(model)) {
    return { kind: "checkpoint", family: "amused", name: model };
  }
  return { kind: "own" };
}

function has(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Settings, or what tells them by the side of a model's own pictures. */
export type Preset =
  | Readonly<Partial<GenerateOptions>>
  | ((side: number) => Readonly<Partial<GenerateOptions>>);

/** What settings of a model are read from. */
export interface OwnSettings {
  /** Where they differ from the library's. */
  readonly defaults: Partial<GenerateOptions>;
  /** By its name; undefined if there is none for this model. */
  preset(name: string): Preset | undefined;
  readonly presets: readonly string[];
}

/** The preset that is aMUSEd's alone. */
export const BEST = "best";

/** @param region whether a region is drawn, or the whole picture */
export function ownSettings(kind: ModelKind, region: boolean): OwnSettings {
  const names = Object.keys(PRESETS);
  const common = (name: string) =>
    Object.entries(PRESETS).find(([known]) => known === name)?.[1];
  if (kind.kind === "own") {
    return { defaults: {}, preset: common, presets: names };
  }
  if (kind.family === "baai") {
    return { defaults: BAAI_DEFAULTS, preset: common, presets: names };
  }
  return {
    defaults: { ...AMUSED_DEFAULTS, ...(region ? AMUSED_INPAINT : {}) },
    presets: [...names, BEST],
    preset: (name) => name === BEST ? amusedBest : common(name),
  };
}
