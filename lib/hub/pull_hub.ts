/** Downloads files of a repository of the hub, into the cache of the hub. */

import { dirname, join } from "node:path";
import { checkSpace } from "./check_space.ts";
import { download, type Expected } from "./download.ts";
import { pinnedCommit } from "./find.ts";
import { type HubFile, hubSubject } from "./hub_file.ts";
import {
  blobPath,
  lockPath,
  showBlob,
  snapshotFolder,
  writeRef,
} from "./layout.ts";
import { withLock } from "./lock.ts";
import { planHub, type Planned, sizedFiles } from "./plan_hub.ts";
import type { Checkpoint, PublishedFile } from "./checkpoint.ts";
import {
  checkAnnounced,
  expectedOf,
  type PullStep,
  recordFirst,
  sizeOf,
} from "./pull_step.ts";

type Step = PullStep<Extract<Checkpoint, { kind: "hub" }>>;

/** Downloads these files, all of one commit. */
export async function pullHub(
  step: Step,
  missing: readonly PublishedFile[],
): Promise<void> {
  const { entry, settings } = step;
  const plan = await planHub(step, missing);
  step.onPlan(sizedFiles(plan));
  checkSpace(
    settings.hubCache,
    await bytesToCome(step, plan),
    entry.name,
  );
  for (const [index, { file, at }] of plan.entries()) {
    const later = plan.slice(index + 1);
    const after = later.reduce((sum, { at }) => sum + (at.bytes ?? 0), 0);
    const count = plan.length;
    await pullFile(step, { file, at }, (done) =>
      step.onProgress({
        path: file.path,
        done,
        total: at.bytes,
        index,
        count,
        after,
      }));
  }
  // What the branch is now; a pinned commit may be an older one.
  if (pinnedCommit(entry, step.records) === undefined) {
    await writeRef(settings, entry, plan[0].at.commit);
  }
}

async function bytesToCome(
  { settings, entry }: Step,
  plan: readonly Planned[],
): Promise<number> {
  let sum = 0;
  for (const { at } of plan) {
    const blob = blobPath(settings, entry, at.etag);
    const here = await sizeOf(blob) ?? await sizeOf(`${blob}.incomplete`) ?? 0;
    sum += Math.max(0, (at.bytes ?? 0) - here);
  }
  return sum;
}

async function pullFile(
  step: Step,
  { file: { path, ...file }, at }: Planned,
  onBytes: (done: number) => void,
): Promise<void> {
  const { settings, web, entry } = step;
  const revised = { ...entry, revision: at.commit };
  const subject = hubSubject(web, revised, path);
  const announced = announcedBy(at);
  const known = expectedOf(step, { path, ...file });
  checkAnnounced(step, subject.text, path, known, announced);
  const expected = {
    ...announced,
    bytes: known.bytes ?? announced.bytes,
    sha256: known.sha256 ?? announced.sha256,
  };
  const blob = blobPath(settings, entry, at.etag);
  const target = join(snapshotFolder(settings, entry, at.commit), path);
  const isWhole = async (path: string) => {
    const size = await sizeOf(path);
    return size !== undefined && size === (expected.bytes ?? size);
  };
  await withLock(
    lockPath(settings, entry, at.etag),
    () => web.note(`Another program downloads ${subject.text}; waiting for it`),
    async () => {
      if (await isWhole(target)) return;
      if (await isWhole(blob)) {
        return await showBlob(settings, blob, target, false);
      }
      await Deno.mkdir(dirname(blob), { recursive: true });
      const incomplete = `${blob}.incomplete`;
      const job = { url: at.url, subject, incomplete, expected, onBytes };
      const found = await download(web, job);
      await Deno.rename(incomplete, blob);
      await showBlob(settings, blob, target, true);
      await recordFirst(step, path, found, at.commit);
    },
  );
}

/** A large file is named by its SHA-256, another by git's hash. */
function announcedBy({ etag, bytes }: HubFile): Expected {
  const size = bytes === undefined ? {} : { bytes };
  if (/^[0-9a-f]{64}$/.test(etag)) return { ...size, sha256: etag };
  return /^[0-9a-f]{40}$/.test(etag) ? { ...size, gitSha1: etag } : size;
}
