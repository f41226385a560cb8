/** What the hub has of a checkpoint's files, before any is downloaded. */

import { pinnedCommit } from "./find.ts";
import { askHub, type HubFile } from "./hub_file.ts";
import type { Revised } from "./layout.ts";
import type { Checkpoint, PublishedFile } from "./published.ts";
import type { PullStep } from "./pull_step.ts";
import { AbsentFileError } from "./refusals.ts";
import type { Web } from "./request.ts";

/** A file with what the hub says of it. */
export interface Planned {
  /** By the path that it has there. */
  readonly file: PublishedFile;
  readonly at: HubFile;
}

/**
 * Asks for these files, all of one commit.
 * @throws Error if the repository hasn't all of them
 */
export async function planHub(
  { web, entry, records }: Pick<
    PullStep<Extract<Checkpoint, { kind: "hub" }>>,
    "web" | "entry" | "records"
  >,
  missing: readonly PublishedFile[],
): Promise<readonly Planned[]> {
  let commit = pinnedCommit(entry, records);
  const plan: Planned[] = [];
  for (const file of missing) {
    // The branch may go on meanwhile.
    const revised = { ...entry, revision: commit ?? entry.revision };
    const planned = await planFile(web, revised, file);
    commit ??= planned.at.commit;
    plan.push(planned);
  }
  return plan;
}

/** The files of a plan with the sizes that the hub told. */
export function sizedFiles(plan: readonly Planned[]): PublishedFile[] {
  return plan.map(({ file, at: { bytes } }) =>
    bytes === undefined ? file : { ...file, bytes }
  );
}

async function planFile(
  web: Web,
  revised: Revised,
  file: PublishedFile,
): Promise<Planned> {
  try {
    const at = await askHub(web, revised, file.path);
    return { file, at };
  } catch (error) {
    const { otherwise: path } = file;
    if (path === undefined || !(error instanceof AbsentFileError)) throw error;
    const at = await askHub(web, revised, path).catch((other) => {
      if (!(other instanceof AbsentFileError)) throw other;
      throw new Error(`${error.message}; nor has it ${path}`);
    });
    web.note(`${revised.repository} has ${path} and none in float32`);
    return { file: { path }, at };
  }
}
