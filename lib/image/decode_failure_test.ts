import assert from "node:assert/strict";
import { decodeFailure } from "./decode_failure.ts";

Deno.test("decodeFailure() keeps the reason, and not what libvips has gathered", () => {
  const header = "Input buffer has corrupt header";
  const gathered = [
    header,
    `${header}:`,
    `${header}: VipsJpeg: premature end of JPEG image\nVipsJpeg: and again`,
  ];
  for (const message of gathered) {
    const cause = new Error(message);
    const error = decodeFailure(new Uint8Array(3), cause, "PNG and BMP");
    assert.equal(
      error.message,
      `Decoding 3 bytes as a picture failed: ${header}. ` +
        "PNG and BMP files are understood.",
    );
    assert.equal(error.cause, cause);
  }
});
