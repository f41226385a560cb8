import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { withFolder } from "../run/temp_folder.ts";
import { loadClipTokenizer } from "./clip_tokenizer.ts";
import { clipVocabulary } from "./clip_vocabulary.ts";
import { readReferenceIds } from "./reference_ids.ts";
import { encodeTexts } from "./tokenize.ts";

const TESTDATA = new URL("testdata/", import.meta.url).pathname;
const START = 49406;
const END = 49407;
const tokenizer = await loadClipTokenizer();

Deno.test("loadClipTokenizer() gives the reference's ids of 2,000 strings", async () => {
  const reference = await readReferenceIds("clip_ids.json.gz");
  assert.ok(reference.length > 2050);
  for (const [text, ids] of reference) {
    assert.deepEqual(tokenizer.encode(text), ids, JSON.stringify(text));
  }
  assert.equal(tokenizer.padId, END);
});

const TEXTS = ["a the in", "", "<|endoftext|> an <|ENDOFTEXT|>", "it's 12 !?"];

Deno.test("loadClipTokenizer() gives the same ids by every published form", () =>
  withFolder(async (folder) => {
    const form = join(TESTDATA, "clip_tokenizer.json");
    const { model } = JSON.parse(await Deno.readTextFile(form));
    const merges: string[] = model.merges.map((pair: string[]) =>
      pair.join(" ")
    );
    const [whole, parts] = ["whole", "parts"].map((name) => join(folder, name));
    await Deno.mkdir(whole);
    await Deno.copyFile(form, join(whole, "tokenizer.json"));
    await Deno.mkdir(parts);
    await Deno.writeTextFile(
      join(parts, "vocab.json"),
      JSON.stringify(model.vocab),
    );
    await Deno.writeTextFile(
      join(parts, "merges.txt"),
      ["#version: 0.2", ...merges, ""].join("\n"),
    );
    assert.deepEqual(clipVocabulary(merges), model.vocab);
    const [one, other] = await Promise.all(
      [whole, parts].map(loadClipTokenizer),
    );
    for (const text of [...TEXTS, "Übergrößen 漢字"]) {
      assert.deepEqual(one.encode(text), other.encode(text), text);
    }
    assert.equal(one.padId, 813);
    assert.deepEqual(one.pieces("in it"), [
      "<|startoftext|>",
      "in</w>",
      "it</w>",
      "<|endoftext|>",
    ]);
  }));

Deno.test("loadClipTokenizer() takes what fills up from the checkpoint, and finds it in texts", () =>
  withFolder(async (folder) => {
    const vocab = clipVocabulary(["i n"]);
    await Deno.writeTextFile(`${folder}/vocab.json`, JSON.stringify(vocab));
    await Deno.writeTextFile(`${folder}/merges.txt`, "i n\n");
    await Deno.writeTextFile(`${folder}/tokenizer_config.json`, "{}");
    await Deno.writeTextFile(
      `${folder}/special_tokens_map.json`,
      JSON.stringify({ pad_token: { content: "!" } }),
    );
    const { padId, encode } = await loadClipTokenizer(folder);
    assert.equal(padId, 0);
    // As transformers 5.23.0 does: "!" is special then, also within a word.
    const [a, end] = [vocab["a</w>"], vocab["<|endoftext|>"]];
    assert.deepEqual(encode("a! !").slice(1), [a, 0, 0, end]);
  }));

Deno.test("encodeTexts() with CLIP's tokenizer cuts texts before their end", () => {
  const { ids } = encodeTexts(tokenizer, ["hello world", "a ".repeat(99)], 6);
  assert.deepEqual([...ids.subarray(0, 6)], [START, 3306, 1002, END, END, END]);
  assert.deepEqual([...ids.subarray(6)], [START, 320, 320, 320, 320, END]);
});

Deno.test("loadClipTokenizer() encodes any string, lone surrogates too", () => {
  const text = fc.string({
    unit: fc.nat(0xffff).map((n) => String.fromCharCode(n)),
  });
  fc.assert(fc.property(text, (text) => {
    const ids = tokenizer.encode(text);
    assert.deepEqual([ids[0], ids.at(-1)], [START, END]);
    assert.ok(ids.every((id) => id >= 0 && id <= END));
  }));
});

Deno.test("loadClipTokenizer() says what a folder lacks", () =>
  withFolder(async (folder) => {
    await assert.rejects(loadClipTokenizer(folder), /found neither tokenizer/);
    await Deno.writeTextFile(`${folder}/merges.txt`, "i n\n");
    await Deno.writeTextFile(`${folder}/vocab.json`, `{"a": 0}`);
    await assert.rejects(
      loadClipTokenizer(folder),
      /its vocabulary lacks <\|startoftext\|>/,
    );
    await Deno.writeTextFile(`${folder}/vocab.json`, `[`);
    await assert.rejects(loadClipTokenizer(folder), /not a JSON object/);
  }));
