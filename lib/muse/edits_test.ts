import assert from "node:assert/strict";
import { toUnit } from "../image/picture.ts";
import { boxMask } from "../image/pixel_mask.ts";
import { editMaskFree as editArrays } from "./edit_free.ts";
import {
  inpaint as inpaintArrays,
  outpaint as outpaintArrays,
} from "./edit_inpaint.ts";
import type { Edited as EditedArrays } from "./edit_picture.ts";
import { SIDE, somePicture, tableMuse } from "./edit_table.ts";
import { vary as varyArrays } from "./edit_vary.ts";
import { type Edited, editMaskFree, inpaint, outpaint, vary } from "./edits.ts";
import type { DecodeTensors } from "./tensors.ts";

const PROMPTS = ["a", "b"];
const OPTIONS = { steps: 3, seed: 5 } as const;
const PICTURE = somePicture(SIDE + 4, SIDE);
const REGION = boxMask(SIDE + 4, SIDE, { x: 4, y: 4, width: 6, height: 5 });
const MARGINS = { left: 4, right: 0, top: 2, bottom: 2 };

function assertSame(found: Edited, wanted: EditedArrays): void {
  const [{ width, height }] = wanted.pictures;
  const count = PROMPTS.length;
  assert.deepEqual(found.pictures.shape, [count, height, width, 3]);
  assert.deepEqual(found.pictures.dataSync(), toUnit(wanted.pictures));
  assert.deepEqual(found.tokens.shape, [count, wanted.tokens.length / count]);
  assert.equal(found.tokens.dtype, "int32");
  assert.deepEqual(found.tokens.dataSync(), wanted.tokens);
  assert.deepEqual(found.window, wanted.window);
  assert.deepEqual(found.seeds, wanted.seeds);
  assert.deepEqual([found.cut, wanted.cut.length], [
    wanted.cut,
    found.seeds.length,
  ]);
  assert.deepEqual(Object.keys(found.seconds), Object.keys(wanted.seconds));
}

Deno.test("edits of tensors give what edits of arrays give, as generate() does", async () => {
  const { muse } = tableMuse();
  const steps: number[] = [];
  const hear = ({ step, tokens, mask }: DecodeTensors) => {
    assert.deepEqual(tokens.shape, mask.shape);
    steps.push(step);
  };
  assertSame(
    await inpaint(muse, PICTURE, REGION, PROMPTS, OPTIONS, hear),
    await inpaintArrays(muse, PICTURE, REGION, PROMPTS, OPTIONS),
  );
  assertSame(
    await outpaint(muse, PICTURE, MARGINS, PROMPTS, OPTIONS, hear),
    await outpaintArrays(muse, PICTURE, MARGINS, PROMPTS, OPTIONS),
  );
  assertSame(
    await vary(muse, PICTURE, PROMPTS, OPTIONS, hear),
    await varyArrays(muse, PICTURE, PROMPTS, OPTIONS),
  );
  assert.deepEqual(steps, [1, 2, 3, 1, 2, 3, 1, 2, 3]);
});

Deno.test("editMaskFree() of tensors keeps pictures of earlier iterations too", async () => {
  const { muse } = tableMuse();
  const options = { iterations: 4, keepEvery: 2, seed: 1, superresSteps: 0 };
  const heard: number[] = [];
  const found = await editMaskFree(
    ...[muse, PICTURE, PROMPTS, options] as const,
    ({ iteration }) => heard.push(iteration),
  );
  const wanted = await editArrays(muse, PICTURE, PROMPTS, options);
  assertSame(found, wanted);
  assert.deepEqual(heard, [1, 2, 3, 4]);
  assert.deepEqual(found.kept.map(({ iteration }) => iteration), [2]);
  assert.deepEqual(
    found.kept[0].pictures.dataSync(),
    toUnit(wanted.kept[0].pictures),
  );
});
