import assert from "node:assert/strict";
import sharp from "sharp";
import { decodeMask } from "./decode_mask.ts";

/** Five pixels: white, half and wholly transparent white, black, grey. */
const rgba = Uint8Array.of(
  ...[255, 255, 255, 255],
  ...[255, 255, 255, 100],
  ...[255, 255, 255, 0],
  ...[0, 0, 0, 255],
  ...[130, 130, 130, 255],
);

Deno.test("decodeMask() means white, and nothing that is transparent", async () => {
  const png = await sharp(rgba, { raw: { width: 5, height: 1, channels: 4 } })
    .png().toBuffer();
  const { width, height, data } = await decodeMask(png);
  assert.deepEqual([width, height], [5, 1]);
  assert.deepEqual([...data], [1, 0, 0, 0, 1]);
});

Deno.test("decodeMask() reads gray, 16-bit, two-colour and coloured files of all formats", async () => {
  const gray = sharp(Uint8Array.of(255, 127, 128, 0), {
    raw: { width: 4, height: 1, channels: 1 },
  });
  const large = gray.clone().threshold(128)
    .resize(32, 8, { kernel: "nearest" });
  const wanted = Array.from({ length: 8 * 32 }, (_, i) => +!(i & 8));
  const files: [Uint8Array, number[]][] = [
    [await gray.clone().toColourspace("b-w").png().toBuffer(), [1, 0, 1, 0]],
    [await gray.clone().toColourspace("grey16").png().toBuffer(), [1, 0, 1, 0]],
    [await large.clone().png({ palette: true, colors: 2 }).toBuffer(), wanted],
    [await large.clone().jpeg().toBuffer(), wanted],
    [await large.clone().webp().toBuffer(), wanted],
    [await large.clone().gif().toBuffer(), wanted],
    [await large.clone().tiff().toBuffer(), wanted],
  ];
  for (const [file, bits] of files) {
    assert.deepEqual([...(await decodeMask(file)).data], bits);
  }
});

Deno.test("decodeMask() turns masks upright by EXIF, as pictures are", async () => {
  const wide = sharp(Uint8Array.of(255, 0), {
    raw: { width: 2, height: 1, channels: 1 },
  });
  const lying = await wide.withMetadata({ orientation: 6 }).png().toBuffer();
  const { width, height, data } = await decodeMask(lying);
  assert.deepEqual([width, height, [...data]], [1, 2, [1, 0]]);
});

Deno.test("decodeMask() says what it could not read", async () => {
  await assert.rejects(
    decodeMask(new TextEncoder().encode("not a mask")),
    /Decoding 10 bytes as a mask failed: .*PNG, JPEG, WebP and GIF/,
  );
});
