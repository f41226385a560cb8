/** Whether drawn tokens are those of a picture. */

import { rows } from "../lib/muse/decode_state.ts";
import type { Tokenizer } from "../lib/vqgan/model.ts";

/**
 * Share of each picture's tokens that come back when it is decoded and encoded
 * again, [B]. A tokenizer gives back most of what it made of real pictures;
 * tokens that don't fit their neighbours are lost.
 *
 * @param tokens [B,N]
 */
export async function tokenAgreement(
  tokenizer: Tokenizer,
  tokens: Int32Array,
  length: number,
): Promise<Float64Array> {
  const again = await tokenizer.encode(await tokenizer.decode(tokens));
  const pictures = rows(again, length);
  return Float64Array.from(
    rows(tokens, length),
    (row, picture) =>
      row.filter((id, i) => id === pictures[picture][i]).length / length,
  );
}
