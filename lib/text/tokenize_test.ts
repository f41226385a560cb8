import assert from "node:assert/strict";
import fc from "fast-check";
import { readReferenceIds } from "./reference_ids.ts";
import { createTextTokenizer, encodeTexts } from "./tokenize.ts";

const WEIGHTS = new URL("../../weights/text/", import.meta.url);

function readJson(url: URL) {
  return JSON.parse(Deno.readTextFileSync(url));
}

const json = readJson(new URL("tokenizer.json", WEIGHTS));
const config = readJson(new URL("tokenizer_config.json", WEIGHTS));
const tokenizer = createTextTokenizer(json, config);
const [PAD, CLS, SEP] = [0, 101, 102];

Deno.test("createTextTokenizer() gives the reference's ids of 2,000 strings", async () => {
  const reference = await readReferenceIds("bert_ids.json.gz");
  assert.ok(reference.length > 2500);
  for (const [text, ids] of reference) {
    assert.deepEqual(tokenizer.encode(text), ids, JSON.stringify(text));
  }
});

Deno.test("createTextTokenizer() encodes any string, lone surrogates too", () => {
  const text = fc.string({
    unit: fc.nat(0xffff).map((n) => String.fromCharCode(n)),
  });
  fc.assert(fc.property(text, (text) => {
    const ids = tokenizer.encode(text);
    assert.deepEqual([ids[0], ids.at(-1)], [CLS, SEP]);
    assert.ok(ids.every((id) => id >= 0 && id < 30522));
  }));
});

Deno.test("createTextTokenizer() leaves the case to the normalizer", () => {
  const cased = {
    ...json,
    normalizer: { ...json.normalizer, lowercase: false },
  };
  const vocab = { ...json.model.vocab, "Σ": 30522 };
  const tokenizer = createTextTokenizer(
    { ...cased, model: { ...json.model, vocab } },
    config,
  );
  assert.deepEqual(tokenizer.encode("Σ"), [CLS, 30522, SEP]);
});

Deno.test("createTextTokenizer() takes the padding token as an object", () => {
  const { padId } = createTextTokenizer(json, {
    pad_token: { content: "[SEP]" },
  });
  assert.equal(padId, SEP);
});

Deno.test("createTextTokenizer() refuses a padding token it doesn't know", () => {
  assert.throws(
    () => createTextTokenizer(json, { pad_token: "<pad>" }),
    /pads with "<pad>", which its vocabulary lacks/,
  );
});

Deno.test("createTextTokenizer() refuses a file that is no tokenizer", () => {
  for (const file of [{}, { ...json, model: {} }, { ...json, model: 5 }]) {
    assert.throws(
      () => createTextTokenizer(file, config),
      /its tokenizer.json is not one \(.*\); take/,
    );
  }
  assert.throws(() => createTextTokenizer(json, {}), /pads with "undefined"/);
});

Deno.test("encodeTexts() fills up short texts and masks what it added", () => {
  const { ids, mask } = encodeTexts(tokenizer, ["a cat", ""], 5);
  assert.deepEqual([...ids], [
    CLS,
    1037,
    4937,
    SEP,
    PAD,
    CLS,
    SEP,
    PAD,
    PAD,
    PAD,
  ]);
  assert.deepEqual([...mask], [1, 1, 1, 1, 0, 1, 1, 0, 0, 0]);
});

Deno.test("encodeTexts() cuts long texts before their end id", () => {
  const { ids, mask } = encodeTexts(tokenizer, ["a cat a cat a cat"], 5);
  assert.deepEqual([...ids], [CLS, 1037, 4937, 1037, SEP]);
  assert.deepEqual([...mask], [1, 1, 1, 1, 1]);
  assert.deepEqual(
    [...encodeTexts(tokenizer, ["a cat"], 4).ids],
    [CLS, 1037, 4937, SEP],
  );
  assert.deepEqual([...encodeTexts(tokenizer, ["a cat"], 2).ids], [CLS, SEP]);
});

Deno.test("encodeTexts() of no texts is empty", () => {
  assert.equal(encodeTexts(tokenizer, [], 8).ids.length, 0);
});

Deno.test("encodeTexts() refuses a length without room for a text", () => {
  for (const length of [0, 1, 2.5, NaN]) {
    assert.throws(
      () => encodeTexts(tokenizer, ["a"], length),
      new RegExp(`found the length ${length}`),
    );
  }
});
