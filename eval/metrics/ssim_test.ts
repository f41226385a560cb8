import assert from "node:assert/strict";
import { createPicture } from "../../lib/image/picture.ts";
import { assertClose } from "../../lib/run/assert_close.ts";
import { psnr, ssim } from "./ssim.ts";

const [HEIGHT, WIDTH] = [20, 29];

/** The pictures of testdata/make_ssim.py. */
function makePictures() {
  const a = createPicture(WIDTH, HEIGHT);
  const b = createPicture(WIDTH, HEIGHT);
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      for (let c = 0; c < 3; c++, i++) {
        a.data[i] = (x * x + 3 * x * y + 5 * y + 50 * c) % 256;
        const moved = a.data[i] + (7 * x + 11 * y + 13 * c) % 41 - 20;
        b.data[i] = Math.min(255, Math.max(0, moved));
      }
    }
  }
  return [a, b] as const;
}

Deno.test("ssim() and psnr() are scikit-image's", () => {
  const [a, b] = makePictures();
  assertClose([ssim(a, b)], [0.9876599931320281], 1e-12);
  assertClose([psnr(a, b)], [26.858843024506914], 1e-12);
});

Deno.test("ssim() and psnr() end with equal pictures", () => {
  const [a] = makePictures();
  assertClose([ssim(a, a)], [1], 1e-12);
  assert.equal(psnr(a, a), 100);
});

Deno.test("ssim() and psnr() refuse pictures that they can't compare", () => {
  const [a] = makePictures();
  const small = createPicture(10, 10);
  assert.throws(() => ssim(a, small), /29x20 with one of 10x10/);
  assert.throws(() => psnr(a, small), /29x20 with one of 10x10/);
  assert.throws(() => ssim(small, small), /its window has 11 pixels/);
});
