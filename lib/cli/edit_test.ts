import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { decodeImage } from "../image/decode.ts";
import { encodePng, readPngText } from "../image/encode.ts";
import type { Picture } from "../image/picture.ts";
import { resize } from "../image/resize.ts";
import { somePicture } from "../muse/edit_table.ts";
import { withFolder } from "../run/temp_folder.ts";
import { run } from "./edit.ts";
import type { EditResult } from "./edit_run.ts";
import { runCaught } from "./run_caught.ts";

/** Super-resolution has its own tests. */
const QUICK = ["--steps", "2", "--no-superres"];
const edit = (...args: string[]) => runCaught("edit", run, args);

/** A picture of large coloured spots. */
const spots = (width: number, height: number) =>
  resize(somePicture(4, 3), width, height, "bicubic");

const names = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

const read = async (path: string) => decodeImage(await Deno.readFile(path));

/** Whether two pictures of one size have the same pixel at a place. */
function isSame(a: Picture, b: Picture, x: number, y: number): boolean {
  const at = 3 * (y * a.width + x);
  return [0, 1, 2].every((c) => a.data[at + c] === b.data[at + c]);
}

Deno.test("edit inpaint changes the white part of a mask, and nothing else", () =>
  withFolder(async (folder) => {
    const picture = spots(150, 100);
    const file = join(folder, "spots.webp");
    await sharp(picture.data, { raw: { width: 150, height: 100, channels: 3 } })
      .webp({ lossless: true }).toFile(file);
    const mask = new Uint8Array(150 * 100 * 4);
    const isWhite = (x: number, y: number) =>
      x >= 60 && x < 100 && y >= 30 && y < 70;
    for (let i = 0; i < 150 * 100; i++) {
      if (isWhite(i % 150, Math.floor(i / 150))) {
        mask.fill(255, 4 * i, 4 * i + 4);
      }
    }
    const maskFile = join(folder, "mask.png");
    await sharp(mask, { raw: { width: 150, height: 100, channels: 4 } })
      .toFile(maskFile);
    const args = ["inpaint", file, "a red apple", "--mask", maskFile, ...QUICK];
    const { code, out, err } = await edit(...args, "--out", folder);
    assert.equal(code, 0, err);
    const [path, times] = out.split("\n");
    assert.equal(path, join(folder, "spots-inpaint-a-red-apple-0.png"));
    assert.match(
      times,
      /^load [\d.]+ s, tokens [\d.]+ s, text [\d.]+ s, decode [\d.]+ s, picture [\d.]+ s; [\d.]+ s in all$/,
    );
    const edited = await read(path);
    assert.deepEqual([edited.width, edited.height], [150, 100]);
    let changed = 0;
    for (let y = 0; y < 100; y++) {
      for (let x = 0; x < 150; x++) {
        const same = isSame(picture, edited, x, y);
        assert.ok(same || isWhite(x, y), `${x},${y}`);
        changed += same ? 0 : 1;
      }
    }
    assert.ok(changed > 800, `${changed} of 1600 pixels`);
    const text = readPngText(await Deno.readFile(path));
    assert.match(text["picture hash"], /^[0-9a-f]{64}$/);
    assert.match(text["mask hash"], /^[0-9a-f]{64}$/);
    assert.match(text["model hash"], /^[0-9a-f]{64}$/);
    const { prompt, seed, model, edit: kind, steps } = text;
    assert.deepEqual(
      [prompt, seed, model, kind, steps, text.picture, text.mask],
      ...[[
        "a red apple",
        "0",
        "mini",
        "inpaint",
        "2",
        "spots.webp",
        "mask.png",
      ]],
    );
  }));

Deno.test("edit outpaint --json keeps the picture in every larger one", () =>
  withFolder(async (folder) => {
    const picture = spots(90, 60);
    const file = join(folder, "spots.png");
    await Deno.writeFile(file, await encodePng(picture));
    const { code, out, err } = await edit(
      ...["outpaint", file, "a fox", "--right", "20", "--top", "10"],
      ...["--count", "2", "--seed", "7", "--json", "--out", folder],
      ...["--batch", "1", ...QUICK],
    );
    assert.equal(code, 0, err);
    const result: EditResult = JSON.parse(out);
    assert.deepEqual(Object.keys(result), [
      ...["model", "picture", "edit", "settings", "prompt", "pictures"],
      ...["sheet", "trace", "seconds"],
    ]);
    assert.equal(result.trace, null);
    const { hash, ...size } = result.picture;
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(size, { file, width: 110, height: 70 });
    assert.deepEqual(result.edit, {
      ...{ kind: "outpaint", left: 0, right: 20, top: 10, bottom: 0 },
      ...{ context: null, whole: null, composite: true },
    });
    assert.equal(result.settings.steps, 2);
    const stem = join(folder, "spots-outpaint-a-fox");
    assert.deepEqual(result.pictures, [
      { file: `${stem}-7.png`, seed: 7 },
      { file: `${stem}-8.png`, seed: 8 },
    ]);
    assert.equal(result.sheet, `${stem}-7-to-8.png`);
    const drawn = [];
    for (const { file } of result.pictures) {
      const larger = await read(file);
      assert.deepEqual([larger.width, larger.height], [110, 70]);
      for (let y = 0; y < 60; y++) {
        assert.deepEqual(
          larger.data.subarray((y + 10) * 330, (y + 10) * 330 + 270),
          picture.data.subarray(y * 270, (y + 1) * 270),
        );
      }
      drawn.push(larger.data);
    }
    assert.notDeepEqual(drawn[0], drawn[1]);
    const { load, tokens, text, decode, picture: last, total } = result.seconds;
    assert.ok(load > 0 && tokens > 0 && text > 0 && decode > 0 && last > 0);
    assert.ok(total >= load + tokens + text + decode + last);
  }));

Deno.test("edit free keeps the pictures of earlier iterations", () =>
  withFolder(async (folder) => {
    const file = join(folder, "spots.png");
    await Deno.writeFile(file, await encodePng(spots(40, 60)));
    const { code, out, err } = await edit(
      ...["free", file, "a fox", "--iterations", "4", "--keep-every", "2"],
      ...["--out", join(folder, "fox.png"), "--json", "--no-superres"],
    );
    assert.equal(code, 0, err);
    const result: EditResult = JSON.parse(out);
    assert.deepEqual(result.pictures, [
      { file: join(folder, "fox-after-2.png"), seed: 0, iteration: 2 },
      { file: join(folder, "fox.png"), seed: 0, iteration: 4 },
    ]);
    assert.deepEqual(names(folder), [
      "fox-after-2.png",
      "fox.png",
      "spots.png",
    ]);
    for (const { file } of result.pictures) {
      const { width, height } = await read(file);
      assert.deepEqual([width, height], [40, 60]);
    }
    const text = readPngText(await Deno.readFile(join(folder, "fox.png")));
    const { edit: kind, iterations, share, guidance } = text;
    assert.deepEqual(
      [kind, iterations, share, guidance, text["top k"]],
      ["free", "4", "0.08", "4", "3"],
    );
  }));

Deno.test("edit vary draws the picture of a seed, whatever else it draws", () =>
  withFolder(async (folder) => {
    const file = join(folder, "spots.png");
    await Deno.writeFile(file, await encodePng(spots(128, 128)));
    const args = ["vary", file, "a fox", "--strength", "0.7", ...QUICK];
    const both = await edit(...args, "--count", "2", "--out", folder);
    assert.equal(both.code, 0, both.err);
    const alone = join(folder, "alone.png");
    await edit(...args, "--seed", "1", "--out", alone);
    assert.deepEqual(
      await Deno.readFile(alone),
      await Deno.readFile(join(folder, "spots-vary-a-fox-1.png")),
    );
    assert.equal(readPngText(await Deno.readFile(alone)).strength, "0.7");
  }));

Deno.test("edit leaves nothing behind when it fails, and says why", () =>
  withFolder(async (folder) => {
    const file = join(folder, "spots.png");
    await Deno.writeFile(file, await encodePng(spots(30, 20)));
    const mask = join(folder, "mask.png");
    await Deno.writeFile(mask, await encodePng(spots(20, 30)));
    const before = names(folder);
    const out = join(folder, "out");
    const box = ["--box", "1,1,5,5"];
    const inpaint = ["inpaint", file, "a fox"];
    const wrong: [number, string[], RegExp][] = [
      [2, [...inpaint, "--mask", mask], /mask\.png has 20x30 .*has 30x20;/],
      [2, [...inpaint, "--box", "1,1,30,5"], /ends at 31,6, beyond .*30x20/],
      [2, ["inpaint", `${file}x`, "a fox", ...box], /there is no file/],
      [2, [...inpaint, ...box, "--model", "mni"], /no model "mni" in .*mini/],
      [2, [...inpaint, ...box, "--steps", "0"], /--steps/],
      [2, [...inpaint], /--mask or by --box/],
      [2, [...inpaint, ...box, "--out", "x.jpg"], /--out is a \.png file/],
      [1, [...inpaint, ...box, "--out", join(file, "x.png")], /not a folder/],
      [1, [...inpaint, ...box, "--trace", join(file, "t.gif")], /not a folder/],
      [1, [...inpaint, ...box, "--weights", out], /out\/manifest\.json/],
    ];
    for (const [code, args, message] of wrong) {
      const ended = await edit(...args.toSpliced(1, 0, "--out", out));
      assert.match(ended.err, message);
      assert.equal(ended.code, code, args.join(" "));
      assert.equal(ended.out, "");
      assert.deepEqual(names(folder), before, args.join(" "));
    }
  }));
