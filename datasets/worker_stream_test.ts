import assert from "node:assert/strict";
import { openStream } from "./worker_stream.ts";

/** A Worker that dies after its first answer. */
const MORTAL = `
self.onmessage = ({ data: { position } }) => {
  if (position !== 0) return;
  self.postMessage({ position, batch: "zero" });
  setTimeout(() => { throw new Error("worn out"); });
};`;

Deno.test("openStream() fails for whatever is asked of a dead Worker", async () => {
  const url = new URL(`data:text/javascript,${encodeURIComponent(MORTAL)}`);
  const stream = openStream<unknown, string, never>(url, {}, () => {});
  assert.equal(await stream.at(0), "zero");
  const message = /The loader's worker failed: .*worn out/;
  await assert.rejects(stream.at(1), message); // asked while it lived
  await assert.rejects(stream.at(1), message);
  await assert.rejects(stream.at(9), message);
  stream.close();
});
