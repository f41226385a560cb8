/** CLIP's tokenizer, from the files that come with a checkpoint. */

import { join } from "node:path";
import {
  CLIP_END,
  CLIP_START,
  clipTokenizerJson,
  clipVocabulary,
  readMerges,
} from "./clip_vocabulary.ts";
import { readJson } from "./read_json.ts";
import {
  createTextTokenizer,
  type TextTokenizer,
  type TokenizerConfig,
  type TokenizerJson,
} from "./tokenize.ts";

const MERGES = new URL("vocabulary/clip_merges.txt.gz", import.meta.url);

/**
 * Opens a tokenizer in either published form: `tokenizer.json`, or `vocab.json`
 * with `merges.txt`. Without a folder it is OpenAI's, whose checkpoints come
 * without one.
 * @throws Error if the folder has neither, or a file is damaged
 */
export async function loadClipTokenizer(
  folder?: string,
): Promise<TextTokenizer> {
  if (folder === undefined) {
    const merges = await readOwnMerges();
    return open(clipVocabulary(merges), merges, CLIP_END);
  }
  const files = new Set(
    [...Deno.readDirSync(folder)].map(({ name }) => name),
  );
  const pad = await readPad(folder, files);
  if (files.has("tokenizer.json")) {
    const json = await readJson<TokenizerJson>(join(folder, "tokenizer.json"));
    return apart(createTextTokenizer(json, { pad_token: pad }));
  }
  if (!files.has("vocab.json") || !files.has("merges.txt")) {
    throw new Error(
      `loading CLIP's tokenizer in ${folder}: found neither tokenizer.json ` +
        `nor vocab.json with merges.txt; take them from the checkpoint's ` +
        `publisher`,
    );
  }
  const merges = await Deno.readTextFile(join(folder, "merges.txt"));
  const vocab = await readJson<Record<string, number>>(
    join(folder, "vocab.json"),
  );
  return open(vocab, readMerges(merges), pad);
}

/** The merges of OpenAI's vocabulary. */
export async function readOwnMerges(): Promise<string[]> {
  const file = await Deno.open(MERGES);
  const text = file.readable
    .pipeThrough(new DecompressionStream("gzip"))
    .pipeThrough(new TextDecoderStream());
  return readMerges((await Array.fromAsync(text)).join(""));
}

function open(
  vocab: Readonly<Record<string, number>>,
  merges: readonly string[],
  pad: string,
): TextTokenizer {
  const special = new Set([CLIP_START, CLIP_END, pad]);
  const json = clipTokenizerJson(vocab, merges, special);
  return apart(createTextTokenizer(json, { pad_token: pad }));
}

/** What fills texts up, from whichever of two files says it. */
async function readPad(
  folder: string,
  files: ReadonlySet<string>,
): Promise<string> {
  for (const name of ["tokenizer_config.json", "special_tokens_map.json"]) {
    if (!files.has(name)) continue;
    const { pad_token: pad } = await readJson<TokenizerConfig>(
      join(folder, name),
    );
    if (pad) return typeof pad === "string" ? pad : pad.content;
  }
  return CLIP_END;
}

/** A special token's spelling in other letters, which is a text as any. */
const SPELT = /<\|(?:start|end)oftext\|>/gi;

/**
 * The package takes a text for a special token that has become one by being
 * lowered, if nothing else is around it; the reference doesn't.
 */
function apart(tokenizer: TextTokenizer): TextTokenizer {
  const change = (text: string) =>
    text.replace(
      SPELT,
      (found) => found === found.toLowerCase() ? found : `${found} `,
    );
  return {
    ...tokenizer,
    encode: (text) => tokenizer.encode(change(text)),
    pieces: (text) => tokenizer.pieces(change(text)),
  };
}
