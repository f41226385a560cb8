/** The models of the repository: what `weights` does with them. */

import { isDeepStrictEqual } from "node:util";
import {
  embeddedPath,
  type Manifest,
  modelFiles,
  readManifest,
  verifyFile,
  weightsPath,
} from "../hub/embedded.ts";
import { table } from "./table.ts";

/** The models, and the files with size, licence and origin. */
export function embeddedText({ models, files }: Manifest): string {
  const size = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const sum = files.reduce((total, { bytes }) => total + bytes, 0);
  const rows = files.map((file) => [
    file.path,
    size(file.bytes),
    file.licence,
    file.source,
  ]);
  return [
    "Models",
    ...table(
      Object.entries(models).map(([name, model]) => [
        name,
        [...modelFiles(model), model.text].join(", "),
      ]),
    ),
    `Files, ${size(sum)}`,
    ...table(rows),
  ].join("\n");
}

/**
 * Compares files with the manifest and prints what it finds.
 *
 * @param name of a model, a file or the text encoder; by default all
 * @returns how many are damaged, or undefined if there is none of that name
 */
export async function verifyEmbedded(
  manifest: Manifest,
  name?: string,
): Promise<number | undefined> {
  const start = name === undefined ? "" : embeddedNames(manifest).get(name);
  if (start === undefined) return undefined;
  const isMeant = (path: string) =>
    start === "" || path === start || path.startsWith(`${start}/`);
  let damaged = 0;
  for (const { path } of manifest.files.filter(({ path }) => isMeant(path))) {
    try {
      const hash = await verifyFile(manifest, path);
      console.log(`${path}  ${hash.slice(0, 12)}  good`);
    } catch (error) {
      damaged++;
      console.error((error as Error).message);
    }
  }
  return damaged;
}

/** Where the model, file or text encoder of that name is, if there is one. */
export function findEmbedded(
  manifest: Manifest,
  name: string,
): string | undefined {
  const path = embeddedNames(manifest).get(name);
  return path === undefined ? undefined : weightsPath(manifest, path);
}

/** What each name stands for, as a path below the folder. */
export function embeddedNames(
  { models, files }: Manifest,
): ReadonlyMap<string, string> {
  const paths = files.map((file) => file.path);
  return new Map([
    ...paths.map((path) => [path, path] as const),
    ...paths.map((path) => [path.replace(/\.\w+$/, ""), path] as const),
    ...Object.values(models).map(({ text }) => [text, text] as const),
    ...Object.entries(models).map(([model, { base }]) =>
      [model, base.replace(/\/[^/]*$/, "")] as const
    ),
  ]);
}

/** Writes the manifest again, from the files, and prints what changed. */
export async function rewriteManifest(
  folder: string | undefined,
): Promise<number> {
  const root = folder ?? embeddedPath("").replace(/\/$/, "");
  const { makeManifest, writeManifest } = await import("../hub/manifest.ts");
  const old = await oldManifest(root);
  const manifest = await makeManifest(old);
  await writeManifest(manifest);
  console.log(changes(old, manifest).join("\n") || "Nothing has changed.");
  return 0;
}

/** The list so far; an empty one if there is none yet. */
async function oldManifest(root: string): Promise<Manifest> {
  try {
    await Deno.stat(`${root}/manifest.json`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { root, models: {}, files: [] };
    }
    throw error;
  }
  return await readManifest(root);
}

function changes(old: Manifest, now: Manifest): string[] {
  const was = new Map(old.files.map((file) => [file.path, file.sha256]));
  const is = new Set(now.files.map((file) => file.path));
  return [
    ...now.files.flatMap(({ path, sha256 }) => {
      const before = was.get(path);
      if (before === sha256) return [];
      return [`${before === undefined ? "new" : "changed"}: ${path}`];
    }),
    ...old.files.flatMap(({ path }) => is.has(path) ? [] : [`gone: ${path}`]),
    ...Object.entries(now.models).flatMap(([name, model]) =>
      isDeepStrictEqual(model, old.models[name]) ? [] : [`model: ${name}`]
    ),
  ];
}
