/** Finds what a name stands for: a published checkpoint, a part, a repository. */

import { checkPath, checkRevised } from "./layout.ts";
import type { Checkpoint, PublishedFile } from "./checkpoint.ts";
import { PUBLISHED } from "./published.ts";

/** Which files of a checkpoint are meant. */
export interface CheckpointOptions {
  /** Paths of the files; by default all that the catalogue lists. */
  readonly files?: readonly string[];
  /** The catalogued checkpoint whose files a repository has too. */
  readonly like?: string;
}

/** The checkpoint of that name in the catalogue. */
export function catalogued(name: string): Checkpoint | undefined {
  return PUBLISHED.find((entry) => entry.name === name);
}

/**
 * Understands a catalogued name ("amused-256"), a folder of one
 * ("amused-256/vqvae") or a repository of the hub ("organization/name"), each
 * with "@" and a revision if another is meant.
 *
 * @returns without files for a repository that nothing is known of
 * @throws Error for a name of another form, or an unknown one
 */
export function findEntry(
  name: string,
  { files, like }: CheckpointOptions = {},
): Checkpoint {
  files?.forEach(checkPath);
  const [stem, revision, ...rest] = name.split("@");
  if (rest.length > 0 || revision === "") throw notUnderstood(name);
  const found = whole(stem) ?? partOf(stem) ?? repository(stem, like);
  if (!found) throw notUnderstood(name);
  const narrowed = files ? narrow(found, files) : found;
  return revision === undefined ? narrowed : revise(narrowed, revision);
}

function notUnderstood(name: string): Error {
  return new Error(
    `Cannot find the checkpoint "${name}": wanted a name that ` +
      "`deno task weights list` shows, or organization/name of a repository " +
      "of the hub, either with @revision if it is to be another",
  );
}

/** A checkpoint by our name for it or by that of its repository. */
function whole(stem: string): Checkpoint | undefined {
  return catalogued(stem) ??
    PUBLISHED.find((entry) =>
      entry.kind === "hub" && entry.repository === stem
    );
}

/** The files of a catalogued checkpoint that lie in a folder of it. */
function partOf(stem: string): Checkpoint | undefined {
  const slash = stem.indexOf("/");
  const entry = slash < 0 ? undefined : catalogued(stem.slice(0, slash));
  if (entry?.kind !== "hub") return undefined;
  const folder = stem.slice(slash + 1);
  const files = entry.files.filter(({ path }) => path.startsWith(`${folder}/`));
  return files.length === 0 ? undefined : { ...entry, name: stem, files };
}

function repository(
  stem: string,
  like: string | undefined,
): Checkpoint | undefined {
  if (stem.split("/").length !== 2) return undefined;
  checkRevised({ repository: stem, revision: "main" });
  const model = like === undefined ? undefined : catalogued(like);
  if (like !== undefined && model?.kind !== "hub") {
    throw new Error(
      `Cannot take the files of "${like}" as those of ${stem}: it is no ` +
        "checkpoint of the hub that `deno task weights list` shows",
    );
  }
  return {
    kind: "hub",
    name: stem,
    about: model ? `has the files of ${model.name}` : "a repository of the hub",
    licence: "see the page",
    repository: stem,
    revision: "main",
    ...(like === undefined ? {} : { like }),
    files: unsure(model?.files ?? []).map(orOtherwise),
  };
}

/**
 * Files in whose place others do that newer programs save: tokenizers are one
 * file then, and their configs name the special tokens.
 */
const OTHERWISE: Readonly<Record<string, string>> = {
  "tokenizer/merges.txt": "tokenizer/tokenizer.json",
  "tokenizer/special_tokens_map.json": "tokenizer/tokenizer_config.json",
  "tokenizer/vocab.json": "tokenizer/tokenizer.json",
};

/** What may be there by another name alone; weights by diffusers' for float16. */
function orOtherwise(file: PublishedFile): PublishedFile {
  const half = file.path.replace(/^([^.]+)(\.safetensors)$/, "$1.fp16$2");
  const otherwise = OTHERWISE[file.path] ?? half;
  return otherwise === file.path ? file : { ...file, otherwise };
}

function narrow(entry: Checkpoint, paths: readonly string[]): Checkpoint {
  if (entry.kind === "hub") {
    const files = paths.map((path): PublishedFile =>
      entry.files.find((file) => file.path === path) ?? { path }
    );
    return { ...entry, files };
  }
  const files = paths.map((path) => {
    const file = entry.files.find((file) => file.path === path);
    if (file) return file;
    throw new Error(
      `Cannot find ${path} of ${entry.name}: it has ` +
        entry.files.map((file) => file.path).join(", "),
    );
  });
  return { ...entry, files };
}

/** Another revision, whose files are not those that sizes are known of. */
function revise(entry: Checkpoint, revision: string): Checkpoint {
  if (entry.kind !== "hub") {
    throw new Error(
      `Cannot find ${entry.name}@${revision}: it is not in a repository of ` +
        "the hub and has no revisions",
    );
  }
  checkRevised({ repository: entry.repository, revision });
  if (revision === entry.revision) return entry;
  const name = `${entry.name}@${revision}`;
  return { ...entry, name, revision, files: unsure(entry.files) };
}

/** The same files elsewhere: much as large, with other content. */
function unsure(files: readonly PublishedFile[]): readonly PublishedFile[] {
  return files.map(({ path, otherwise, bytes, about }) => ({
    path,
    ...(otherwise === undefined ? {} : { otherwise }),
    about: bytes ?? about,
  }));
}

/** What `records.ts` keeps a file's hash under. */
export function recordKey(entry: Checkpoint, path: string): string {
  return entry.kind === "hub"
    ? `${entry.repository}@${entry.revision}/${path}`
    : `${entry.name}/${path}`;
}

/** Where a person reads about it. */
export function pageOf(entry: Checkpoint, endpoint: string): string {
  return entry.kind === "hub"
    ? `${endpoint}/${entry.repository}`
    : entry.source;
}
