import assert from "node:assert/strict";
import { join } from "node:path";
import { embeddedPath, modelFiles, readManifest } from "../hub/embedded.ts";
import { DEVICES } from "../run/device.ts";
import { knownDevices } from "../run/on_device.ts";
import { withFolder } from "../run/temp_folder.ts";
import { run } from "./generate.ts";
import { runCaught } from "./run_caught.ts";

const generate = (...args: string[]) => runCaught("generate", run, args);

const names = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("generate leaves nothing behind when it fails", () =>
  withFolder(async (folder) => {
    const file = join(folder, "file.txt");
    await Deno.writeTextFile(file, "a fox\n");
    const lines = join(folder, "lines.jsonl");
    await Deno.writeTextFile(lines, '{"prompt": "a fox"}\n{"prompt": 1}\n');
    await Deno.mkdir(join(folder, "t.gif"));
    const parts = { tokenizer: "t", base: "b", text: "text" };
    await Deno.writeTextFile(
      join(folder, "manifest.json"),
      JSON.stringify({ models: { mini: parts }, files: [] }),
    );
    const before = names(folder);
    const out = join(folder, "out");
    const known = knownDevices();
    const none = DEVICES.find((device) => !known.includes(device))!;
    const plain = ["a fox", "--weights", folder];
    const wrong: [number, string[], RegExp][] = [
      [2, ["a fox", "--model", "mni"], /no model "mni" in .*; did you mean/],
      [2, ["a fox", "--model", "toString"], /no model "toString"/],
      [2, ["--prompts", lines], /lines\.jsonl, line 2: its "prompt"/],
      [2, ["--prompts", join(folder, "no.txt")], /there is no file .*no\.txt/],
      [2, ["a fox", "--steps", "0"], /--steps/],
      [1, ["a fox", "--out", join(file, "x.png")], /file\.txt is not a folder/],
      [1, ["a fox", "--out", file], /file\.txt is not a folder/],
      [1, ["a fox", "--trace", join(folder, "t.gif")], /t\.gif: it is a fold/],
      [2, [...plain, "--superres-steps", "4"], /"mini" has no super-res/],
      [1, ["a fox", "--weights", out], /out\/manifest\.json/],
      [1, ["a fox", "--device", none], /^generate: Cannot run on .*choose one/],
    ];
    for (const [code, args, message] of wrong) {
      const ended = await generate("--out", out, ...args);
      assert.match(ended.err, message);
      assert.equal(ended.code, code, args.join(" "));
      assert.equal(ended.out, "");
      assert.deepEqual(names(folder), before, args.join(" "));
    }
  }));

Deno.test("generate refuses damaged weights before it draws", () =>
  withFolder(async (folder) => {
    const weights = join(folder, "weights");
    await Deno.mkdir(join(weights, "mini"), { recursive: true });
    const manifest = await Deno.readTextFile(embeddedPath("manifest.json"));
    await Deno.writeTextFile(join(weights, "manifest.json"), manifest);
    await Deno.symlink(embeddedPath("text"), join(weights, "text"));
    const { models: { mini } } = await readManifest();
    const base = join(weights, mini.base);
    for (const path of modelFiles(mini).filter((path) => path !== mini.base)) {
      await Deno.symlink(embeddedPath(path), join(weights, path));
    }
    const good = await Deno.readFile(embeddedPath("mini/base.safetensors"));
    const flipped = good.slice();
    flipped[flipped.length >> 1] ^= 1;
    const out = join(folder, "out");
    for (const bytes of [flipped, good.subarray(0, 1000), new Uint8Array()]) {
      await Deno.writeFile(base, bytes);
      const ended = await generate(
        ...["a fox", "--out", out, "--weights", weights],
      );
      assert.equal(ended.code, 1);
      assert.match(ended.err, /base\.safetensors: it is damaged/);
      assert.doesNotMatch(ended.err, /\n/);
    }
    await Deno.remove(base);
    const ended = await generate(
      ...["a fox", "--out", out, "--weights", weights],
    );
    assert.equal(ended.code, 1);
    assert.match(ended.err, /Cannot read the weights .*base\.safetensors/);
    assert.deepEqual(names(folder), ["weights"]);
  }));
