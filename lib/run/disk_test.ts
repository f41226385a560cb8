import assert from "node:assert/strict";
import { sizeText } from "./disk.ts";

Deno.test("sizeText() keeps three digits", () => {
  const texts = new Map([
    [0, "0 B"],
    [574, "574 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [525_000, "525 kB"],
    [999_600, "1.00 MB"],
    [95_628_359, "95.6 MB"],
    [2_410_000_000, "2.41 GB"],
    [44_541_329_408, "44.5 GB"],
  ]);
  for (const [bytes, text] of texts) assert.equal(sizeText(bytes), text);
});
