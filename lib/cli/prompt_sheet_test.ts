import assert from "node:assert/strict";
import { createPicture } from "../image/picture.ts";
import { planFiles } from "./generate_plan.ts";
import { checkSheet, onSheet, promptSheet } from "./prompt_sheet.ts";

const planned = (prompts: number, count: number) =>
  planFiles(
    { out: "out", count, seed: 0, trace: undefined },
    Array.from({ length: prompts }, (_, i) => ({ prompt: `prompt ${i}` })),
  ).prompts;

Deno.test("promptSheet() keeps a prompt's pictures in one row, the whole about square", () => {
  const across = { 1: 6, 2: 6, 4: 8, 9: 9 };
  for (const [count, columns] of Object.entries(across)) {
    const prompts = planned(36 / Number(count), Number(count));
    const pictures = Array.from({ length: 36 }, () => createPicture(20, 20));
    const { width } = promptSheet(prompts, pictures);
    assert.equal(width, 6 + columns * 26, `${count} of each`);
  }
});

Deno.test("onSheet() keeps the shape of a picture", () => {
  const picture = createPicture(64, 32);
  const path = "sheet.png";
  assert.equal(onSheet(picture, { path, side: undefined }), picture);
  const { width, height } = onSheet(picture, { path, side: 16 });
  assert.deepEqual([width, height], [16, 8]);
});

Deno.test("checkSheet() refuses more pictures than anyone looks at", () => {
  checkSheet(planned(256, 4));
  assert.throws(
    () => checkSheet(planned(257, 4)),
    /--sheet takes up to 1024 pictures, but there are 1028\./,
  );
});
