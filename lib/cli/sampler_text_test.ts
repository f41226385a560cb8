import assert from "node:assert/strict";
import { SAMPLER_NAMES } from "../muse/sampler.ts";
import { readSampler, samplerText } from "./sampler_text.ts";

Deno.test("readSampler() takes names, and a share for the hybrid", () => {
  assert.deepEqual(readSampler("Halton"), { kind: "halton" });
  assert.deepEqual(readSampler("hybrid"), { kind: "hybrid", explore: 0.5 });
  const hybrid = readSampler("hybrid:0.25");
  assert.deepEqual(hybrid, { kind: "hybrid", explore: 0.25 });
  for (const name of SAMPLER_NAMES) {
    const sampler = readSampler(name);
    assert.equal(sampler.kind, name);
    assert.deepEqual(readSampler(samplerText(sampler)), sampler);
  }
});

Deno.test("readSampler() says what it takes", () => {
  const wrong: [string, RegExp][] = [
    ["haltom", /no sampler "haltom"; did you mean "halton"\?/],
    ["sobol", /there are confidence, random, halton, hybrid/],
    ["hybrid:2", /--sampler is a number from 0 to 1, not "2"/],
    ["hybrid:", /not ""/],
    ["random:1", /--sampler random takes no number, not "1"/],
  ];
  for (const [text, message] of wrong) {
    assert.throws(() => readSampler(text), { name: "UsageError", message });
  }
});
