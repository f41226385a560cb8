import assert from "node:assert/strict";
import { join } from "node:path";
import { openClipScore } from "../../eval/clip_choice.ts";
import { decodeImage } from "../image/decode.ts";
import { readPngText } from "../image/encode.ts";
import { withFolder } from "../run/temp_folder.ts";
import type { GenerateResult } from "./drawing.ts";
import { run } from "./generate.ts";
import { runCaught } from "./run_caught.ts";
import { withVariables } from "./with_variables.ts";

const QUICK = ["--steps", "2", "--no-superres"];
const generate = (...args: string[]) => runCaught("generate", run, args);

Deno.test("generate --best-of draws candidates and says which is the best", () =>
  withFolder(async (folder) => {
    const args = ["a fox", "--seed", "3", "--out", folder, ...QUICK];
    const { code, out, err } = await generate(
      ...args,
      ...["--best-of", "2", "--json"],
    );
    assert.equal(code, 0, err);
    const [{ file, seed, best }] = (JSON.parse(out) as GenerateResult).pictures;
    assert.equal(seed, 3);
    assert.ok(best!.seed === 6 || best!.seed === 7);
    assert.ok(best!.score < 0, "a log-likelihood");
    const bytes = await Deno.readFile(file);
    const text = readPngText(bytes);
    assert.equal(text["best of"], "2 by likelihood");
    assert.equal(text["best seed"], String(best!.seed));
    const alone = join(folder, "alone.png");
    await generate(
      "a fox",
      "--seed",
      `${best!.seed}`,
      "--out",
      alone,
      ...QUICK,
    );
    const same = await decodeImage(await Deno.readFile(alone));
    assert.deepEqual(same, await decodeImage(bytes));
  }));

Deno.test("generate --score clip keeps the picture whose cosine is larger", () =>
  withFolder(async (folder) => {
    const path = new URL("../clip/testdata/tiny/", import.meta.url).pathname;
    const prompt = "a purple bicycle and three saxophones"; // seeds differ in it
    const line = [prompt, ...QUICK, "--json"];
    const draw = async (out: string, ...args: string[]) => {
      const shown = await generate(
        ...line,
        "--out",
        join(folder, out),
        ...args,
      );
      assert.equal(shown.code, 0, shown.err);
      const [picture] = (JSON.parse(shown.out) as GenerateResult).pictures;
      return { ...picture, bytes: await Deno.readFile(picture.file) };
    };
    const clip = ["--best-of", "2", "--clip", path];
    const { best, bytes } = await draw("best", ...clip, "--seed", "3");
    assert.equal(readPngText(bytes)["best of"], `2 by clip ${path}`);
    const candidates = [
      await draw("first", "--seed", "6"),
      await draw("second", "--seed", "7"),
    ];
    const pictures = await Promise.all(
      candidates.map(({ bytes }) => decodeImage(bytes)),
    );
    const { score, release } = await openClipScore(path);
    const prompts = [prompt, prompt];
    const tokens = new Int32Array();
    const scores = Array.from(await score({ prompts, tokens, pictures }));
    await release();
    assert.notEqual(scores[0], scores[1]);
    assert.equal(best!.score, Math.max(...scores));
    assert.equal(best!.seed, 6 + scores.indexOf(best!.score));
  }));

Deno.test("generate --score clip says how to get a CLIP that isn't here", () =>
  withFolder(async (folder) => {
    const line = ["a fox", "--out", folder, ...QUICK, "--best-of", "2"];
    await withVariables({ HF_HUB_CACHE: folder }, async () => {
      const { code, err } = await generate(...line, "--score", "clip");
      assert.equal(code, 1);
      assert.match(err, /clip-vit-base-patch32 is not all here.*weights pull/);
    });
  }));
