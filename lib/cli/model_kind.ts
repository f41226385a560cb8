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
import { snapshotFolders } from "../hub/layout.ts";
import { hubSettings } from "../hub/settings.ts";
import type { GenerateOptions } from "../muse/options.ts";
import { PRESETS } from "../muse/presets.ts";
import { UsageError } from "./errors.ts";

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
    /** Pixels a side of its own pictures, if that can be told. */
    readonly side: number | undefined;
  }
  /** A checkpoint of the catalogue, or a repository of the hub. */
  | {
    readonly kind: "checkpoint";
    readonly family: ModelFamily;
    readonly name: string;
    readonly side: number | undefined;
  };

/** baaivision's model in the catalogue. */
export const MUSE_CC3M = "muse-cc3m";

/** Its tokenizer there. */
export const MAGE_VQGAN = "mage-vqgan";

/** Repositories that aren't in the catalogue have the files of this one. */
export const LIKE = "amused-256";

const CATALOGUED = /^(?:amused\/)?amused-(256|512)(?:-fp16)?(?:@\S+)?$/;
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
    const side = sideOf(model);
    return { kind: "folder", family: "amused", folder: model, side };
  }
  const baai = { family: "baai", side: undefined } as const;
  if (has(join(model, BAAI_TRANSFORMER))) {
    return { kind: "folder", ...baai, folder: model };
  }
  if (has(model)) return { kind: "own" };
  if (model === MUSE_CC3M) return { kind: "checkpoint", ...baai, name: model };
  const checkpoint = (side: number | undefined) =>
    ({ kind: "checkpoint", family: "amused", name: model, side }) as const;
  const [, pixels] = CATALOGUED.exec(model) ?? [];
  if (pixels) return checkpoint(+pixels);
  if (REPOSITORY.test(model)) return checkpoint(sideOfRepository(model));
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

/** Pixels a side of a token. */
const TOKEN = 16;

/** The file that says how many tokens there are a side. */
const CONFIG = join("transformer", "config.json");

function sideOf(folder: string): number | undefined {
  try {
    const text = Deno.readTextFileSync(join(folder, CONFIG));
    const { sample_size: side } = JSON.parse(text);
    return Number.isSafeInteger(side) ? TOKEN * side : undefined;
  } catch {
    return undefined; // loading it says what is wrong
  }
}

/** By what is here of it; undefined if that says nothing, or two things. */
function sideOfRepository(name: string): number | undefined {
  const [repository, revision = "main"] = name.split("@");
  const folders = snapshotFolders(hubSettings(), { repository, revision });
  const sides = new Set(folders.map(sideOf).filter((side) => side));
  return sides.size === 1 ? [...sides][0] : undefined;
}

/** What settings of a model are read from. */
export interface OwnSettings {
  /** Where they differ from the library's. */
  readonly defaults: Partial<GenerateOptions>;
  /** Settings by name; undefined for one that can't be told for this model. */
  preset(name: string): Readonly<Partial<GenerateOptions>> | undefined;
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
    preset(name) {
      if (name !== BEST) return common(name);
      if (kind.side !== undefined) return amusedBest(kind.side);
      throw noSide(kind);
    },
  };
}

function noSide(kind: Exclude<ModelKind, { kind: "own" }>): UsageError {
  const how = kind.kind === "folder"
    ? `which ${join(kind.folder, CONFIG)} doesn't tell.`
    : `which is known once it is here; get it with ` +
      `\`deno task weights pull ${kind.name} --like ${LIKE}\`.`;
  return new UsageError(
    `--preset ${BEST} goes by the size of the model's own pictures, ${how}`,
  );
}
