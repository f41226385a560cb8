/** How far rebuilt pictures are from the real ones. */

import type { Node } from "../graph/node.ts";
import {
  abs,
  add,
  concat,
  mean,
  mul,
  neg,
  relu,
  split,
  square,
  sub,
} from "../graph/ops.ts";
import {
  DISCRIMINATOR,
  discriminator,
  type DiscriminatorConfig,
} from "../vqgan/discriminator.ts";
import type { Loss } from "./step.ts";

/** Weights of the distances between pixels. */
export interface PictureWeights {
  readonly absolute: number;
  readonly squared: number;
}

/** A discriminator that joins the training at a step. */
export interface Adversarial {
  readonly start: number;
  /** Weight of the generator's hinge loss beside the distances. */
  readonly weight: number;
  readonly network: DiscriminatorConfig;
}

/** What is minimized over parameters that rebuild pictures. */
export interface PictureLoss {
  /** Scalars to be added up. */
  readonly parts: readonly Node[];
  /** The discriminator's own loss, if there is one. */
  readonly judging: readonly Loss[];
  /** `squaredError`, and `discriminatorLoss` where there is one. */
  readonly outputs: Readonly<Record<string, Node>>;
}

/** Compares pictures [B,3,H,W] with what was rebuilt of them. */
export function pictureLoss(
  pictures: Node,
  rebuilt: Node,
  weights: PictureWeights,
  adversarial?: Adversarial,
): PictureLoss {
  const error = sub(rebuilt, pictures);
  const squaredError = mean(square(error));
  const parts = [
    mul(mean(abs(error)), weights.absolute),
    mul(squaredError, weights.squared),
  ];
  if (!adversarial) return { parts, judging: [], outputs: { squaredError } };
  const { network, weight, start } = adversarial;
  const { discriminatorLoss, generatorLoss } = hingeLosses(
    network,
    pictures,
    rebuilt,
  );
  return {
    parts: [...parts, mul(generatorLoss, weight)],
    judging: [{
      value: discriminatorLoss,
      trains: ofDiscriminator,
      since: start,
    }],
    outputs: { squaredError, discriminatorLoss },
  };
}

/** Whether a parameter is one of the discriminator's. */
export function ofDiscriminator(name: string): boolean {
  return name.startsWith(`${DISCRIMINATOR}.`);
}

/**
 * Hinge losses: of telling real pictures from rebuilt ones (for the
 * discriminator), and of fooling it (for the tokenizer). One pass scores both
 * halves; which parameters a loss trains decides where its gradient goes.
 */
function hingeLosses(
  config: DiscriminatorConfig,
  real: Node,
  rebuilt: Node,
): { readonly discriminatorLoss: Node; readonly generatorLoss: Node } {
  const scores = discriminator(config, concat([real, rebuilt], 0));
  const [onReal, onRebuilt] = split(scores, 2, 0);
  const discriminatorLoss = add(
    mean(relu(sub(1, onReal))),
    mean(relu(add(1, onRebuilt))),
  );
  return { discriminatorLoss, generatorLoss: neg(mean(onRebuilt)) };
}

/** Mean of the squared differences of equally many numbers. */
export function meanSquare(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length;
}

/** Peak signal to noise in dB of pictures in -1..1 from their mean square. */
export function psnr(meanSquare: number): number {
  return 10 * Math.log10(4 / meanSquare);
}
