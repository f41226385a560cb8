/** What the hub has of a checkpoint's files, before any is downloaded. */

import { pinnedCommit } from "./find.ts";
import { askHub, type HubFile, hubSubject } from "./hub_file.ts";
import type { Revised } from "./layout.ts";
import type { Checkpoint, PublishedFile } from "./checkpoint.ts";
import type { PullStep } from "./pull_step.ts";
import { AbsentFileError } from "./refusals.ts";
import type { Web } from "./request.ts";

/** A file with what the hub says of it. */
export interface Planned {
  /** By the path that it has there. */
  readonly file: PublishedFile;
  readonly at: HubFile;
}

type Hub = Extract<Checkpoint, { kind: "hub" }>;

/**
 * Asks for these files, all of one commit.
 * @throws Error if the repository hasn't all of them
 */
export async function planHub(
  { web, entry, records }: Pick<PullStep<Hub>, "web" | "entry" | "records">,
  missing: readonly PublishedFile[],
): Promise<readonly Planned[]> {
  let commit = pinnedCommit(entry, records);
  const plan = new Map<string, Planned>(); // two files may do with the same
  const absent: PublishedFile[] = [];
  for (const file of missing) {
    // The branch may go on meanwhile.
    const revised = { ...entry, revision: commit ?? entry.revision };
    try {
      const planned = await planFile(web, revised, file);
      commit ??= planned.at.commit;
      plan.set(planned.file.path, planned);
    } catch (error) {
      const isAbsent = error instanceof AbsentFileError;
      if (!isAbsent || entry.like === undefined) throw error;
      absent.push(file);
    }
  }
  if (absent.length === 0) return [...plan.values()];
  throw notWhole(web, { ...entry, revision: commit ?? entry.revision }, absent);
}

/** Somebody may have published no more than what was finetuned. */
function notWhole(web: Web, entry: Hub, absent: readonly PublishedFile[]) {
  const names = absent.map(({ path, otherwise }) =>
    otherwise === undefined ? path : `${path} (or ${otherwise})`
  );
  const { page } = hubSubject(web, entry, "");
  return new Error(
    `Cannot download ${entry.name}: ${page} lacks ${names.join(", ")}, and a ` +
      `model like ${entry.like} wants all of its ${entry.files.length} files; ` +
      "if these are of the model that it was finetuned from, put the files of " +
      "both into one folder and name that",
  );
}

/** The files of a plan with the sizes that the hub told. */
export function sizedFiles(plan: readonly Planned[]): PublishedFile[] {
  return plan.map(({ file, at: { bytes } }) =>
    bytes === undefined ? file : { ...file, bytes }
  );
}

/** By its own name, or what does in its place. */
async function planFile(
  web: Web,
  revised: Revised,
  file: PublishedFile,
): Promise<Planned> {
  try {
    return { file, at: await askHub(web, revised, file.path) };
  } catch (error) {
    const { otherwise: path } = file;
    if (path === undefined || !(error instanceof AbsentFileError)) throw error;
    const at = await askHub(web, revised, path);
    web.note(`${revised.repository} has ${path} in place of ${file.path}`);
    return { file: { path }, at };
  }
}
