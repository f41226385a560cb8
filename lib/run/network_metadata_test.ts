import assert from "node:assert/strict";
import { readNetwork } from "./network_metadata.ts";
import type { SafetensorsHeader } from "./safetensors.ts";

function header(metadata: Record<string, string>): SafetensorsHeader {
  return { path: "a.safetensors", metadata, tensors: new Map() };
}

Deno.test("readNetwork() gives the configuration in the metadata", () => {
  const file = header({ stage: "base", network: '{"width":4}' });
  assert.deepEqual(readNetwork(file, "base"), { width: 4 });
});

Deno.test("readNetwork() says what the file is, and what it lacks", () => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ stage: "tokenizer", network: "{}" }, /says it is a tokenizer/],
    [{ network: "{}" }, /doesn't say of which stage.*train base --export/],
    [{ stage: "base" }, /no "network" in JSON; .*train base --export/],
    [{ stage: "base", network: "{" }, /no "network" in JSON/],
  ];
  for (const [metadata, message] of cases) {
    assert.throws(() => readNetwork(header(metadata), "base"), (e: Error) => {
      assert.match(e.message, /^Cannot load the base a\.safetensors: /);
      assert.match(e.message, message);
      return true;
    });
  }
});
