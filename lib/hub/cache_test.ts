import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../run/temp_folder.ts";
import { fakeBytes, gitSha1, sha256 } from "./fake_hub.ts";
import {
  cached,
  COMMIT,
  CONFIG,
  FILES,
  ranges,
  TINY,
  WEIGHTS,
  WEIGHTS_HASH,
  withHub,
} from "./fake_tiny.ts";
import { findCheckpoint } from "./find.ts";
import { pullCheckpoint } from "./pull.ts";
import type { HubSettings } from "./settings.ts";

/** Another commit of the tiny repository, with the same weights. */
const NEXT = "cd".repeat(20);
const NEXT_CONFIG = '{"layers": 3}';

/** Makes the cache that another program would have made. */
async function makeCache({ hubCache }: HubSettings, commit = COMMIT) {
  const root = join(hubCache, "models--some--tiny");
  const net = join(root, "snapshots", commit, "net");
  await Deno.mkdir(join(root, "blobs"), { recursive: true });
  await Deno.mkdir(join(root, "refs"), { recursive: true });
  await Deno.mkdir(net, { recursive: true });
  await Deno.writeTextFile(join(root, "refs", "main"), commit);
  await Deno.writeTextFile(join(root, "blobs", gitSha1(CONFIG)), CONFIG);
  await Deno.writeFile(join(root, "blobs", WEIGHTS_HASH), WEIGHTS);
  for (
    const [name, blob] of [
      ["config.json", gitSha1(CONFIG)],
      ["weights.bin", WEIGHTS_HASH],
    ]
  ) await Deno.symlink(`../../../blobs/${blob}`, join(net, name));
  return root;
}

Deno.test("pullCheckpoint() uses what other programs left, and asks nobody", () =>
  withHub(async (hub, options) => {
    const root = await makeCache(options.settings);
    for (const find of [findCheckpoint, pullCheckpoint]) {
      const { folder, files, missing } = await find("some/tiny", options);
      assert.equal(folder, join(root, "snapshots", COMMIT));
      assert.deepEqual([...files.keys()], FILES);
      assert.deepEqual(missing, []);
    }
    assert.deepEqual(hub.asked, []);
    const byCommit = await findCheckpoint(`some/tiny@${COMMIT}`, options);
    assert.deepEqual(byCommit.missing, []);
    const other = await findCheckpoint(`some/tiny@${NEXT}`, options);
    assert.equal(other.missing.length, 2);
  }));

Deno.test("findCheckpoint() wants to know which files are meant", () =>
  withHub(async (_, { settings }) => {
    for (const options of [{ settings }, { settings, files: [] }]) {
      const message = /Cannot find some\/tiny: .* have to be named/;
      await assert.rejects(findCheckpoint("some/tiny", options), message);
      await assert.rejects(pullCheckpoint("some/tiny", options), message);
    }
  }));

Deno.test("pullCheckpoint() does not download content again that another commit has", () =>
  withHub(
    async (hub, options) => {
      await makeCache(options.settings);
      const name = `some/tiny@${NEXT}`;
      const { folder, files } = await pullCheckpoint(name, options);
      assert.ok(folder.endsWith(NEXT));
      assert.equal(
        await Deno.readTextFile(files.get(FILES[0])!),
        NEXT_CONFIG,
      );
      assert.deepEqual(await Deno.readFile(files.get(FILES[1])!), WEIGHTS);
      assert.deepEqual(ranges(hub), []);
    },
    TINY,
    { ...TINY, commit: NEXT, small: { [FILES[0]]: NEXT_CONFIG } },
  ));

Deno.test("pullCheckpoint() stays with the commit of its first download", () =>
  withHub(async (hub, options) => {
    await pullCheckpoint("some/tiny", { ...options, files: [FILES[1]] });
    hub.publish(TINY, {
      ...TINY,
      commit: NEXT,
      small: { [FILES[0]]: NEXT_CONFIG },
    });
    const { folder, files } = await pullCheckpoint("some/tiny", options);
    assert.ok(folder.endsWith(COMMIT));
    assert.equal(await Deno.readTextFile(files.get(FILES[0])!), CONFIG);
    // Another program goes on; what is whole is found all the same.
    const ref = join(options.settings.hubCache, "models--some--tiny/refs/main");
    await Deno.writeTextFile(ref, NEXT);
    const again = await findCheckpoint("some/tiny", options);
    assert.equal(again.folder, folder);
    assert.equal(await Deno.readTextFile(ref), NEXT);
  }));

Deno.test("pullCheckpoint() repairs a damaged cache", () =>
  withHub(async (hub, options) => {
    await pullCheckpoint("some/tiny", options);
    const root = join(options.settings.hubCache, "models--some--tiny");
    await Deno.truncate(join(root, "blobs", WEIGHTS_HASH), 100);
    await Deno.remove(join(root, "blobs", gitSha1(CONFIG)));
    const { missing } = await findCheckpoint("some/tiny", options);
    assert.deepEqual(missing.map(({ path }) => path), FILES);
    const { files } = await pullCheckpoint("some/tiny", options);
    assert.deepEqual(await Deno.readFile(files.get(FILES[1])!), WEIGHTS);
    assert.equal(ranges(hub).length, 2);
  }));

Deno.test("pullCheckpoint() keeps copies where there can be no links", () =>
  withHub(async (hub, options) => {
    const settings = { ...options.settings, symlinks: false };
    const pull = () => pullCheckpoint("some/tiny", { ...options, settings });
    const { folder, files } = await pull();
    for (const path of files.values()) {
      assert.ok((await Deno.lstat(path)).isFile);
    }
    assert.deepEqual(await Deno.readFile(files.get(FILES[1])!), WEIGHTS);
    const before = hub.asked.length;
    await pull();
    assert.equal(hub.asked.length, before);
    // The content is there once.
    const weights = cached(options).filter((path) =>
      /weights|[0-9a-f]{64}/.test(path)
    );
    assert.deepEqual(weights, [
      `models--some--tiny/snapshots/${COMMIT}/net/weights.bin`,
    ]);
    assert.ok(folder.endsWith(COMMIT));
    // Blobs that were there stay, links may lead to them.
    await Deno.remove(settings.hubCache, { recursive: true });
    const root = await makeCache(settings);
    hub.publish(TINY, { ...TINY, commit: NEXT });
    await pullCheckpoint(`some/tiny@${NEXT}`, { ...options, settings });
    assert.ok((await Deno.stat(join(root, "blobs", WEIGHTS_HASH))).isFile);
  }));

Deno.test("pullCheckpoint() compares with the hash of the first download", () =>
  withHub(async (hub, options) => {
    await pullCheckpoint("some/tiny", options);
    await Deno.remove(options.settings.hubCache, { recursive: true });
    const other = fakeBytes(WEIGHTS.length, 2);
    hub.publish({ ...TINY, large: { [FILES[1]]: other } });
    await assert.rejects(
      pullCheckpoint("some/tiny", options),
      (error: Error) => {
        assert.match(error.message, /the publisher has another file now/);
        assert.ok(error.message.includes(sha256(other)));
        assert.ok(error.message.includes(WEIGHTS_HASH));
        assert.match(error.message, /remove its line from .*records\.jsonl/);
        return true;
      },
    );
    assert.deepEqual(ranges(hub), [null]);
  }));

const SHARDS = {
  "model.safetensors.index.json": JSON.stringify({
    weight_map: { a: "model-1.safetensors", b: "model-2.safetensors" },
  }),
};

Deno.test("pullCheckpoint() gets the files that a list of shards names", () =>
  withHub(async (hub, options) => {
    const files = ["model.safetensors.index.json"];
    const found = await pullCheckpoint("some/tiny", { ...options, files });
    assert.deepEqual([...found.files.keys()], [
      "model.safetensors.index.json",
      "model-1.safetensors",
      "model-2.safetensors",
    ]);
    await Deno.remove(found.files.get("model-2.safetensors")!);
    const { missing } = await findCheckpoint("some/tiny", {
      ...options,
      files,
    });
    assert.deepEqual(missing, [{ path: "model-2.safetensors" }]);
    assert.equal(ranges(hub).length, 2);
  }, {
    ...TINY,
    small: SHARDS,
    large: {
      "model-1.safetensors": fakeBytes(900, 1),
      "model-2.safetensors": fakeBytes(900, 2),
    },
  }));

Deno.test("pullCheckpoint() refuses file names that lead out of their folder", () =>
  withHub(async (hub, options) => {
    const names = [
      "../a.bin",
      "net/../../a.bin",
      "/a.bin",
      "net//a.bin",
      "./a.bin",
      "..\\a.bin",
      "C:a.bin",
      "a\0.bin",
      "",
    ];
    for (const file of names) {
      await assert.rejects(
        pullCheckpoint("some/tiny", { ...options, files: [file] }),
        /Cannot use the file name/,
      );
    }
    assert.deepEqual(hub.asked, []);
    for (const shard of ["../../evil.bin", "..", "a/b.bin", 7]) {
      const index = JSON.stringify({ weight_map: { a: shard } });
      hub.publish({ ...TINY, small: { "m.bin.index.json": index } });
      await withFolder(async (folder) => {
        await assert.rejects(
          pullCheckpoint("some/tiny", {
            ...options,
            settings: hub.settings(folder),
            files: ["m.bin.index.json"],
          }),
          /no file name|Cannot use the file name/,
        );
      });
    }
    for (const index of ["{", "null", "{}", '{"weight_map": null}']) {
      hub.publish({ ...TINY, small: { "m.bin.index.json": index } });
      await withFolder(async (folder) => {
        await assert.rejects(
          pullCheckpoint("some/tiny", {
            ...options,
            settings: hub.settings(folder),
            files: ["m.bin.index.json"],
          }),
          /the list of weights .*m\.bin\.index\.json: it is not JSON with/,
        );
      });
    }
  }));
