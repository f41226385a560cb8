/**
 * Where the hub's cache keeps what: the layout that the hub's documentation
 * describes under "Hub Local Cache", so that other programs find our downloads
 * and we find theirs.
 */

import { dirname, join, relative } from "node:path";
import { writeAtomic } from "../run/atomic.ts";
import type { HubSettings } from "./settings.ts";

/** One version of a repository. */
export interface Revised {
  /** Such as "amused/amused-256". */
  readonly repository: string;
  /** A commit, a branch or a tag. */
  readonly revision: string;
}

/** A full commit hash, which stands for the same files for ever. */
export const COMMIT = /^[0-9a-f]{40}$/;

/**
 * Refuses a path that would leave the folder it belongs in. File names come
 * from command lines and from lists inside of repositories.
 */
export function checkPath(path: string): string {
  const parts = path.split("/");
  const odd = /[\\:\p{Cc}]/u.test(path) ||
    parts.some((part) => part === "" || part === "." || part === "..");
  if (!odd) return path;
  throw new Error(
    `Cannot use the file name "${path}" of a repository: wanted a path such ` +
      'as "vqvae/config.json", without "..", "\\" or ":"',
  );
}

/** @throws Error for what is no `organization/name` and a revision */
export function checkRevised({ repository, revision }: Revised): void {
  const isName = /^[\w.-]+\/[\w.-]+$/.test(repository) &&
    !/\.\.|--|(?:^|\/)[.-]|[.-](?:$|\/)/.test(repository);
  const isRevision = /^\w[\w./+-]*$/.test(revision) &&
    !/\.\.|\/\/|\/$/.test(revision);
  if (isName && isRevision) return;
  throw new Error(
    `Cannot use "${repository}@${revision}" as a repository of the hub: ` +
      "wanted organization/name, or organization/name@revision",
  );
}

/** The folder of a repository. */
function repositoryFolder(
  { hubCache }: HubSettings,
  { repository }: Revised,
): string {
  return join(hubCache, `models--${repository.replace("/", "--")}`);
}

/** Where the content of a file lies, named by what the hub calls its ETag. */
export function blobPath(
  settings: HubSettings,
  revised: Revised,
  etag: string,
): string {
  return join(repositoryFolder(settings, revised), "blobs", etag);
}

/** Where the lock for a blob lies. */
export function lockPath(
  settings: HubSettings,
  revised: Revised,
  etag: string,
): string {
  const name = `models--${revised.repository.replace("/", "--")}`;
  return join(settings.hubCache, ".locks", name, `${etag}.lock`);
}

/** The folder of a commit, laid out as the repository is. */
export function snapshotFolder(
  settings: HubSettings,
  revised: Revised,
  commit: string,
): string {
  return join(repositoryFolder(settings, revised), "snapshots", commit);
}

/** The commit that a revision stood for when it was last asked for. */
export async function readRef(
  settings: HubSettings,
  revised: Revised,
): Promise<string | undefined> {
  if (COMMIT.test(revised.revision)) return revised.revision;
  const folder = repositoryFolder(settings, revised);
  try {
    const text = await Deno.readTextFile(
      join(folder, "refs", revised.revision),
    );
    return COMMIT.test(text.trim()) ? text.trim() : undefined;
  } catch {
    return undefined;
  }
}

/** Notes the commit that a revision stands for. */
export async function writeRef(
  settings: HubSettings,
  revised: Revised,
  commit: string,
): Promise<void> {
  if (revised.revision === commit) return;
  const folder = repositoryFolder(settings, revised);
  const path = join(folder, "refs", revised.revision);
  await Deno.mkdir(dirname(path), { recursive: true });
  await writeAtomic(path, [new TextEncoder().encode(commit)]);
}

/**
 * Shows a blob in a snapshot: as a link, or where there can be none by moving
 * it there if it is new, and else as a copy. Readers see no file or a whole
 * one.
 */
export async function showBlob(
  { symlinks }: HubSettings,
  blob: string,
  path: string,
  isNew: boolean,
): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${crypto.randomUUID()}.part`;
  try {
    if (symlinks && await tryLink(relative(dirname(path), blob), beside)) {
      // It is there.
    } else if (isNew) {
      await Deno.rename(blob, beside);
    } else {
      await Deno.copyFile(blob, beside);
    }
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside).catch(() => {}); // it may not exist
    throw error;
  }
}

/** False on Windows without developer mode, or on a disk without links. */
async function tryLink(target: string, path: string): Promise<boolean> {
  try {
    await Deno.symlink(target, path);
    return true;
  } catch {
    return false;
  }
}

/** The name of the blob that a file of a snapshot shows, if it is a link. */
export async function blobName(path: string): Promise<string | undefined> {
  try {
    // Not the real path: a blob may itself be a link into a shared store.
    return (await Deno.readLink(path)).split(/[/\\]/).at(-1);
  } catch {
    return undefined;
  }
}
