/** The commands that draw, with baaivision's Muse. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { writeTinyBaai } from "../baai/tiny_baai.ts";
import { decodeImage } from "../image/decode.ts";
import { encodePng, readPngText } from "../image/encode.ts";
import { createPicture } from "../image/picture.ts";
import { withFolder } from "../run/temp_folder.ts";
import { run as edit } from "./edit.ts";
import { run as generate } from "./generate.ts";
import { runCaught } from "./run_caught.ts";
import { hubVariables, withVariables } from "./with_variables.ts";

Deno.test("generate and edit draw with a folder of baaivision's Muse", () =>
  withFolder(async (folder) => {
    const model = join(folder, "tiny-muse");
    await writeTinyBaai(model);
    const named = ["--model", model];
    const draw = async (name: string, ...options: string[]) => {
      const out = join(folder, name);
      const args = ["a red apple", ...named, "--out", out, ...options];
      const { code, err } = await runCaught("generate", generate, args);
      assert.equal(code, 0, err);
      const bytes = await Deno.readFile(out);
      const { width, height, data } = await decodeImage(bytes);
      return { size: [width, height], data, text: readPngText(bytes) };
    };
    const plain = await draw("a.png");
    assert.deepEqual(plain.size, [128, 128]);
    assert.equal(plain.text.model, "tiny-muse");
    assert.equal(plain.text.steps, "18");
    assert.equal(plain.text.temperature, "4.25..0");
    const low = await draw("b.png", "--low-memory");
    assert.deepEqual(low, plain);

    const grey = createPicture(128, 128, new Uint8Array(3 * 128 ** 2).fill(99));
    const picture = join(folder, "grey.png");
    await Deno.writeFile(picture, await encodePng(grey));
    const change = ["inpaint", picture, "frog", ...named, "--steps", "2"];
    const box = ["--box", "0,0,64,64", "--out", join(folder, "changed.png")];
    const { code, err } = await runCaught("edit", edit, [...change, ...box]);
    assert.equal(code, 0, err);

    const wrong: [string[], RegExp][] = [
      [["--size", "96x64"], /--size is for aMUSEd's models/],
      [["--lora", "a.safetensors"], /--lora is for aMUSEd's models/],
      [["--preset", "best"], /no preset "best"/],
      [["--superres-steps", "2"], /no super-resolution/],
    ];
    for (const [options, message] of wrong) {
      const args = ["a frog", ...named, ...options];
      const { code, err } = await runCaught("generate", generate, args);
      assert.match(err, message);
      assert.equal(code, 2);
    }
  }));

Deno.test("generate --model muse-cc3m says what is not here", () =>
  withFolder(async (folder) => {
    const nobody = hubVariables({ endpoint: "http://127.0.0.1:1" }, folder);
    const { code, err } = await withVariables(
      nobody,
      () => runCaught("generate", generate, ["a frog", "--model", "muse-cc3m"]),
    );
    assert.equal(code, 1);
    assert.match(err, /muse-cc3m is not all here: .*2\.0. GB/);
  }));
