/** What becomes of a download for which there is no room. */

import assert from "node:assert/strict";
import { reply } from "./fake_hub.ts";
import {
  blobs,
  COMMIT,
  FILES,
  ranges,
  WEIGHTS,
  WEIGHTS_HASH,
  withHub,
} from "./fake_tiny.ts";
import { pullCheckpoint } from "./pull.ts";

Deno.test("pullCheckpoint() refuses what the disk has no room for", () =>
  withHub(async (hub, options) => {
    hub.intercept(({ path }) =>
      path.endsWith("weights.bin")
        ? reply(302, {
          "Location": `${hub.storage}/stored`,
          "X-Repo-Commit": COMMIT,
          "X-Linked-Etag": `"${WEIGHTS_HASH}"`,
          "X-Linked-Size": "1000000000000000000",
        })
        : undefined
    );
    await assert.rejects(
      pullCheckpoint("some/tiny", options),
      /download some\/tiny: it takes 1000000 TB, and the disk of .* left; make/,
    );
    assert.ok(hub.asked.every(({ method }) => method === "HEAD"));
  }));

/** What Deno throws where a disk is full, such as for /dev/full. */
const FULL = `No space left on device (os error ${
  Deno.build.os === "windows" ? 112 : 28
})`;

/** Lets files take so many bytes and no more. */
async function withRoomFor(
  bytes: number,
  test: () => Promise<void>,
): Promise<void> {
  const files = Deno.FsFile.prototype;
  const { write } = files;
  let left = bytes;
  files.write = async function (chunk) {
    if (left === 0) throw new Error(FULL);
    const count = await write.call(this, chunk.subarray(0, left));
    left -= count;
    return count;
  };
  try {
    await test();
  } finally {
    files.write = write;
  }
}

Deno.test("pullCheckpoint() says that a disk is full, and goes on once there is room", () =>
  withHub(async (hub, options) => {
    const weights = { ...options, files: [FILES[1]] };
    const pull = () => pullCheckpoint("some/tiny", weights);
    await withRoomFor(30_000, () =>
      assert.rejects(
        pull(),
        /^Error: Cannot write .*\.incomplete: no space left on device \(it takes 50\.0 kB, and [\d.]+ .?B are free there\); what is here is kept: make room there, and the same command goes on from there$/,
      ));
    assert.deepEqual(blobs(options), [`${WEIGHTS_HASH}.incomplete`]);
    const { files } = await pull();
    assert.deepEqual(await Deno.readFile(files.get(FILES[1])!), WEIGHTS);
    assert.deepEqual(ranges(hub), [null, "bytes=30000-"]);
    assert.deepEqual(options.waits, []);
  }));
