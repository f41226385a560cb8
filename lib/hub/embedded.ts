/** The models that come with the repository, and the list of their files. */

/** A file of `weights/`, as `weights/manifest.json` lists it. */
export interface WeightsFile {
  /** Path below `weights/`. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** The training configuration it was made with, if it was trained here. */
  readonly config?: string;
  readonly source: string;
  readonly licence: string;
}

/** An embedded model: its parts, as paths below `weights/`. */
export interface EmbeddedModel {
  readonly tokenizer: string;
  readonly base: string;
  /** Folder of the text encoder. */
  readonly text: string;
}

/** What `weights/manifest.json` says. */
export interface Manifest {
  readonly models: Readonly<Record<string, EmbeddedModel>>;
  readonly files: readonly WeightsFile[];
}

/** The path of something below `weights/`. */
export function embeddedPath(path: string): string {
  const url = new URL(`../../weights/${path}`, import.meta.url);
  return Deno.build.os === "windows"
    ? decodeURIComponent(url.pathname).replace(/^\//, "")
    : decodeURIComponent(url.pathname);
}

/** Reads the list of embedded models and files. */
export async function readManifest(): Promise<Manifest> {
  return JSON.parse(await Deno.readTextFile(embeddedPath("manifest.json")));
}

/**
 * Compares an embedded file with the manifest.
 *
 * @returns its SHA-256
 * @throws Error if it is missing from the manifest or differs from it
 */
export async function verifyFile(
  manifest: Manifest,
  path: string,
): Promise<string> {
  const entry = manifest.files.find((file) => file.path === path);
  if (!entry) {
    throw new Error(
      `Cannot check weights/${path}: the manifest does not list it; write ` +
        `the manifest again with \`deno task weights manifest\``,
    );
  }
  const bytes = await Deno.readFile(embeddedPath(path));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const sha256 = new Uint8Array(digest).toHex();
  if (bytes.length !== entry.bytes || sha256 !== entry.sha256) {
    throw new Error(
      `Cannot use weights/${path}: it is damaged (${bytes.length} bytes, ` +
        `SHA-256 ${sha256.slice(0, 12)}…; the manifest says ${entry.bytes} ` +
        `and ${entry.sha256.slice(0, 12)}…); restore it, for instance with ` +
        `\`git checkout -- weights/${path}\``,
    );
  }
  return sha256;
}
