import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../run/temp_folder.ts";
import { noModel } from "./no_model.ts";

const LIST = { models: { mini: { tokenizer: "", base: "", text: "" } } };

async function message(name: string): Promise<string> {
  return (await noModel(name, { ...LIST, root: "weights" })).message;
}

Deno.test("noModel() names the models there are, and the one that was meant", async () => {
  assert.equal(
    await message("minii"),
    'Cannot load the model "minii": found mini in weights; did you mean "mini"?',
  );
  assert.match(await message("other"), /"other": found mini in weights$/);
});

Deno.test("noModel() says how to get and load a published checkpoint", async () => {
  assert.match(
    await message("amused-256"),
    /aMUSEd.* `deno task weights pull amused-256`, then loadAmused\(.*findCheckpoint\("amused-256"\)/,
  );
  const clip = await message("clip-vit-base-patch32");
  assert.match(clip, /weights pull clip-vit-base-patch32`; it is in \(await/);
  assert.doesNotMatch(clip, /loadAmused/);
});

Deno.test("noModel() says what a folder lacks, or who reads it", () =>
  withFolder(async (folder) => {
    const empty = await message(folder);
    assert.match(empty, /no tokenizer\.safetensors and no base\.safetensors/);
    await Deno.writeTextFile(join(folder, "tokenizer.safetensors"), "");
    assert.match(await message(folder), /found no base\.safetensors in/);
    assert.match(
      await message(join(folder, "tokenizer.safetensors", "x")),
      /found mini in weights$/,
    );
    await Deno.writeTextFile(join(folder, "model_index.json"), "{}");
    assert.match(await message(folder), /load it with loadAmused\(\)/);
  }));
