import assert from "node:assert/strict";
import { join } from "node:path";
import { writeModel } from "../../eval/random_model.ts";
import { decodeImage } from "../image/decode.ts";
import { encodePng, readPngText } from "../image/encode.ts";
import { somePicture } from "../muse/edit_table.ts";
import { withFolder } from "../run/temp_folder.ts";
import { run as runEdit } from "./edit.ts";
import type { EditResult } from "./edit_run.ts";
import { run as runGenerate } from "./generate.ts";
import { runCaught } from "./run_caught.ts";

const PICTURE = somePicture(50, 40);

/** Lends a folder with a picture, and a random model with super-resolution. */
function withModel(
  test: (
    folder: string,
    edit: (kind: string, ...args: string[]) => ReturnType<typeof runCaught>,
  ) => Promise<void>,
  superres = true,
): Promise<void> {
  return withFolder(async (folder) => {
    const weights = join(folder, "weights");
    await Deno.mkdir(weights);
    await writeModel(weights, { superres });
    const file = join(folder, "spots.png");
    await Deno.writeFile(file, await encodePng(PICTURE));
    const model = ["--weights", weights, "--model", "tiny"];
    await test(folder, (kind, ...args) => {
      const all = [kind, file, "a fox", ...model, "--out", folder, ...args];
      return runCaught("edit", runEdit, all);
    });
  });
}

const textOf = async (path: string) => readPngText(await Deno.readFile(path));
const read = async (path: string) => decodeImage(await Deno.readFile(path));

const BOX = ["--box", "14,10,13,12"];
const QUICK = ["--steps", "2", "--superres-steps", "2"];

Deno.test("edit inpaint goes on with super-resolution, and can do without", () =>
  withModel(async (folder, edit) => {
    const path = join(folder, "fox.png");
    const large = await edit("inpaint", ...BOX, ...QUICK, "--out", path);
    assert.equal(large.code, 0, large.err);
    assert.match(
      large.out.split("\n")[1],
      /, decode [\d.]+ s, superres [\d.]+ s, picture [\d.]+ s; [\d.]+ s in all$/,
    );
    assert.equal((await textOf(path))["superres steps"], "2");
    const edited = await read(path);
    edited.data.forEach((byte, i) => {
      const [x, y] = [Math.floor(i / 3) % 50, Math.floor(i / 150)];
      const isInside = x >= 14 && x < 27 && y >= 10 && y < 22;
      assert.ok(isInside || byte === PICTURE.data[i], `${x},${y}`);
    });
    const usual = await edit("inpaint", ...BOX, "--steps", "2");
    const [file] = usual.out.split("\n");
    assert.equal((await textOf(file))["superres steps"], "8");
    const small = await edit(
      "inpaint",
      ...BOX,
      "--steps",
      "2",
      "--no-superres",
    );
    assert.doesNotMatch(small.out, /superres/);
    const [second] = small.out.split("\n");
    assert.notEqual(second, file, "another picture of the same name");
    assert.equal((await textOf(second))["superres steps"], "0");
    assert.notDeepEqual((await read(second)).data, edited.data);
  }));

Deno.test("edit outpaint and vary go on with super-resolution, alone as among others", () =>
  withModel(async (folder, edit) => {
    for (const args of [["outpaint", "--right", "9"], ["vary"]] as const) {
      const [kind, ...rest] = args;
      const line = [...rest, ...QUICK, "--count", "2"];
      const { code, out, err } = await edit(kind, ...line, "--json");
      assert.equal(code, 0, err);
      const { settings, seconds, pictures }: EditResult = JSON.parse(out);
      assert.equal(settings.superresSteps, 2);
      assert.ok(seconds.superres! > 0);
      const alone = join(folder, "alone.png");
      await edit(kind, ...rest, ...QUICK, "--seed", "1", "--out", alone);
      assert.deepEqual(
        await Deno.readFile(alone),
        await Deno.readFile(pictures[1].file),
      );
    }
  }));

Deno.test("edit free super-resolves its end, and what it keeps if told so", () =>
  withModel(async (folder, edit) => {
    const line = ["--iterations", "4", "--keep-every", "2"];
    const steps = ["--superres-steps", "2"];
    const files = async (name: string, ...args: string[]) => {
      const path = join(folder, name);
      const { code, err } = await edit("free", ...args, "--out", path);
      assert.equal(code, 0, err);
      const kept = path.replace(".png", "-after-2.png");
      return {
        kept: (await textOf(kept))["superres steps"],
        keptSchedule: (await textOf(kept))["superres schedule"],
        last: (await textOf(path))["superres steps"],
        pictures: [await read(kept), await read(path)],
      };
    };
    const usual = await files("usual.png", ...line, ...steps);
    assert.deepEqual([usual.kept, usual.last], ["0", "2"]);
    assert.equal(usual.keptSchedule, undefined);
    const all = await files("all.png", ...line, ...steps, "--superres-kept");
    assert.deepEqual([all.kept, all.last], ["2", "2"]);
    const none = await files("none.png", ...line, "--no-superres");
    assert.deepEqual([none.kept, none.last], ["0", "0"]);
    assert.deepEqual(all.pictures[1], usual.pictures[1]);
    assert.deepEqual(none.pictures[0], usual.pictures[0]);
    assert.notDeepEqual(all.pictures[0], usual.pictures[0]);
    assert.notDeepEqual(none.pictures[1], usual.pictures[1]);
  }));

Deno.test("edit and generate guide super-resolution, and take its temperature, as told", () =>
  withModel(async (folder, edit) => {
    const own = ["--superres-guidance", "3", "--superres-temperature", "0"];
    const kinds = [
      ["inpaint", ...BOX, ...QUICK],
      ["free", "--iterations", "2", "--superres-steps", "2"],
    ];
    for (const [i, [kind, ...args]] of kinds.entries()) {
      const paths = ["usual", "own"].map((name) => join(folder, `${name}${i}`));
      const [usual, told] = paths.map((path) => `${path}.png`);
      await edit(kind, ...args, "--out", usual);
      const { code, err } = await edit(kind, ...args, ...own, "--out", told);
      assert.equal(code, 0, err);
      const text = await textOf(told);
      assert.equal(text["superres guidance"], "3");
      assert.equal(text["superres temperature"], "0");
      const untold = await textOf(usual);
      assert.equal(untold["superres guidance"], "0");
      assert.equal(untold["superres temperature"], "0.6");
      assert.equal(untold["superres choice temperature"], "2");
      assert.equal(untold["superres schedule"], "cosine");
      assert.equal(untold["superres sampler"], "confidence");
      assert.notDeepEqual((await read(told)).data, (await read(usual)).data);
    }
    const weights = join(folder, "weights");
    const model = ["--weights", weights, "--model", "tiny"];
    const files = [];
    for (const more of [[], own]) {
      const path = join(folder, `generated${files.length}.png`);
      const all = ["a fox", ...model, ...QUICK, ...more, "--out", path];
      const { code, err } = await runCaught("generate", runGenerate, all);
      assert.equal(code, 0, err);
      files.push(path);
    }
    assert.equal((await textOf(files[1]))["superres guidance"], "3");
    const [usual, told] = await Promise.all(files.map(read));
    assert.notDeepEqual(told.data, usual.data);
  }));

Deno.test("edit --best-of draws candidates and says which is the best", () =>
  withModel(async (folder, edit) => {
    const kinds = [
      ["inpaint", ...BOX, ...QUICK],
      ["free", "--iterations", "2", "--superres-steps", "2"],
    ];
    const score = ["--best-of", "3", "--score", "agreement"];
    for (const [kind, ...args] of kinds) {
      const line = [...args, "--seed", "5"];
      const { code, out, err } = await edit(kind, ...line, ...score, "--json");
      assert.equal(code, 0, err);
      const result: EditResult = JSON.parse(out);
      const [{ file, seed, best }] = result.pictures;
      assert.equal(seed, 5);
      assert.ok(best!.seed >= 15 && best!.seed < 18, `${best!.seed}`);
      assert.ok(best!.score >= 0 && best!.score <= 1);
      const text = await textOf(file);
      assert.equal(text["best of"], "3 by agreement");
      assert.equal(text["best seed"], String(best!.seed));
      const alone = join(folder, "alone.png");
      await edit(kind, ...args, "--seed", `${best!.seed}`, "--out", alone);
      assert.deepEqual(await read(alone), await read(file));
    }
  }));

Deno.test("edit refuses super-resolution that the model hasn't", () =>
  withModel(async (folder, edit) => {
    const wrong = [
      [["vary", "--superres-steps", "4"], /leave out --superres-steps/],
      [["vary", "--superres-guidance", "4"], /leave out --superres-guidance/],
      [
        ["free", "--keep-every", "9", "--superres-kept"],
        /"tiny" has no super-resolution; leave out --superres-kept/,
      ],
    ] as const;
    for (const [[kind, ...args], message] of wrong) {
      const { code, err } = await edit(kind, ...args);
      assert.equal(code, 2);
      assert.match(err, message);
    }
    const path = join(folder, "fox.png");
    const plain = await edit("vary", "--steps", "2", "--out", path);
    assert.equal(plain.code, 0, plain.err);
    assert.equal((await textOf(path))["superres steps"], undefined);
  }, false));

/** What a trace shows: the title of each stage, and how many steps there are. */
async function shown(path: string) {
  const html = await Deno.readTextFile(path);
  return {
    stages: html.match(/(?<=rowgroup">)[^<]+/g) ?? [],
    steps: html.match(/<tr data-step=/g)!.length,
  };
}

const STAGES = ["base, 4 x 4 tokens", "super-resolution, 8 x 8 tokens"];

Deno.test("edit --trace shows both decodes, of every kind of edit", () =>
  withModel(async (folder, edit) => {
    const kinds = [
      [...["inpaint", ...BOX, ...QUICK]],
      ["outpaint", "--left", "20", ...QUICK],
      ["vary", ...QUICK],
      ["free", "--iterations", "3", "--superres-steps", "2"],
    ];
    for (const [kind, ...args] of kinds) {
      const path = join(folder, "traces", `${kind}.html`);
      const { code, out, err } = await edit(kind, ...args, "--trace", path);
      assert.equal(code, 0, err);
      assert.equal(out.split("\n")[1], path);
      const steps = kind === "free" ? 5 : 4;
      assert.deepEqual(await shown(path), { stages: STAGES, steps });
    }
    const path = join(folder, "small.html");
    await edit("free", "--iterations", "3", "--no-superres", "--trace", path);
    assert.deepEqual(await shown(path), { stages: [], steps: 3 });
    const gif = join(folder, "t.gif");
    const { out } = await edit("vary", ...QUICK, "--trace", gif, "--json");
    assert.equal(JSON.parse(out).trace, gif);
    const { width } = await read(gif);
    assert.equal(width, 2 * (6 + 4 * (32 + 6)), "of the larger pictures");
  }));

Deno.test("generate --trace shows super-resolution too", () =>
  withModel(async (folder) => {
    const path = join(folder, "t.html");
    const { code, err } = await runCaught("generate", runGenerate, [
      ...["a fox", "--weights", join(folder, "weights"), "--model", "tiny"],
      ...["--out", folder, "--trace", path, "--best-of", "2", ...QUICK],
    ]);
    assert.equal(code, 0, err);
    assert.deepEqual(await shown(path), { stages: STAGES, steps: 4 });
  }));
