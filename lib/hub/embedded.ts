/** The models that come with the repository, and the list of their files. */

import { isRecord } from "../run/field.ts";

/** A file of `weights/`, as `weights/manifest.json` lists it. */
export interface WeightsFile {
  /** Path below `weights/`. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** The training configuration it was made with, if it was trained here. */
  readonly config?: string;
  /** Where it comes from. */
  readonly source: string;
  /** Under which it may be used. */
  readonly licence: string;
}

/** An embedded model: its parts, as paths below `weights/`. */
export interface EmbeddedModel {
  /** The VQGAN's file. */
  readonly tokenizer: string;
  /** The base transformer's file. */
  readonly base: string;
  /** Folder of the text encoder. */
  readonly text: string;
  /** What makes its pictures larger, if there is that. */
  readonly superres?: SuperresFiles;
}

/** The files of super-resolution, as paths below `weights/`. */
export interface SuperresFiles {
  /** The high-resolution VQGAN's. */
  readonly tokenizer: string;
  /** The transformer's. */
  readonly transformer: string;
}

/** All files of a model but those of the text encoder. */
export function modelFiles(
  { tokenizer, base, superres }: EmbeddedModel,
): string[] {
  return superres
    ? [tokenizer, base, superres.tokenizer, superres.transformer]
    : [tokenizer, base];
}

/** What `weights/manifest.json` says. */
export interface Manifest {
  /** The folder it was read from and that its paths lie in; "" for none. */
  readonly root: string;
  /** The models by name. */
  readonly models: Readonly<Record<string, EmbeddedModel>>;
  /** All files with weights. */
  readonly files: readonly WeightsFile[];
}

/** The path of something below `weights/`. */
export function embeddedPath(path: string): string {
  const url = new URL(`../../weights/${path}`, import.meta.url);
  return Deno.build.os === "windows"
    ? decodeURIComponent(url.pathname).replace(/^\//, "")
    : decodeURIComponent(url.pathname);
}

/** The full path of something that a manifest names. */
export function weightsPath(
  { root }: Pick<Manifest, "root">,
  path: string,
): string {
  return root === "" ? path : `${root}/${path}`;
}

/**
 * Reads the list of models and files in a folder of weights, by default that
 * of the repository.
 *
 * @throws Error if there is none or it is damaged
 */
export async function readManifest(
  root: string = embeddedPath("").replace(/\/$/, ""),
): Promise<Manifest> {
  const path = `${root}/manifest.json`;
  let text;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new Error(
      `Cannot read the list of weights ${path} ` +
        `(${(error as Error).message}); write it with ` +
        `\`deno task weights manifest\``,
    );
  }
  const { models, files } = parseObject(text);
  if (!isRecord(models) || !Array.isArray(files)) {
    throw new Error(
      `Cannot use the list of weights ${path}: it is not JSON with "models" ` +
        `and "files"; write it again with \`deno task weights manifest\``,
    );
  }
  return {
    root,
    models: models as Manifest["models"],
    files: files as readonly WeightsFile[],
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/**
 * The parts of a model.
 * @throws Error if there is no such model
 */
export function findModel(manifest: Manifest, name: string): EmbeddedModel {
  if (Object.hasOwn(manifest.models, name)) return manifest.models[name];
  throw new Error(
    `Cannot load the model "${name}": found ` +
      (Object.keys(manifest.models).join(", ") || "no model") +
      ` in ${manifest.root}`,
  );
}

/**
 * Compares a model's files with the manifest.
 *
 * @returns the SHA-256 over their hashes
 * @throws Error if one is missing or differs
 */
export async function modelHash(
  manifest: Manifest,
  model: EmbeddedModel,
): Promise<string> {
  const texts = manifest.files
    .map((file) => file.path)
    .filter((path) => path.startsWith(`${model.text}/`));
  const hashes = await Promise.all(
    [...modelFiles(model), ...texts].map((path) => verifyFile(manifest, path)),
  );
  return await sha256(new TextEncoder().encode(hashes.join(" ")));
}

/**
 * Compares a file with the manifest.
 *
 * @returns its SHA-256
 * @throws Error if it is missing, from the manifest too, or differs from it
 */
export async function verifyFile(
  manifest: Manifest,
  path: string,
): Promise<string> {
  const full = weightsPath(manifest, path);
  const entry = manifest.files.find((file) => file.path === path);
  if (!entry) {
    throw new Error(
      `Cannot check ${full}: the manifest does not list it; write ` +
        `the manifest again with \`deno task weights manifest\``,
    );
  }
  const found = await measureFile(full);
  if (found.bytes !== entry.bytes || found.sha256 !== entry.sha256) {
    throw new Error(
      `Cannot use ${full}: it is damaged (${found.bytes} bytes, ` +
        `SHA-256 ${found.sha256.slice(0, 12)}…; the manifest says ` +
        `${entry.bytes} and ${entry.sha256.slice(0, 12)}…); restore it, for ` +
        `instance with \`git checkout -- weights/${path}\``,
    );
  }
  return found.sha256;
}

/**
 * Size and SHA-256 of a file.
 * @throws Error if it can't be read
 */
export async function measureFile(
  path: string,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  let bytes;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw new Error(
      `Cannot read the weights ${path} (${(error as Error).message}); ` +
        `restore the file, for instance with \`git checkout\``,
    );
  }
  return { bytes: bytes.length, sha256: await sha256(bytes) };
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(digest).toHex();
}
