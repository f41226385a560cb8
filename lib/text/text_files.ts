/** The files of a text encoder's tokenizer, as publishers name them. */

import { isFile } from "../run/is_file.ts";
import { readJson } from "./read_json.ts";
import { readSpiece } from "./spiece.ts";
import { createTextTokenizer, type TextTokenizer } from "./tokenize.ts";

/**
 * The tokenizer of a folder: of `tokenizer.json` with `tokenizer_config.json`,
 * or of a `spiece.model` where that is all there is.
 * @throws if a file is missing or damaged
 */
export async function readTokenizer(folder: string): Promise<TextTokenizer> {
  const path = `${folder}/tokenizer.json`;
  const spiece = `${folder}/spiece.model`;
  if (!isFile(path) && isFile(spiece)) {
    const model = readSpiece(spiece, await Deno.readFile(spiece));
    return createTextTokenizer(model.tokenizer, model.config);
  }
  return createTextTokenizer(
    await readJson(path),
    await readJson(`${folder}/tokenizer_config.json`),
  );
}
