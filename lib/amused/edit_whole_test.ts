/** Edits of pictures that the model sees whole. */

import assert from "node:assert/strict";
import { createPicture, toUnit } from "../image/picture.ts";
import { boxMask } from "../image/pixel_mask.ts";
import { countOnes } from "../muse/decode_state.ts";
import type { DecodeTensors } from "../muse/tensors.ts";
import { createRng } from "../run/random.ts";
import { imageToImage, inpaintWhole } from "./edit_whole.ts";
import {
  imageToImage as imageTensors,
  inpaintWhole as inpaintTensors,
} from "./edits.ts";
import { withTiny } from "./tiny_amused.ts";

const noise = (width: number, height: number) => {
  const rng = createRng("noise", width, height);
  const data = { length: 3 * width * height };
  return createPicture(
    width,
    height,
    Uint8Array.from(data, () => rng.integer(256)),
  );
};

Deno.test("inpaintWhole() keeps what is not in the region, to the last bit", async () => {
  const picture = noise(96, 64);
  const region = boxMask(96, 64, { x: 20, y: 16, width: 40, height: 30 });
  const options = { size: [64, 96] } as const;
  await withTiny("tiny-512", options, async (model) => {
    const masked: number[] = [];
    const edited = await inpaintWhole(
      ...[model, picture, region, ["frog", "cats"], { steps: 3 }] as const,
      ({ mask }) => masked.push(countOnes(mask, 24)[0]),
    );
    // Masked at first are 3x2 tokens at least, and by the linear schedule a
    // third less after each step.
    assert.equal(masked.length, 3);
    assert.ok(masked[0] >= 4 && masked[2] === 0);
    assert.equal(edited.pictures.length, 2);
    for (const { data } of edited.pictures) {
      const changed = data.some((byte, i) => byte !== picture.data[i]);
      assert.ok(changed);
      data.forEach((byte, i) => {
        if (!region.data[Math.floor(i / 3)]) {
          assert.equal(byte, picture.data[i]);
        }
      });
    }
    const whole = await inpaintWhole(
      ...[model, picture, region, ["frog"], {
        composite: false,
        steps: 1,
      }] as const,
    );
    assert.notEqual(whole.pictures[0].data[0], picture.data[0]);
    await assert.rejects(
      inpaintWhole(model, noise(64, 64), region, ["frog"]),
      /loaded for 96x64/,
    );
    const none = boxMask(96, 64, { x: 0, y: 0, width: 0, height: 0 });
    await assert.rejects(
      inpaintWhole(model, picture, none, ["frog"]),
      /without a pixel/,
    );
  });
});

Deno.test("imageToImage() leaves as much of a picture as the strength says", async () => {
  const picture = noise(32, 80);
  const options = { size: [80, 32] } as const;
  await withTiny("tiny-256", options, async (model) => {
    const kept = async (strength: number) => {
      const before: Int32Array[] = [];
      const { tokens, pictures } = await imageToImage(
        ...[model, picture, ["frog"], { strength, steps: 4 }] as const,
        ({ tokens, given }) =>
          before.push(tokens.map((id, i) => given[i] ? id : -1)),
      );
      assert.deepEqual([pictures[0].width, pictures[0].height], [32, 80]);
      assert.equal(before.length, Math.max(1, 4 * strength));
      before[0].forEach((id, i) => assert.ok(id < 0 || id === tokens[i]));
      return before[0].filter((id) => id >= 0).length;
    };
    assert.equal(await kept(1), 0);
    assert.equal(await kept(0.5), 10 - 7); // cos(π/4) of 10 tokens
    assert.equal(await kept(0.25), 10 - 3);
  });
});

Deno.test("edits of whole pictures on tensors give what those of arrays give", async () => {
  const picture = noise(48, 32);
  const region = boxMask(48, 32, { x: 8, y: 8, width: 20, height: 10 });
  await withTiny("tiny-256", { size: [32, 48] }, async (model) => {
    const options = { steps: 2, seed: 4 };
    const masks: number[][] = [];
    const hear = ({ mask }: DecodeTensors) => masks.push(mask.shape);
    const pairs = [
      [
        await inpaintWhole(model, picture, region, ["frog"], options),
        await inpaintTensors(model, picture, region, ["frog"], options, hear),
      ],
      [
        await imageToImage(model, picture, ["frog"], options),
        await imageTensors(model, picture, ["frog"], options, hear),
      ],
    ] as const;
    for (const [wanted, found] of pairs) {
      assert.deepEqual(found.pictures.shape, [1, 32, 48, 3]);
      assert.deepEqual(found.pictures.dataSync(), toUnit(wanted.pictures));
      assert.deepEqual(found.tokens.dataSync(), wanted.tokens);
      assert.deepEqual(found.seeds, wanted.seeds);
    }
    assert.ok(masks.length >= 3);
    assert.ok(masks.every(([batch, tokens]) => batch === 1 && tokens === 6));
  });
});

Deno.test("imageToImage() draws the best of several", async () => {
  const picture = noise(48, 32);
  await withTiny("tiny-256", { size: [32, 48] }, async (model) => {
    const options = { strength: 0.5, steps: 2 };
    const bestOf = {
      count: 2,
      score: ({ tokens }: { readonly tokens: Int32Array }) => [tokens[0]],
    };
    const best = await imageToImage(model, picture, ["frog"], {
      ...options,
      bestOf,
      seed: 3,
    });
    const each = [];
    for (const seed of [6, 7]) {
      each.push(
        await imageToImage(model, picture, ["frog"], {
          ...options,
          seed,
        }),
      );
    }
    const first = each.map(({ tokens }) => tokens[0]);
    const wanted = each[first[1] > first[0] ? 1 : 0];
    assert.deepEqual(best.tokens, wanted.tokens);
    assert.deepEqual(best.seeds, wanted.seeds);
    assert.deepEqual(best.scores, [Math.max(...first)]);
  });
});
