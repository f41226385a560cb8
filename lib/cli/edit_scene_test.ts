import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { encodePng } from "../image/encode.ts";
import { createPicture } from "../image/picture.ts";
import { maskBounds } from "../image/pixel_mask.ts";
import { DEFAULTS } from "../muse/options.ts";
import { withFolder } from "../run/temp_folder.ts";
import type { Change } from "./edit_change.ts";
import { readScene } from "./edit_scene.ts";
import { UsageError } from "./errors.ts";

const region = {
  composite: true,
  context: undefined,
  whole: false,
  settings: DEFAULTS,
};

const inpaint = (
  where: Extract<Change, { kind: "inpaint" }>["where"],
): Change => ({ kind: "inpaint", where, ...region });

/** A picture of 6x4 in a file, its bytes counted. */
async function writeCounted(path: string): Promise<void> {
  const bytes = Uint8Array.from({ length: 72 }, (_, i) => i);
  await Deno.writeFile(path, await encodePng(createPicture(6, 4, bytes)));
}

/** A mask with a white box of 2x1 at 3,2. */
function maskFile(width: number, height: number): Promise<Uint8Array> {
  const data = new Uint8Array(width * height);
  data.fill(255, 2 * width + 3, 2 * width + 5);
  return sharp(data, { raw: { width, height, channels: 1 } }).png().toBuffer();
}

Deno.test("readScene() reads a picture with a box, and with a mask", () =>
  withFolder(async (folder) => {
    const path = (name: string) => join(folder, name);
    await writeCounted(path("a.png"));
    const box = { x: 3, y: 2, width: 2, height: 1 };
    const boxed = await readScene(path("a.png"), inpaint({ box }));
    assert.deepEqual([boxed.picture.width, boxed.picture.height], [6, 4]);
    assert.equal(boxed.picture.data[71], 71);
    assert.match(boxed.hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(maskBounds(boxed.region!), box);
    assert.equal(boxed.maskHash, undefined);

    await Deno.writeFile(path("m.png"), await maskFile(6, 4));
    const masked = await readScene(
      path("a.png"),
      inpaint({ mask: path("m.png") }),
    );
    assert.deepEqual(masked.region, boxed.region);
    assert.match(masked.maskHash!, /^[0-9a-f]{64}$/);
    assert.notEqual(masked.maskHash, masked.hash);
  }));

Deno.test("readScene() enlarges a picture for an outpainting, and leaves it for others", () =>
  withFolder(async (folder) => {
    const path = (name: string) => join(folder, name);
    await writeCounted(path("a.png"));
    const margins = { left: 1, right: 0, top: 2, bottom: 0 };
    const change: Change = { kind: "outpaint", margins, ...region };
    const { picture, region: drawn } = await readScene(path("a.png"), change);
    assert.deepEqual([picture.width, picture.height], [7, 6]);
    assert.equal(drawn!.data.reduce((sum, bit) => sum + bit, 0), 42 - 24);
    const vary: Change = {
      kind: "vary",
      strength: 1,
      whole: false,
      settings: DEFAULTS,
    };
    const whole = await readScene(path("a.png"), vary);
    assert.deepEqual([whole.picture.width, whole.region], [6, undefined]);
  }));

Deno.test("readScene() refuses files that are missing, damaged or of another size", () =>
  withFolder(async (folder) => {
    const path = (name: string) => join(folder, name);
    await writeCounted(path("a.png"));
    await Deno.writeFile(path("turned.png"), await maskFile(4, 6));
    await Deno.writeFile(
      path("black.png"),
      await encodePng(createPicture(6, 4)),
    );
    await Deno.writeTextFile(path("text.png"), "no picture");
    const box = (x: number, width: number) =>
      inpaint({ box: { x, y: 0, width, height: 1 } });
    const mask = (name: string) => inpaint({ mask: path(name) });
    const wide = { left: 65535, right: 0, top: 0, bottom: 0 };
    const wrong: [string, Change, boolean, RegExp][] = [
      ["no.png", box(0, 1), true, /there is no file .*no\.png/],
      ["", box(0, 1), false, /Cannot read .*directory/i],
      ["text.png", box(0, 1), false, /Cannot read .*text\.png: .*as a picture/],
      ["a.png", box(5, 2), true, /--box 5,0,2,1 ends at 7,1, .* 6x4 pixels/],
      ["a.png", mask("no.png"), true, /there is no file .*no\.png/],
      ["a.png", mask("text.png"), false, /Cannot read .*: .*as a mask/],
      [
        "a.png",
        mask("turned.png"),
        true,
        /turned\.png has 4x6 .*a\.png has 6x4/,
      ],
      ["a.png", mask("black.png"), true, /black\.png has no white pixel/],
      [
        "a.png",
        { kind: "outpaint", margins: wide, ...region },
        true,
        /picture of 65541x4 was asked for/,
      ],
    ];
    for (const [name, change, usage, message] of wrong) {
      await assert.rejects(readScene(path(name), change), (error: Error) => {
        assert.match(error.message, message);
        assert.equal(error instanceof UsageError, usage, error.message);
        return true;
      });
    }
  }));
