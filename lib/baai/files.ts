/** The files of baaivision's Muse. */

import { join } from "node:path";

/** Where they are; they were published apart from each other. */
export interface BaaiFiles {
  /**
   * Weights of the transformer, the averaged ones. Beside them may be a
   * `config.json` with the sizes, where they aren't those of the model on CC3M.
   */
  readonly transformer: string;
  /** Weights of MAGE's VQGAN. */
  readonly tokenizer: string;
  /** Folder of the text tower, in transformers' layout. */
  readonly text: string;
  /** Folder of its tokenizer. */
  readonly textTokenizer: string;
}

/** What its trainer calls the transformer's averaged weights. */
export const BAAI_TRANSFORMER = "nnet_ema.pth";

/** The files in one folder, under the names that they were published by. */
export function baaiFiles(folder: string): BaaiFiles {
  return {
    transformer: join(folder, BAAI_TRANSFORMER),
    tokenizer: join(folder, "vqgan_jax_strongaug.ckpt"),
    text: join(folder, "text_encoder_2"),
    textTokenizer: join(folder, "tokenizer_2"),
  };
}
