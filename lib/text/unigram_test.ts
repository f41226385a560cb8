import assert from "node:assert/strict";
import fc from "fast-check";
import { PbfWriter } from "pbf";
import { charsmapNormalizer } from "./charsmap.ts";
import { readSpiece } from "./spiece.ts";
import { createTextTokenizer, encodeTexts } from "./tokenize.ts";
import { unigramSplitter } from "./unigram.ts";

const TESTDATA = new URL("testdata/", import.meta.url).pathname;
const MODEL = Deno.readFileSync(`${TESTDATA}unigram.model`);
const { tokenizer: json, config } = readSpiece("unigram.model", MODEL);
const tokenizer = createTextTokenizer(json, config);

/** As make_unigram.py describes them. */
const { rows, sentencepiece, converted }: {
  rows: [string, number[]][];
  sentencepiece: Record<number, number[]>;
  converted: Record<number, number[]>;
} = JSON.parse(Deno.readTextFileSync(`${TESTDATA}unigram_ids.json`));

Deno.test("createTextTokenizer() of a spiece.model gives the reference's ids", () => {
  assert.equal(rows.length, 2000);
  for (const [text, ids] of rows) {
    assert.deepEqual(tokenizer.encode(text), ids, JSON.stringify(text));
  }
  assert.equal(tokenizer.padId, 0);
});

Deno.test("createTextTokenizer() of a Unigram tokenizer.json gives the reference's ids", () => {
  const form = JSON.parse(
    Deno.readTextFileSync(`${TESTDATA}unigram_tokenizer.json`),
  );
  const [table] = form.normalizer.normalizers;
  table.precompiled_charsmap = json.normalizer!.precompiled_charsmap;
  const other = createTextTokenizer(form, { pad_token: "<pad>" });
  for (const [i, [text, ids]] of rows.entries()) {
    assert.deepEqual(
      other.encode(text),
      converted[i] ?? ids,
      JSON.stringify(text),
    );
  }
});

Deno.test("the reference's ids differ from SentencePiece's where it is known to", () => {
  // The fast tokenizer finds special tokens in a text; it splits words at
  // U+0085; and it normalizes clusters of letters and marks, not stretches.
  const known = /<(pad|\/s|unk|extra_id_\d+)>|\x85|\P{M}\p{M}|[ᄀ-ᇿ]/u;
  const others = Object.keys(sentencepiece).map((i) => rows[Number(i)][0]);
  assert.ok(others.length > 50);
  assert.deepEqual(others.filter((text) => !known.test(text)), []);
});

Deno.test("pieces() spells a text's pieces, unknown ones as they are", () => {
  const pieces = tokenizer.pieces("a red 漢字 of an");
  assert.deepEqual(pieces, ["▁a", "▁red", "▁", "漢字", "▁of", "▁an", "</s>"]);
  assert.equal(tokenizer.encode("a red 漢字 of an").length, 7);
});

Deno.test("createTextTokenizer() encodes any string by a Unigram model", () => {
  const text = fc.string({
    unit: fc.nat(0xffff).map((n) => String.fromCharCode(n)),
  });
  fc.assert(fc.property(text, (text) => {
    const ids = tokenizer.encode(text);
    assert.equal(ids.at(-1), 1);
    assert.ok(ids.every((id) => id >= 0 && id < 900));
  }));
});

Deno.test("encodeTexts() cuts and fills up texts of a Unigram model", () => {
  const { ids, mask } = encodeTexts(tokenizer, ["a red fox", "of"], 3);
  const [a, red] = tokenizer.encode("a red");
  assert.deepEqual([...ids], [a, red, 1, tokenizer.encode("of")[0], 1, 0]);
  assert.deepEqual([...mask], [1, 1, 1, 1, 1, 0]);
});

Deno.test("unigramSplitter() finds the largest sum of scores", () => {
  const pieces = ["?", "a", "b", "ab", "ba", "bab", "🍎"];
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const word = fc.string({
    unit: fc.constantFrom("a", "b", "c", "🍎"),
    maxLength: 9,
  });
  const score = fc.double({ min: -20, max: 0, noNaN: true });
  fc.assert(
    fc.property(
      word,
      fc.array(score, { minLength: 7, maxLength: 7 }),
      (word, scores) => {
        const costOfUnknown = Math.min(...scores) - 10;
        const sum = (parts: string[]) =>
          parts.reduce((sum, part) => {
            const id = ids.get(part);
            const unknown = [...part].length * costOfUnknown;
            return sum + (id ? scores[id] : unknown);
          }, 0);
        const found = unigramSplitter({ ids, scores, unknown: 0 })(word);
        assert.equal(found.join(""), word);
        const best = everySplit([...word])
          .reduce((most, parts) => Math.max(most, sum(parts)), -Infinity);
        assert.ok(Math.abs(sum(found) - best) < 1e-9, `${found}`);
      },
    ),
  );
});

/** All ways to cut some letters into parts. */
function everySplit(letters: readonly string[]): string[][] {
  if (letters.length === 0) return [[]];
  return letters.flatMap((_, i) => {
    const first = letters.slice(0, i + 1).join("");
    return everySplit(letters.slice(i + 1)).map((rest) => [first, ...rest]);
  });
}

Deno.test("readSpiece() refuses what is no Unigram model", () => {
  assert.throws(
    () => readSpiece("x.model", MODEL.subarray(0, 200_000)),
    /reading x\.model: its 200000 bytes are not a SentencePiece model/,
  );
  assert.throws(
    () => readSpiece("x.model", new Uint8Array()),
    /found a model of type 1 with 0 pieces/,
  );
  const writer = new PbfWriter();
  for (const text of ["<unk>", "</s>", "<pad>"]) {
    writer.writeMessage(1, (text, w) => w.writeStringField(1, text), text);
  }
  writer.writeMessage(2, (_, w) => {
    w.writeVarintField(3, 2); // model_type: BPE
    w.writeVarintField(43, -1); // pad_id: none
  }, {});
  assert.throws(
    () => readSpiece("x.model", writer.finish()),
    /a model of type 2 with 3 pieces, of which -1, 2 and 0 are/,
  );
});

Deno.test("createTextTokenizer() names a rule that it doesn't know", () => {
  const changes: [object, RegExp][] = [
    [{ normalizer: { type: "Nmt" } }, /no normalizer "Nmt" .* Precompiled/],
    [{ pre_tokenizer: { type: "Digits" } }, /no pre-tokenizer "Digits"/],
    [{ model: { ...json.model, unk_id: null } }, /the unknown piece null of/],
    [{ model: { ...json.model, byte_fallback: true } }, /of 900 and bytes/],
    [{
      normalizer: { type: "Precompiled", precompiled_charsmap: "AAAA" },
    }, /its 3 bytes announce units of NaN/],
  ];
  for (const [change, message] of changes) {
    assert.throws(
      () => createTextTokenizer({ ...json, ...change }, config),
      message,
    );
  }
});

Deno.test("charsmapNormalizer() survives any table", () => {
  const table = fc.uint8Array({ minLength: 0, maxLength: 64 });
  fc.assert(fc.property(table, fc.string(), (units, text) => {
    const whole = new Uint8Array(4 + 32 + units.length);
    whole[0] = 32;
    whole.set(units, 4);
    assert.equal(typeof charsmapNormalizer(whole)(text), "string");
  }));
});
