import assert from "node:assert/strict";
import type { Picture } from "../../lib/image/picture.ts";
import { resize } from "../../lib/image/resize.ts";
import { BACKGROUNDS, type Rgb, TINT_NAMES, TINTS } from "./colours.ts";
import { KINDS } from "./kinds.ts";
import { renderScene } from "./render.ts";
import { sampleScene } from "./sample.ts";
import type { Group, Scene } from "./scene.ts";
import { loadSprites } from "./sprites.ts";

const sprites = await loadSprites();

const box = { x: 0.25, y: 0.125, side: 0.5 };
const fox: Group = { kind: "fox", tint: null, size: "medium", boxes: [box] };
const scene: Scene = {
  style: "3d",
  background: { type: "plain", colour: "blue" },
  groups: [fox],
  relation: null,
};

const at = (
  { width, data }: Picture,
  x: number,
  y: number,
) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];

Deno.test("renderScene() draws inside the box and nowhere else", () => {
  for (const size of [64, 100, 256]) {
    const picture = renderScene(scene, size, sprites);
    let drawn = 0;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const same = at(picture, x, y).join() ===
          BACKGROUNDS.blue.rgb.join();
        if (same) continue;
        drawn++;
        assert.ok(x >= 0.25 * size - 1 && x <= 0.75 * size, `${x} of ${size}`);
        assert.ok(y >= 0.125 * size - 1 && y <= 0.625 * size, `${y}`);
      }
    }
    const share = drawn / (size * size);
    assert.ok(share > 0.12 && share < 0.25, `${share} of ${size}`);
  }
});

Deno.test("renderScene() fills gradients from one colour to the other", () => {
  const background = {
    type: "gradient",
    from: "black",
    to: "white",
    direction: "down",
  } as const;
  const down = renderScene({ ...scene, groups: [], background }, 64, sprites);
  const red = (x: number, y: number) => at(down, x, y)[0];
  assert.ok(red(0, 0) < 30 && red(0, 63) > 250);
  assert.equal(red(0, 20), red(63, 20));
  const across = renderScene(
    {
      ...scene,
      groups: [],
      background: { ...background, direction: "across" },
    },
    64,
    sprites,
  );
  assert.deepEqual(at(across, 20, 0), at(down, 0, 20));
  const diagonal = renderScene(
    {
      ...scene,
      groups: [],
      background: { ...background, direction: "diagonal" },
    },
    64,
    sprites,
  );
  assert.deepEqual(at(diagonal, 10, 30), at(diagonal, 30, 10));
  assert.ok(at(diagonal, 63, 63)[0] > 250);
});

Deno.test("renderScene() draws the first group over the others", () => {
  const bear: Group = { ...fox, kind: "bear" };
  const alone = renderScene({ ...scene, groups: [bear] }, 128, sprites);
  const both = renderScene({ ...scene, groups: [bear, fox] }, 128, sprites);
  const under = renderScene({ ...scene, groups: [fox, bear] }, 128, sprites);
  assert.deepEqual(at(both, 64, 48), at(alone, 64, 48));
  assert.notDeepEqual(at(under, 64, 48), at(alone, 64, 48));
});

Deno.test("renderScene() shows the same picture at every size", () => {
  for (let index = 0; index < 12; index++) {
    const sampled = sampleScene("validation", index);
    const large = renderScene(sampled, 256, sprites);
    const small = renderScene(sampled, 128, sprites);
    const shrunk = resize(large, 128, 128, "box").data;
    const error = small.data.reduce(
      (sum, value, i) => sum + (value - shrunk[i]) ** 2,
      0,
    ) / shrunk.length;
    const psnr = 10 * Math.log10(255 ** 2 / error);
    assert.ok(psnr > 28, `scene ${index}: ${psnr} dB`);
  }
});

Deno.test("renderScene() tints kinds so that the tint is the nearest colour", () => {
  let right = 0;
  let all = 0;
  for (const kind of KINDS.filter((_, i) => i % 7 === 0)) {
    for (const tint of TINT_NAMES) {
      const group: Group = {
        kind: kind.id,
        tint,
        size: "large",
        boxes: [{ x: 0, y: 0, side: 1 }],
      };
      const tinted = renderScene({ ...scene, groups: [group] }, 64, sprites);
      all++;
      if (nearestTint(meanDrawn(tinted)) === tint) right++;
    }
  }
  assert.ok(right / all > 0.9, `${right} of ${all}`);
});

/** The mean colour of what covers the blue background. */
function meanDrawn({ data }: Picture): Rgb {
  const sum = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < data.length; i += 3) {
    if (BACKGROUNDS.blue.rgb.every((value, c) => value === data[i + c])) {
      continue;
    }
    for (let c = 0; c < 3; c++) sum[c] += data[i + c];
    count++;
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

function nearestTint(colour: Rgb) {
  const distance = (rgb: Rgb) =>
    rgb.reduce((sum, value, c) => sum + (value - colour[c]) ** 2, 0);
  return TINT_NAMES.reduce((best, tint) =>
    distance(TINTS[tint]) < distance(TINTS[best]) ? tint : best
  );
}

Deno.test("renderScene() cuts objects at the picture's edge", () => {
  const off: Group = { ...fox, boxes: [{ x: -0.4, y: 0.7, side: 0.8 }] };
  const picture = renderScene({ ...scene, groups: [off] }, 64, sprites);
  assert.notDeepEqual(at(picture, 1, 63), [...BACKGROUNDS.blue.rgb]);
  assert.deepEqual(at(picture, 63, 63), [...BACKGROUNDS.blue.rgb]);
});

Deno.test("renderScene() refuses sizes beyond the art", () => {
  for (const size of [7, 257, 64.5]) {
    assert.throws(() => renderScene(scene, size, sprites), /8 to 256/);
  }
});
