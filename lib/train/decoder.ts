/**
 * What the finetuning of a decoder minimizes (paper, section 2.5 and appendix
 * A.2). The encoder, the codebook and the transformers stay as they are, so
 * that tokens mean what they meant.
 */

import { add, input } from "../graph/ops.ts";
import { gridSize, type VqganConfig } from "../vqgan/config.ts";
import { CODE_TABLE, tokenPictures } from "../vqgan/network.ts";
import {
  type Adversarial,
  ofDiscriminator,
  pictureLoss,
  type PictureWeights,
} from "./picture_loss.ts";
import type { TokenizerGraph } from "./tokenizer.ts";

/**
 * Decodes and compares. Inputs "ids" [B,h*w] int32 and the "pictures"
 * [B,3,H,W] they are of, in -1..1. Results of a step: `squaredError`.
 */
export function decoderGraph(
  config: VqganConfig,
  weights: PictureWeights,
  batch: number,
  adversarial?: Adversarial,
): TokenizerGraph {
  const side = config.imageSize;
  const grid = gridSize(config);
  const pictures = input("pictures", [batch, 3, side, side]);
  const ids = input("ids", [batch, grid * grid], "int32");
  const rebuilt = tokenPictures(config, ids, grid);
  const compared = pictureLoss(pictures, rebuilt, weights, adversarial);
  const value = compared.parts.reduce((a, b) => add(a, b));
  const trains = (name: string) =>
    name !== CODE_TABLE && !ofDiscriminator(name);
  return {
    losses: [{ value, trains }, ...compared.judging],
    outputs: compared.outputs,
  };
}
