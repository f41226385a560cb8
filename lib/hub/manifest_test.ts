import assert from "node:assert/strict";
import { join } from "node:path";
import { writeSafetensors } from "../run/safetensors.ts";
import {
  findModel,
  type Manifest,
  modelHash,
  readManifest,
  verifyFile,
} from "./embedded.ts";
import { makeManifest, writeManifest } from "./manifest.ts";

/** Runs with a folder of small weights files. */
async function withWeights(
  test: (root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(root, "tiny"));
    await Deno.mkdir(join(root, "text"));
    await write(root, "tiny/tokenizer.safetensors", { stage: "tokenizer" });
    await write(root, "tiny/base.safetensors", { stage: "base" });
    await write(root, "text/encoder.safetensors", {
      model: "some/encoder",
      license: "MIT",
    });
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function write(
  root: string,
  path: string,
  metadata: Record<string, string>,
  value = 1,
): Promise<void> {
  const data = Float32Array.of(value);
  const tensor = { name: "x", dtype: "F32", shape: [1], data } as const;
  await writeSafetensors(join(root, path), [tensor], metadata);
}

const empty = (root: string): Manifest => ({ root, models: {}, files: [] });

Deno.test("makeManifest() lists files, their origin, and models by folder", () =>
  withWeights(async (root) => {
    const manifest = await makeManifest(empty(root));
    assert.deepEqual(
      manifest.files.map(({ path, config, source, licence }) =>
        [path, config, source, licence].join(" | ")
      ),
      [
        "text/encoder.safetensors |  | some/encoder | MIT",
        "tiny/base.safetensors | tiny/base.json | " +
        "trained here on datasets/emoji | Apache-2.0",
        "tiny/tokenizer.safetensors | tiny/tokenizer.json | " +
        "trained here on datasets/emoji | Apache-2.0",
      ],
    );
    assert.deepEqual(Object.keys(manifest.models), ["tiny"]);
    const paths = manifest.files.map(({ path }) => path);
    for (const path of paths) await verifyFile(manifest, path);
    await writeManifest(manifest);
    assert.deepEqual(await readManifest(root), manifest);
  }));

Deno.test("makeManifest() keeps what the old list says of origins and models", () =>
  withWeights(async (root) => {
    const old = await makeManifest(empty(root));
    const files = old.files.map((file) => ({ ...file, source: "a friend" }));
    const models = { other: old.models.tiny };
    await write(root, "tiny/base.safetensors", { stage: "base" }, 2);
    const now = await makeManifest({ root, models, files });
    assert.ok(now.files.every(({ source }) => source === "a friend"));
    assert.notEqual(now.files[1].sha256, old.files[1].sha256);
    assert.deepEqual(now.models.other, old.models.tiny);
  }));

Deno.test("makeManifest() wants every file's origin and every model's files", () =>
  withWeights(async (root) => {
    const good = await makeManifest(empty(root));
    await write(root, "found.safetensors", {});
    await assert.rejects(
      makeManifest(good),
      /found\.safetensors: neither the manifest nor .* says where/,
    );
    await Deno.remove(join(root, "found.safetensors"));
    await Deno.remove(join(root, "tiny/base.safetensors"));
    await assert.rejects(
      makeManifest(good),
      /the model "tiny" lacks tiny\/base\.safetensors/,
    );
  }));

Deno.test("makeManifest() wants the tokenizer that a base transformer names", () =>
  withWeights(async (root) => {
    const { files } = await makeManifest(empty(root));
    const tokenizer = files.find(({ path }) => path.includes("tokenizer"))!;
    const name = (sha256: string) =>
      write(root, "tiny/base.safetensors", {
        stage: "base",
        tokenizer: sha256,
      });
    await name(tokenizer.sha256);
    const made = await makeManifest(empty(root));
    assert.deepEqual(Object.keys(made.models), ["tiny"]);
    await name("0123456789abcdef".repeat(4));
    await assert.rejects(makeManifest(empty(root)), {
      message: `Cannot list the model "tiny": ${root}/tiny/base.safetensors ` +
        `learned the tokens of a tokenizer with the SHA-256 0123456789ab…, ` +
        `but ${root}/tiny/tokenizer.safetensors has ` +
        `${tokenizer.sha256.slice(0, 12)}…; put that tokenizer there, or ` +
        `train the base with this one: \`deno task train base --tokenizer ` +
        `${root}/tiny/tokenizer.safetensors\``,
    });
  }));

Deno.test("makeManifest() finds super-resolution, in a model it knows too", () =>
  withWeights(async (root) => {
    const before = await makeManifest(empty(root));
    assert.equal(before.models.tiny.superres, undefined);
    const high = "tiny/tokenizer_high.safetensors";
    const transformer = "tiny/superres.safetensors";
    await write(root, high, { stage: "tokenizer" });
    await Deno.writeTextFile(join(root, "tiny/tokenizer_high.json"), "{}");
    await write(root, transformer, { stage: "superres" });
    const made = await makeManifest(before);
    assert.deepEqual(made.models.tiny, {
      ...before.models.tiny,
      superres: { tokenizer: high, transformer },
    });
    const configOf = (path: string) =>
      made.files.find((file) => file.path === path)?.config;
    assert.equal(configOf(high), "tiny/tokenizer_high.json");
    assert.equal(configOf(transformer), "tiny/superres.json");
    assert.notEqual(
      await modelHash(made, made.models.tiny),
      await modelHash(before, before.models.tiny),
    );
    await Deno.remove(join(root, high));
    await assert.rejects(
      makeManifest(made),
      /the model "tiny" lacks tiny\/tokenizer_high\.safetensors/,
    );
  }));

Deno.test("makeManifest() takes a decoder that was finetuned later", () =>
  withWeights(async (root) => {
    const high = "tiny/tokenizer_high.safetensors";
    const transformer = "tiny/superres.safetensors";
    await write(root, high, { stage: "tokenizer" });
    await Deno.writeTextFile(join(root, "tiny/tokenizer_high.json"), "{}");
    await write(root, transformer, { stage: "superres" });
    const before = await makeManifest(empty(root));
    assert.equal(before.models.tiny.superres?.tokenizer, high);
    const decoder = "tiny/decoder.safetensors";
    await write(root, decoder, { stage: "tokenizer" });
    await Deno.writeTextFile(join(root, "tiny/decoder.json"), "{}");
    const { superres } = (await makeManifest(before)).models.tiny;
    assert.deepEqual(superres, { tokenizer: decoder, transformer });
  }));

Deno.test("makeManifest() wants the tokenizers of super-resolution, or ones of the same tokens", () =>
  withWeights(async (root) => {
    const high = "tiny/tokenizer_high.safetensors";
    await write(root, high, { stage: "tokenizer" }, 3);
    const learned = { stage: "superres", "tokenizer-high": "ab".repeat(32) };
    await write(root, "tiny/superres.safetensors", learned);
    await assert.rejects(
      makeManifest(empty(root)),
      /superres\.safetensors learned .*train superres --tokenizer-high .*high/,
    );
    const same = { stage: "tokenizer", tokensOf: "ab".repeat(32) };
    await write(root, high, same, 4);
    await makeManifest(empty(root));
    await write(root, "tiny/superres.safetensors", {
      ...learned,
      tokenizer: "cd".repeat(32),
    });
    await assert.rejects(
      makeManifest(empty(root)),
      /`deno task train superres --tokenizer .*tiny\/tokenizer\.safetensors`/,
    );
  }));

Deno.test("verifyFile() and modelHash() notice damage in every part", () =>
  withWeights(async (root) => {
    const manifest = await makeManifest(empty(root));
    const model = findModel(manifest, "tiny");
    const hash = await modelHash(manifest, model);
    assert.match(hash, /^[0-9a-f]{64}$/);
    for (const { path } of manifest.files) {
      const bytes = await Deno.readFile(join(root, path));
      await Deno.writeFile(join(root, path), bytes.subarray(0, -1));
      await assert.rejects(modelHash(manifest, model), (error: Error) => {
        assert.ok(error.message.includes(path));
        assert.match(error.message, /it is damaged \(\d+ bytes/);
        return true;
      });
      await Deno.remove(join(root, path));
      await assert.rejects(verifyFile(manifest, path), /Cannot read the weigh/);
      await Deno.writeFile(join(root, path), bytes);
    }
    assert.equal(await modelHash(manifest, model), hash);
    await assert.rejects(
      verifyFile(manifest, "tiny/other.safetensors"),
      /the manifest does not list it/,
    );
  }));

Deno.test("modelHash() is another for other text weights", () =>
  withWeights(async (root) => {
    const before = await makeManifest(empty(root));
    const metadata = { model: "some/encoder", license: "MIT" };
    await write(root, "text/encoder.safetensors", metadata, 2);
    const after = await makeManifest(before);
    assert.notEqual(
      await modelHash(before, before.models.tiny).catch(() => "damaged"),
      await modelHash(after, after.models.tiny),
    );
  }));

Deno.test("findModel() names the models there are", () => {
  const manifest = { ...empty("weights"), models: {} };
  assert.throws(() => findModel(manifest, "mini"), /"mini": found no model/);
  assert.throws(() => findModel(manifest, "toString"), /found no model/);
});

Deno.test("readManifest() refuses a missing and a damaged list", () =>
  withWeights(async (root) => {
    await assert.rejects(readManifest(root), /deno task weights manifest/);
    for (const text of ["{", "null", "[]", '{"models": {}}']) {
      await Deno.writeTextFile(join(root, "manifest.json"), text);
      await assert.rejects(readManifest(root), /it is not JSON with "models"/);
    }
  }));
