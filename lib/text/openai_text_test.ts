import assert from "node:assert/strict";
import fc from "fast-check";
import { loadClipTokenizer } from "./clip_tokenizer.ts";
import { openAiText } from "./openai_text.ts";
import reference from "./testdata/openai_ids.json" with { type: "json" };

const tokenizer = await loadClipTokenizer();

Deno.test("openAiText() makes CLIP's tokenizer give the ids of OpenAI's", () => {
  for (const [text, ids] of reference as [string, number[]][]) {
    assert.deepEqual(
      tokenizer.encode(openAiText(text)),
      ids,
      `${JSON.stringify(text)}: ${openAiText(text)}`,
    );
  }
});

Deno.test("openAiText() leaves CLIP's tokenizer as transformers has it", () => {
  const [entity, quote] = ["cats &amp; dogs", "it’s"].map((text) =>
    [text, openAiText(text)].map(tokenizer.encode)
  );
  assert.notDeepEqual(entity[0], entity[1]);
  assert.notDeepEqual(quote[0], quote[1]);
});

Deno.test("openAiText() ends for any string, and leaves plain captions alone", () => {
  const unit = fc.nat(0xffff).map((n) => String.fromCharCode(n));
  fc.assert(fc.property(fc.string({ unit }), (text) => {
    assert.equal(typeof openAiText(text), "string");
  }));
  const plain = "a red apple - 2 cats & a dog, isn't it?";
  assert.equal(openAiText(plain), plain);
});
