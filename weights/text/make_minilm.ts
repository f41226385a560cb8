/**
 * Makes this folder from the published all-MiniLM-L6-v2:
 *
 *     deno run --allow-read --allow-write make_minilm.ts ORIGINAL_FOLDER
 */
import {
  readSafetensorsHeader,
  readTensorsF32,
  type SafetensorsEntry,
  writeSafetensors,
} from "../../lib/run/safetensors.ts";
import { writeAtomic } from "../../lib/run/atomic.ts";
import { f32ToF16 } from "../../lib/run/half.ts";
import { int8Entries } from "../../lib/run/quantize.ts";

/** SHA-256 of the published model.safetensors. */
const ORIGINAL =
  "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db";

/**
 * Values that share a scale in the linear layers. The second linear layer of
 * a block has single weights 170 times the usual size, which spoil a scale
 * for a whole row; see README.md for what each choice measured.
 */
const GROUP = 32;

/** How a tensor is stored; "rows" and "groups" are int8. */
type Storage = "drop" | "float16" | "float32" | "rows" | "groups";

const STORAGE: readonly (readonly [pattern: RegExp, storage: Storage])[] = [
  // The pooler serves sentence classification; we use the tokens' states.
  [/^pooler\./, "drop"],
  [/word_embeddings\.weight$/, "rows"],
  [/position_embeddings\.weight$/, "float16"],
  [/LayerNorm\.weight$|token_type_embeddings\.weight$/, "float32"],
  [/\.bias$/, "float32"],
  [/\.weight$/, "groups"],
];

async function sha256(path: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}

function store(
  name: string,
  shape: readonly number[],
  data: Float32Array,
): SafetensorsEntry[] {
  const storage = STORAGE.find(([pattern]) => pattern.test(name))?.[1];
  switch (storage) {
    case "drop":
      return [];
    case "float32":
      return [{ name, dtype: "F32", shape, data }];
    case "float16":
      return [{ name, dtype: "F16", shape, data: f32ToF16(data) }];
    case "rows":
      return int8Entries(name, shape, data, shape[1]);
    case "groups":
      return int8Entries(name, shape, data, GROUP);
    case undefined:
      throw new Error(`There is no rule for the tensor ${name}`);
  }
}

async function makeWeights(original: string, ours: string): Promise<void> {
  const path = `${original}/model.safetensors`;
  const hash = await sha256(path);
  if (hash !== ORIGINAL) {
    throw new Error(`${path} has SHA-256 ${hash}, wanted ${ORIGINAL}`);
  }
  const header = await readSafetensorsHeader(path);
  const tensors = await readTensorsF32(header);
  await writeSafetensors(
    `${ours}/minilm.safetensors`,
    [...tensors].flatMap(([name, { shape, data }]) => store(name, shape, data)),
    {
      model: "sentence-transformers/all-MiniLM-L6-v2",
      license: "Apache-2.0",
      original_sha256: ORIGINAL,
    },
  );
}

async function copyJson(
  from: string,
  to: string,
  drop: readonly string[] = [],
): Promise<void> {
  const json = JSON.parse(await Deno.readTextFile(from));
  for (const key of drop) delete json[key];
  const text = JSON.stringify(json) + "\n";
  await writeAtomic(to, [new TextEncoder().encode(text)]);
}

if (import.meta.main) {
  const [original] = Deno.args;
  if (Deno.args.length !== 1) {
    console.error("usage: make_minilm.ts ORIGINAL_FOLDER");
    Deno.exit(2);
  }
  const ours = import.meta.dirname as string;
  await makeWeights(original, ours);
  await copyJson(`${original}/config.json`, `${ours}/config.json`);
  await copyJson(
    `${original}/tokenizer_config.json`,
    `${ours}/tokenizer_config.json`,
  );
  // Padding and truncation are ours to do: their length depends on the use.
  await copyJson(
    `${original}/tokenizer.json`,
    `${ours}/tokenizer.json`,
    ["truncation", "padding"],
  );
}
