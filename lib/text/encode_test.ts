import assert from "node:assert/strict";
import {
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
  type SafetensorsEntry,
  writeSafetensors,
} from "../run/safetensors.ts";
import { assertClose } from "../run/assert_close.ts";
import { withFolder } from "../run/temp_folder.ts";
import { encodeText, loadTextEncoder, textPieces } from "./encode.ts";

const MINI = new URL("../../weights/text", import.meta.url).pathname;
const TESTDATA = new URL("testdata/", import.meta.url).pathname;

/** The cosine of two rows. */
function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / Math.sqrt(aa * bb);
}

Deno.test("encodeText() is within a cosine of 0.999 of the original", async () => {
  const header = await readSafetensorsHeader(
    `${TESTDATA}minilm_states.safetensors`,
  );
  const wanted = await readTensorsF32(header);
  const prompts = Object.entries(header.metadata).sort().map(([, p]) => p);
  const encoder = await loadTextEncoder(MINI);
  const text = await encodeText(encoder, prompts);
  await encoder.release();

  assert.deepEqual([text.length, text.width], [32, 384]);
  assert.deepEqual(text.mask, wanted.get("mask")!.data);
  const states = wanted.get("states")!.data;
  let tokens = 0;
  for (let i = 0; i < text.mask.length; i++) {
    if (text.mask[i] === 0) continue;
    const row = [i * 384, (i + 1) * 384] as const;
    assert.ok(
      cosine(text.states.subarray(...row), states.subarray(...row)) >= 0.999,
    );
    tokens++;
  }
  assert.equal(tokens, 40);
});

Deno.test("encodeText() gives a prompt the same states in any batch", async () => {
  const encoder = await loadTextEncoder(MINI);
  const prompts = ["a fox", "three green apples, flat style", ""];
  const together = await encodeText(encoder, prompts);
  const size = together.length * together.width;
  for (const [i, prompt] of prompts.entries()) {
    const alone = await encodeText(encoder, [prompt]);
    assert.deepEqual(
      alone.states,
      together.states.slice(i * size, (i + 1) * size),
    );
  }
  const none = await encodeText(encoder, []);
  assert.equal(none.states.length, 0);
  await encoder.release();
  await encoder.release();
  await assert.rejects(
    encodeText(encoder, prompts),
    /Cannot use the text encoder: it was released; load it again/,
  );
});

Deno.test("textPieces() names what each state stands for", async () => {
  const encoder = await loadTextEncoder(MINI, { length: 8 });
  const pieces = textPieces(encoder, "a red Apple");
  assert.deepEqual(pieces, ["[CLS]", "a", "red", "apple", "[SEP]"]);
  const prompt = "three watermelons beside a tuktuk, flat style";
  const cut = textPieces(encoder, prompt);
  assert.deepEqual([cut.length, cut[0], cut[7]], [8, "[CLS]", "[SEP]"]);
  assert.ok(cut.some((piece) => piece.startsWith("##")), `${cut}`);
  const { mask } = await encodeText(encoder, ["a red Apple", prompt]);
  assert.deepEqual([...mask], [1, 1, 1, 1, 1, 0, 0, 0, ...Array(8).fill(1)]);
  await encoder.release();
});

/** A vocabulary for the tiny encoder, whose 100 ids are "w4" to "w99". */
function tinyTokenizer() {
  const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
  const words = Array.from({ length: 96 }, (_, i) => `w${i + 4}`);
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  return {
    version: "1.0",
    added_tokens: specials.map((content, id) => ({
      id,
      content,
      special: true,
    })),
    normalizer: { type: "BertNormalizer", lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [
        special("[CLS]"),
        { Sequence: { id: "A", type_id: 0 } },
        special("[SEP]"),
      ],
      special_tokens: Object.fromEntries(
        specials.map((id, i) => [id, { id, ids: [i], tokens: [id] }]),
      ),
    },
    decoder: { type: "WordPiece", prefix: "##" },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      vocab: Object.fromEntries([...specials, ...words].map((w, i) => [w, i])),
    },
  };
}

const TINY_CONFIG = {
  model_type: "bert",
  hidden_act: "gelu",
  vocab_size: 100,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 64,
  max_position_embeddings: 16,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
};

/** A folder as models are published in, with float32 weights. */
async function withTiny(use: (folder: string) => Promise<void>) {
  await withFolder(async (folder) => {
    const write = (name: string, json: unknown) =>
      Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(json));
    await write("config.json", TINY_CONFIG);
    await write("tokenizer.json", tinyTokenizer());
    await write("tokenizer_config.json", { pad_token: "[PAD]" });
    await writeSafetensors(
      `${folder}/model.safetensors`,
      await tinyWeights(),
    );
    await use(folder);
  });
}

async function tinyWeights(): Promise<SafetensorsEntry[]> {
  const header = await readSafetensorsHeader(
    `${TESTDATA}tiny_bert.safetensors`,
  );
  const entry = (name: string, shape: readonly number[], data: Float32Array) =>
    ({ name, dtype: "F32", shape, data }) as const;
  return [
    ...[...await readTensorsF32(header)]
      .filter(([name]) => /^(embeddings|encoder)\./.test(name))
      .map(([name, { shape, data }]) => entry(name, shape, data)),
    entry("pooler.dense.bias", [32], new Float32Array(32)),
  ];
}

Deno.test("loadTextEncoder() takes float32 weights and another length", async () => {
  const header = await readSafetensorsHeader(
    `${TESTDATA}tiny_bert.safetensors`,
  );
  const ids = await readTensor(header, "ids") as Int32Array;
  const tensors = await readTensorsF32(header);
  await withTiny(async (folder) => {
    const encoder = await loadTextEncoder(folder, { length: 8 });
    assert.deepEqual([encoder.length, encoder.width], [8, 32]);
    const { states } = await encoder.encode(ids, tensors.get("mask")!.data);
    assertClose(states, tensors.get("states.2")!.data, 1e-5);
    const { mask } = await encodeText(encoder, ["w5 W6 other"]);
    assert.deepEqual([...mask], [1, 1, 1, 1, 1, 0, 0, 0]);
    await encoder.release();
  });
});

/** What is done to the folder, and what the error then says. */
const BROKEN: Record<string, [(folder: string) => Promise<void>, RegExp]> = {
  "no configuration": [
    (folder) => Deno.remove(`${folder}/config.json`),
    /config\.json/,
  ],
  "a tokenizer that is not JSON": [
    (folder) => Deno.writeTextFile(`${folder}/tokenizer.json`, "{"),
    /reading .*tokenizer\.json: its 1 characters are not a JSON object/,
  ],
  "a configuration that is no object": [
    (folder) => Deno.writeTextFile(`${folder}/config.json`, "null"),
    /reading .*config\.json: its 4 characters are not a JSON object/,
  ],
  "no weights": [
    (folder) => Deno.remove(`${folder}/model.safetensors`),
    /reading weights from the folder .*: none of model\.safetensors/,
  ],
  "half of the weights": [
    (folder) => Deno.truncate(`${folder}/model.safetensors`, 20_000),
    /model\.safetensors: .* ends at byte/,
  ],
  "weights of another network": [
    async (folder) => {
      const weights = (await tinyWeights()).slice(1).concat({
        name: "other",
        dtype: "F32",
        shape: [1],
        data: new Float32Array(1),
      });
      await writeSafetensors(`${folder}/model.safetensors`, weights);
    },
    /model\.safetensors: .*\n1 missing:\n.*\n1 unexpected:\n {2}other \[/,
  ],
};

for (const [what, [breakIt, message]] of Object.entries(BROKEN)) {
  Deno.test(`loadTextEncoder() refuses ${what}`, async () => {
    await withTiny(async (folder) => {
      await breakIt(folder);
      await assert.rejects(loadTextEncoder(folder, { length: 8 }), message);
    });
  });
}
