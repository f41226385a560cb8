import assert from "node:assert/strict";
import fc from "fast-check";
import { cutBox } from "../image/cut.ts";
import type { Picture } from "../image/picture.ts";
import { boxMask, type PixelMask } from "../image/pixel_mask.ts";
import { resize } from "../image/resize.ts";
import type { Candidates } from "./best_of.ts";
import type { DecodeState } from "./decode_state.ts";
import { editMaskFree } from "./edit_free.ts";
import { inpaint, outpaint } from "./edit_inpaint.ts";
import type { Edited } from "./edit_picture.ts";
import { somePicture } from "./edit_table.ts";
import { knownTokens, tokensOf } from "./edit_tokens.ts";
import { vary } from "./edit_vary.ts";
import { boxOf } from "./edit_window.ts";
import { generate, type Muse, tokensToPictures } from "./pipeline.ts";
import { LARGE, tinyMuse } from "./tiny_muse.ts";

const QUICK = { steps: 2, superresSteps: 2, seed: 5 } as const;
const SMALL = 16;

/** Lends a model of random networks, with super-resolution and without. */
function withMuse(
  name: string,
  use: (
    muse: Awaited<ReturnType<typeof tinyMuse>>,
    alone: Muse,
  ) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const muse = await tinyMuse();
    const { superres: _, ...alone } = muse;
    try {
      await use(muse, alone);
    } finally {
      await muse.release();
    }
  });
}

/** Asserts that only pixels of a region differ. */
function assertOutside(
  picture: Picture,
  edited: Picture,
  { data: bits }: PixelMask,
): void {
  const { width, height, data } = edited;
  assert.deepEqual([width, height], [picture.width, picture.height]);
  data.forEach((byte, i) =>
    assert.ok(bits[Math.floor(i / 3)] || byte === picture.data[i])
  );
}

withMuse(
  "inpaint() finds the larger tokens by the smaller ones, and keeps those around",
  async (muse, alone) => {
    const picture = somePicture(50, 40);
    const region = boxMask(50, 40, { x: 14, y: 10, width: 13, height: 12 });
    const heard: DecodeState[][] = [[], []];
    const edited = await inpaint(
      muse,
      picture,
      region,
      ["a fox", "a red fox"],
      QUICK,
      (state) => heard[0].push(state),
      (state) => heard[1].push(state),
    );
    assert.deepEqual(heard.map(({ length }) => length), [2, 2]);
    assert.deepEqual(edited.tokens, heard[0][1].tokens);
    assert.deepEqual(edited.superresTokens, heard[1][1].tokens);
    assert.ok(edited.seconds.superres! > 0);
    // The base does what it does alone.
    const { superresSteps: _, ...base } = QUICK;
    const small = await inpaint(alone, picture, region, ["a fox"], base);
    assert.deepEqual(edited.tokens.subarray(0, 16), small.tokens);
    assert.equal(small.superresTokens, undefined);
    assert.equal(small.seconds.superres, undefined);
    // What is shown is the larger tokens, brought to the window's size.
    const { x, y, side } = edited.window;
    const squares = await tokensToPictures(
      muse.superres.tokenizer,
      edited.superresTokens!,
    );
    for (const [i, one] of edited.pictures.entries()) {
      assertOutside(picture, one, region);
      const drawn = resize(squares[i], side, side, "bicubic");
      const at = (p: Picture, x: number, y: number) =>
        p.data.subarray(3 * (y * p.width + x), 3 * (y * p.width + x) + 3);
      assert.deepEqual(at(one, 20, 15), at(drawn, 20 - x, 15 - y));
    }
  },
);

const side = fc.integer({ min: 1, max: 70 });
const anyEdit = fc.record({ width: side, height: side }).chain(
  ({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      x: fc.integer({ min: 0, max: width - 1 }),
      y: fc.integer({ min: 0, max: height - 1 }),
      across: side,
      down: side,
      context: fc.constantFrom(undefined, 1, 2),
      superresSteps: fc.integer({ min: 0, max: 3 }),
    }),
);

withMuse(
  "inpaint() of any size changes no pixel outside and no larger token that is known",
  async (muse) => {
    await fc.assert(
      fc.asyncProperty(anyEdit, async (scene) => {
        const { width, height, x, y, context, superresSteps } = scene;
        const picture = somePicture(width, height);
        const region = boxMask(width, height, {
          x,
          y,
          width: Math.min(scene.across, width - x),
          height: Math.min(scene.down, height - y),
        });
        const options = { ...QUICK, context, superresSteps };
        const edited = await inpaint(muse, picture, region, ["a"], options);
        assertOutside(picture, edited.pictures[0], region);
        if (superresSteps === 0) {
          assert.equal(edited.superresTokens, undefined);
          return;
        }
        const { tokenizer } = muse.superres;
        const box = boxOf(edited.window);
        const known = await knownTokens(tokenizer, picture, region, box);
        known.mask.forEach((unknown, i) =>
          assert.ok(unknown || edited.superresTokens![i] === known.tokens[i])
        );
      }),
      { numRuns: 40 },
    );
  },
);

withMuse(
  "inpaint() without compositing shows all that super-resolution drew",
  async (muse) => {
    const picture = somePicture(LARGE, LARGE);
    const region = boxMask(LARGE, LARGE, { x: 3, y: 3, width: 9, height: 9 });
    const options = { ...QUICK, composite: false };
    const edited = await inpaint(muse, picture, region, ["a"], options);
    assert.deepEqual(
      edited.pictures,
      await tokensToPictures(muse.superres.tokenizer, edited.superresTokens!),
    );
  },
);

withMuse(
  "inpaint() sees no less than the larger tokens show",
  async (muse, alone) => {
    const picture = somePicture(90, 90);
    const region = boxMask(90, 90, { x: 40, y: 40, width: 4, height: 4 });
    const options = { seed: 1, steps: 1, context: 1 };
    const sideOf = ({ window }: Edited) => window.side;
    const edit = (model: Muse, superresSteps?: number) =>
      inpaint(model, picture, region, ["a"], { ...options, superresSteps });
    assert.equal(sideOf(await edit(muse)), LARGE);
    assert.equal(sideOf(await edit(muse, 0)), SMALL);
    assert.equal(sideOf(await edit(alone)), SMALL);
  },
);

withMuse(
  "inpaint() and vary() of everything are generations with the same seed",
  async (muse) => {
    const prompts = ["a fox", "a bear"];
    const drawn = await generate(muse, prompts, QUICK);
    const picture = somePicture(LARGE, LARGE);
    const all = { x: 0, y: 0, width: LARGE, height: LARGE };
    const whole = boxMask(LARGE, LARGE, all);
    for (
      const edited of [
        await inpaint(muse, picture, whole, prompts, QUICK),
        await vary(muse, picture, prompts, { ...QUICK, strength: 1 }),
      ]
    ) {
      assert.deepEqual(edited.tokens, drawn.tokens);
      assert.deepEqual(edited.superresTokens, drawn.superresTokens);
      assert.deepEqual(edited.pictures, drawn.pictures);
    }
  },
);

withMuse(
  "outpaint() keeps the picture in the enlarged one at both scales",
  async (muse) => {
    const picture = somePicture(40, 30);
    const margins = { left: 0, right: 12, top: 5, bottom: 0 };
    const heard: DecodeState[] = [];
    const { pictures: [large], superresTokens } = await outpaint(
      muse,
      picture,
      margins,
      ["a fox"],
      QUICK,
      undefined,
      (state) => heard.push(state),
    );
    assert.equal(heard.length, 2);
    assert.equal(superresTokens?.length, 64);
    assert.deepEqual([large.width, large.height], [52, 35]);
    const kept = cutBox(large, { x: 0, y: 5, width: 40, height: 30 });
    assert.deepEqual(kept, picture);
  },
);

withMuse(
  "vary() draws anew what lies under the base's new tokens",
  async (muse) => {
    const picture = somePicture(LARGE, LARGE);
    const { tokenizer } = muse.superres;
    const given = await tokensOf(tokenizer, [picture]);
    const heard: DecodeState[][] = [[], []];
    const { superresTokens } = await vary(
      muse,
      picture,
      ["a", "b"],
      { ...QUICK, strength: 0.3 },
      (state) => heard[0].push(state),
      (state) => heard[1].push(state),
    );
    const [[low], [high]] = heard;
    high.given.forEach((bit, i) => {
      const [row, column] = [Math.floor(i % 64 / 8), i % 8];
      const under = Math.floor(i / 64) * 16 + Math.floor(row / 2) * 4 +
        Math.floor(column / 2);
      assert.equal(bit, low.given[under]);
      if (bit) assert.equal(superresTokens![i], given[i % 64]);
    });
    const none = { ...QUICK, strength: 0 };
    const still = await vary(muse, picture, ["a"], none, undefined, () => {
      throw new Error("a step of super-resolution");
    });
    assert.deepEqual(still.superresTokens, given);
    assert.deepEqual(still.pictures, await tokensToPictures(tokenizer, given));
  },
);

withMuse(
  "editMaskFree() super-resolves the last iteration once",
  async (muse, alone) => {
    const picture = somePicture(40, 24);
    const options = { iterations: 3, seed: 2, keepEvery: 2, superresSteps: 2 };
    const heard: DecodeState[] = [];
    const edited = await editMaskFree(
      muse,
      picture,
      ["a fox"],
      options,
      undefined,
      (state) => heard.push(state),
    );
    assert.deepEqual(heard.map(({ step }) => step), [1, 2]);
    assert.deepEqual(edited.superresTokens, heard[1].tokens);
    const { superresSteps: _, ...base } = options;
    const small = await editMaskFree(alone, picture, ["a fox"], base);
    assert.deepEqual(edited.tokens, small.tokens);
    assert.deepEqual(edited.kept, small.kept);
    assert.notDeepEqual(edited.pictures, small.pictures);
    const off = await editMaskFree(muse, picture, ["a fox"], {
      ...options,
      superresSteps: 0,
    });
    assert.deepEqual(off.pictures, small.pictures);
    assert.equal(off.seconds.superres, undefined);
  },
);

withMuse(
  "editMaskFree() super-resolves what it keeps too, if told so",
  async (muse) => {
    const picture = somePicture(40, 24);
    const options = { iterations: 4, seed: 2, superresSteps: 2 };
    const heard: DecodeState[] = [];
    const all = await editMaskFree(
      muse,
      picture,
      ["a fox"],
      { ...options, keepEvery: 2, superresKept: true },
      undefined,
      (state) => heard.push(state),
    );
    assert.equal(heard.length, 2, "only of the last");
    const short = { ...options, iterations: 2 };
    const ended = await editMaskFree(muse, picture, ["a fox"], short);
    const [{ iteration, pictures }] = all.kept;
    assert.equal(iteration, 2);
    assert.deepEqual(pictures, ended.pictures);
    assert.ok(all.seconds.superres! > 0);
  },
);

withMuse(
  "edits keep the best of several by a score that is passed in",
  async (muse) => {
    const picture = somePicture(40, 24);
    const region = boxMask(40, 24, { x: 8, y: 4, width: 20, height: 16 });
    const prompts = ["a fox", "a bear"];
    const common = { seed: 3, superresSteps: 2 };
    const steps = { ...common, steps: 2 };
    const free = { ...common, iterations: 2, keepEvery: 1 };
    const edits: ((
      options: object,
      onStep?: () => void,
      onSuperresStep?: () => void,
    ) => Promise<Edited>)[] = [
      (options, ...listeners) =>
        inpaint(
          muse,
          picture,
          region,
          prompts,
          { ...steps, ...options },
          ...listeners,
        ),
      (options, ...listeners) =>
        vary(muse, picture, prompts, { ...steps, ...options }, ...listeners),
      (options, ...listeners) =>
        editMaskFree(
          muse,
          picture,
          prompts,
          { ...free, ...options },
          ...listeners,
        ),
    ];
    for (const edit of edits) {
      const tried: Picture[][] = [];
      const score = (candidates: Candidates) => {
        assert.equal(candidates.prompts, prompts);
        assert.equal(candidates.tokens.length, 2 * 16);
        tried.push([...candidates.pictures]);
        return [tried.length === 2 ? 9 : 0, -tried.length];
      };
      const heard = [0, 0];
      const best = await edit(
        { bestOf: { count: 3, score } },
        () => heard[0]++,
        () => heard[1]++,
      );
      assert.equal(tried.length, 3);
      assert.deepEqual(heard, [2, 2], "of the best ones alone");
      // The second candidate of the seed 3, the first of the seed 4.
      assert.deepEqual(best.seeds, [10, 12]);
      assert.deepEqual(best.scores, [9, -1]);
      const alone = await edit({ seed: [10, 12] });
      assert.equal(alone.scores, undefined);
      assert.deepEqual(best.pictures, alone.pictures);
      assert.deepEqual(best.superresTokens, alone.superresTokens);
      const small = await edit({ seed: [10, 12], superresSteps: 0 });
      assert.deepEqual(
        [tried[1][0], tried[0][1]],
        [small.pictures[0], small.pictures[1]],
      );
      assert.ok(best.seconds.decode > 0 && best.seconds.superres! > 0);
    }
  },
);

withMuse(
  "edits refuse steps that no model can do, or this one, before they begin",
  async (muse, alone) => {
    const picture = somePicture(20, 20);
    const region = boxMask(20, 20, { x: 3, y: 3, width: 9, height: 9 });
    const heard = () => {
      throw new Error("a step");
    };
    for (
      const [model, superresSteps, message] of [
        [muse, 1.5, /found 1.5 steps, wanted a whole number/],
        [alone, 4, /in 4 steps: the model "tiny" has no super-resolution/],
      ] as const
    ) {
      const options = { superresSteps };
      for (
        const edit of [
          () => inpaint(model, picture, region, ["a"], options, heard),
          () => vary(model, picture, ["a"], options, heard),
          () => editMaskFree(model, picture, ["a"], options, heard),
        ]
      ) await assert.rejects(edit, { name: "RangeError", message });
    }
  },
);
