/** Downloads files that have addresses of their own, into a folder of ours. */

import { dirname, join } from "node:path";
import { download } from "./download.ts";
import { withLock } from "./lock.ts";
import type { Checkpoint, PublishedFile } from "./checkpoint.ts";
import { expectedOf, type PullStep, recordFirst, sizeOf } from "./pull_step.ts";

/** Downloads these files. */
export async function pullAddresses(
  step: PullStep<Extract<Checkpoint, { kind: "addresses" }>>,
  missing: readonly PublishedFile[],
): Promise<void> {
  const { entry, settings, web } = step;
  const paths = new Set(missing.map(({ path }) => path));
  const files = entry.files.filter(({ path }) => paths.has(path));
  step.onPlan(files);
  for (const [index, { path, url, ...file }] of files.entries()) {
    const expected = expectedOf(step, { path, ...file });
    const later = files.slice(index + 1);
    const after = later.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    const target = join(settings.ownFolder, entry.name, path);
    const incomplete = `${target}.incomplete`;
    const lock = join(settings.ownFolder, ".locks", entry.name, `${path}.lock`);
    const text = `${path} from ${new URL(url).host}`;
    await withLock(
      lock,
      () => web.note(`Another program downloads ${text}; waiting for it`),
      async () => {
        const size = await sizeOf(target);
        const isWhole = size !== undefined && size === (expected.bytes ?? size);
        if (isWhole) return;
        await Deno.mkdir(dirname(target), { recursive: true });
        const found = await download(web, {
          url,
          subject: { text, hasToken: false },
          incomplete,
          validator: `${incomplete}.etag`,
          expected,
          onBytes: (done, total) =>
            step.onProgress({
              path,
              done,
              total,
              index,
              count: files.length,
              after,
            }),
        });
        await Deno.rename(incomplete, target);
        await recordFirst(step, path, found);
      },
    );
  }
}
