import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../run/temp_folder.ts";
import { modelHash } from "./embedded.ts";
import { locateModel, modelOf, readModelFolder } from "./model_folder.ts";

const paths = (...names: string[]) =>
  names.map((name) => `m/${name}.safetensors`);

Deno.test("modelOf() knows a model's files by their names", () => {
  const small = paths("tokenizer", "base");
  const enlarging = (tokenizer: string) => ({
    tokenizer: `m/${tokenizer}.safetensors`,
    transformer: "m/superres.safetensors",
  });
  const parts = { tokenizer: small[0], base: small[1], text: "text" };
  const found = (...names: string[]) =>
    modelOf("m", [...small, ...paths(...names)], "text");
  assert.deepEqual(found(), parts);
  assert.deepEqual(found("superres"), parts);
  assert.deepEqual(found("tokenizer_high", "decoder"), parts);
  const high = { ...parts, superres: enlarging("tokenizer_high") };
  assert.deepEqual(found("superres", "tokenizer_high"), high);
  const decoder = { ...parts, superres: enlarging("decoder") };
  assert.deepEqual(found("superres", "tokenizer_high", "decoder"), decoder);
  assert.equal(modelOf("m", paths("tokenizer"), "text"), undefined);
  assert.equal(modelOf("other", small, "text"), undefined);
});

Deno.test("locateModel() finds a model in the list first, then a folder", () =>
  withFolder(async (folder) => {
    const mini = await locateModel("mini");
    assert.equal(mini.parts.base, "mini/base.safetensors");
    assert.equal(readModelFolder(folder), undefined);
    await assert.rejects(locateModel(folder), /Cannot load the model/);
    for (const path of paths("tokenizer", "base")) {
      await Deno.writeTextFile(join(folder, path.slice(2)), path);
    }
    const { name, manifest, parts } = await locateModel(`${folder}/`);
    assert.equal(join(folder, "..", name), folder);
    assert.equal(parts.base, join(folder, "base.safetensors"));
    // Its hash depends on its own files and on the text encoder's.
    const hash = await modelHash(manifest, parts);
    await Deno.writeTextFile(parts.base, "other");
    await assert.rejects(modelHash(manifest, parts), /base.* is damaged/);
    const changed = await locateModel(folder);
    assert.notEqual(await modelHash(changed.manifest, changed.parts), hash);
    const texts = manifest.files.filter(({ path }) => path.includes("text"));
    assert.equal(texts.length, 1);
  }));
