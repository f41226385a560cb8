import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { decodeImage } from "./decode.ts";

/** 2x1: red, then blue at half transparency. */
const rgba = Uint8Array.of(255, 0, 0, 255, 0, 0, 255, 128);
const source = () => sharp(rgba, { raw: { width: 2, height: 1, channels: 4 } });

Deno.test("decodeImage() lays transparent pixels over white", async () => {
  const { width, height, data } = await decodeImage(
    await source().png().toBuffer(),
  );
  assert.deepEqual([width, height], [2, 1]);
  assert.deepEqual([...data.subarray(0, 3)], [255, 0, 0]);
  assert.ok(Math.abs(data[3] - 127) <= 1 && data[5] === 255, `${data}`);
});

Deno.test("decodeImage() reads PNG, JPEG, WebP and GIF", async () => {
  const large = source().flatten({ background: "#fff" })
    .resize(16, 8, { kernel: "nearest" });
  const files = await Promise.all([
    large.clone().png().toBuffer(),
    large.clone().jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toBuffer(),
    large.clone().webp({ lossless: true }).toBuffer(),
    large.clone().gif().toBuffer(),
  ]);
  for (const file of files) {
    const { width, height, data } = await decodeImage(file);
    assert.deepEqual([width, height, data.length], [16, 8, 16 * 8 * 3]);
    assert.ok(data[0] > 245 && data[1] < 10 && data[2] < 10, `${data[0]}`);
  }
});

Deno.test("decodeImage() turns gray and 16-bit pictures into 8-bit RGB", async () => {
  const gray = sharp(Uint8Array.of(7, 200), {
    raw: { width: 2, height: 1, channels: 1 },
  });
  const files = [
    await gray.clone().toColourspace("b-w").png().toBuffer(),
    await gray.clone().toColourspace("rgb16").png().toBuffer(),
  ];
  for (const file of files) {
    const { data } = await decodeImage(file);
    assert.deepEqual([...data], [7, 7, 7, 200, 200, 200]);
  }
});

Deno.test("decodeImage() turns pictures upright by EXIF", async () => {
  const lying = await source().flatten({ background: "#fff" })
    .withMetadata({ orientation: 6 }).png().toBuffer();
  const { width, height } = await decodeImage(lying);
  assert.deepEqual([width, height], [1, 2]);
});

Deno.test("decodeImage() says what it could not read", async () => {
  await assert.rejects(
    decodeImage(new TextEncoder().encode("not a picture")),
    /Decoding 13 bytes as a picture failed: .*PNG, JPEG, WebP and GIF/,
  );
  const png = await source().png().toBuffer();
  await assert.rejects(decodeImage(png.subarray(0, 50)), /failed/);
});

Deno.test("decodeImage() refuses a few bytes that announce too many pixels", async () => {
  const png = new Uint8Array(await source().png().toBuffer());
  const view = new DataView(png.buffer);
  view.setUint32(16, 20_000); // the sides, in the header
  view.setUint32(20, 10_000);
  view.setUint32(29, crc32(png.subarray(12, 29)));
  await assert.rejects(decodeImage(png), /exceeds pixel limit/);
});
