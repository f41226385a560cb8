/** `weights`: the models of the repository and their files. */

import {
  embeddedPath,
  type Manifest,
  modelFiles,
  readManifest,
  verifyFile,
  weightsPath,
} from "../hub/embedded.ts";
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { readOptions } from "./options.ts";

const USAGE = `Usage: weights list
       weights verify
       weights path NAME
       weights manifest

  list              models, and the files with size, licence and origin
  verify            compare every file with its SHA-256 in the manifest
  path NAME         where a model, a file or the text encoder is
  manifest          write manifest.json again, from the files

  --weights FOLDER  another folder than that of the repository
  --help            this text
`;

type Action = (root: string | undefined, name: string) => Promise<number>;

const ACTIONS: Readonly<Record<string, Action>> = {
  list: async (root) => {
    console.log(listText(await readManifest(root)));
    return 0;
  },
  verify,
  path: async (root, name) => {
    const manifest = await readManifest(root);
    console.log(weightsPath(manifest, findPath(manifest, name)));
    return 0;
  },
  manifest: rewrite,
};

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const kinds = { weights: "value", help: "flag" } as const;
  const { positionals, values } = readOptions(kinds, args);
  if (values.help) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  const [name, ...rest] = positionals;
  const wanted = name === "path" ? 1 : 0;
  if (name === undefined || !Object.hasOwn(ACTIONS, name)) {
    const meant = name && nearest(name, Object.keys(ACTIONS));
    throw new UsageError(
      name === undefined
        ? `say what to do: ${Object.keys(ACTIONS).join(", ")}.`
        : `there is no "weights ${name}"; ` +
          (meant
            ? `did you mean "${meant}"?`
            : `there are ${Object.keys(ACTIONS).join(", ")}.`),
    );
  }
  if (rest.length !== wanted) {
    throw new UsageError(
      `"weights ${name}" takes ${wanted === 1 ? "one name" : "nothing more"}` +
        (rest.length > 0 ? `, not "${rest.join(" ")}".` : "."),
    );
  }
  return await ACTIONS[name](values.weights, rest[0]);
}

function listText({ models, files }: Manifest): string {
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

/** Rows as lines with even columns. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, i) =>
    Math.max(...rows.map((row) => row[i].length))
  );
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i])).join("  ")}`.trimEnd()
  );
}

async function verify(root: string | undefined): Promise<number> {
  const manifest = await readManifest(root);
  let damaged = 0;
  for (const { path } of manifest.files) {
    try {
      const hash = await verifyFile(manifest, path);
      console.log(`${path}  ${hash.slice(0, 12)}  good`);
    } catch (error) {
      damaged++;
      console.error((error as Error).message);
    }
  }
  return damaged === 0 ? 0 : 1;
}

/** The path below the folder that a name stands for. */
function findPath({ models, files }: Manifest, name: string): string {
  const paths = files.map((file) => file.path);
  const names = new Map([
    ...paths.map((path) => [path, path] as const),
    ...paths.map((path) => [path.replace(/\.\w+$/, ""), path] as const),
    ...Object.values(models).map(({ text }) => [text, text] as const),
    ...Object.entries(models).map(([model, { base }]) =>
      [model, base.replace(/\/[^/]*$/, "")] as const
    ),
  ]);
  const path = names.get(name);
  if (path !== undefined) return path;
  const meant = nearest(name, names.keys());
  throw new UsageError(
    `there are no weights "${name}"; ` +
      (meant ? `did you mean "${meant}"?` : "see `weights list`."),
  );
}

async function rewrite(folder: string | undefined): Promise<number> {
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
  ];
}
