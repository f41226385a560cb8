import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Asked, cutAfter, sendBytes } from "../../lib/hub/fake_hub.ts";
import { contents, withFolder } from "../../lib/run/temp_folder.ts";
import { openCocoSplit } from "../pairs/coco_split.ts";
import { makeCoco, zipped } from "../pairs/fixture.ts";
import type { DataFile } from "./coco_files.ts";
import { pullFiles, type PullFilesOptions } from "./pull_files.ts";

const made = await makeCoco(5);
const ARCHIVES: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "/annotations/annotations_trainval2014.zip": await zipped(made.annotations),
  "/zips/val2014.zip": await zipped(made.images),
};
const FILES = Object.entries(ARCHIVES).map(([path, bytes]): DataFile => {
  const hash = (name: string) => createHash(name).update(bytes).digest("hex");
  return {
    path: path.slice(1),
    bytes: bytes.length,
    md5: hash("md5"),
    sha256: hash("sha256"),
  };
});

/** Lends a server of the archives, which notes what it is asked. */
async function withServer(
  use: (
    pull: (
      folder: string,
      more?: Partial<PullFilesOptions>,
    ) => Promise<string[]>,
    asked: Asked[],
  ) => Promise<void>,
  answer: (asked: Asked) => Response | undefined = () => undefined,
): Promise<void> {
  const asked: Asked[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url, method, headers }) => {
      const path = new URL(url).pathname;
      const question: Asked = { server: "storage", method, path, headers };
      asked.push(question);
      return answer(question) ?? sendBytes(question, ARCHIVES[path]);
    },
  );
  const address = `http://127.0.0.1:${server.addr.port}`;
  try {
    await use(
      (folder, more) =>
        pullFiles(folder, FILES, {
          address,
          pause: () => Promise.resolve(),
          ...more,
        }),
      asked,
    );
  } finally {
    await server.shutdown();
  }
}

const archives = (folder: string) =>
  contents(folder).filter((name) => !name.startsWith(".locks"));

Deno.test("pullFiles() brings archives that openCocoSplit() reads", () =>
  withFolder((folder) =>
    withServer(async (pull, asked) => {
      const told: number[] = [];
      const paths = await pull(folder, {
        onProgress: ({ done, after }) => told.push(done + after),
      });
      assert.deepEqual(paths, [
        join(folder, "annotations_trainval2014.zip"),
        join(folder, "val2014.zip"),
      ]);
      assert.equal(told.at(-1), FILES[1].bytes);
      const { pairs } = await openCocoSplit(folder, "val2014");
      assert.equal(pairs.length, 5);
      // What is there is compared, and not asked for again.
      const before = asked.length;
      await pull(folder);
      assert.equal(asked.length, before);
      assert.deepEqual(archives(folder), [
        "annotations_trainval2014.zip",
        "val2014.zip",
      ]);
    })
  ));

Deno.test("pullFiles() goes on where a connection broke", () =>
  withFolder(async (folder) => {
    const path = "/zips/val2014.zip";
    let cuts = 0;
    const ranges: (string | null)[] = [];
    await withServer(
      async (pull) => {
        const notes: string[] = [];
        await pull(folder, { onNote: (text) => notes.push(text) });
        assert.match(notes[0], /the connection broke|ended/);
        assert.deepEqual(ranges, [null, "bytes=100-"]);
        const { pairs } = await openCocoSplit(folder, "val2014");
        assert.equal(pairs.length, 5);
      },
      (question) => {
        if (question.path !== path) return undefined;
        ranges.push(question.headers.get("Range"));
        const response = cutAfter(ARCHIVES[path], 100);
        const etag = sendBytes(question, ARCHIVES[path]).headers.get("ETag")!;
        response.headers.set("ETag", etag);
        return cuts++ === 0 ? response : undefined;
      },
    );
  }));

Deno.test("pullFiles() refuses other files, here and there", () =>
  withFolder(async (folder) => {
    const other = new Uint8Array(FILES[0].bytes);
    await withServer(
      async (pull) => {
        await assert.rejects(pull(folder), /with the SHA-256/);
        assert.deepEqual(archives(folder), []);
        const path = join(folder, "annotations_trainval2014.zip");
        await Deno.writeFile(path, other);
        await assert.rejects(pull(folder), /its MD5 is .*; remove it/);
        await Deno.writeFile(path, other.subarray(1));
        await assert.rejects(pull(folder), /bytes, wanted \d+; remove it/);
      },
      ({ path }) =>
        path.startsWith("/annotations") ? new Response(other) : undefined,
    );
  }));
