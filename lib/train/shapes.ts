/** What a network is made of, and how much it computes. */

import { leaves, type Node } from "../graph/node.ts";
import { countGflop } from "../graph/products.ts";
import type { BaseConfig } from "../muse/config.ts";
import type { SuperresConfig } from "../muse/superres_config.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import { bothDirections } from "../vqgan/model.ts";
import { baseGraph } from "./base.ts";
import type { MuseStage } from "./config.ts";
import { superresGraph } from "./superres.ts";

/** What a stage makes for use: no discriminator. */
const OUTPUTS: {
  readonly tokenizer: (network: VqganConfig) => Node[];
  readonly base: (network: BaseConfig) => Node[];
  readonly superres: (network: SuperresConfig) => Node[];
  readonly decoder: (network: VqganConfig) => Node[];
} = {
  tokenizer: (network) => bothDirections(network),
  base: (network) => [baseGraph(network, 1, 0).loss],
  superres: (network) => [superresGraph(network, 1, 0).loss],
  decoder: (network) => bothDirections(network),
};

/** Parameters of the network that a configuration describes. */
export function networkShapes<S extends MuseStage>(
  stage: S,
  network: Parameters<typeof OUTPUTS[S]>[0],
): Map<string, readonly number[]> {
  return new Map(
    leaves(outputsOf(stage, network), "parameter").map(({ op, shape }) => [
      op.name,
      shape as number[],
    ]),
  );
}

/**
 * Floating-point operations, in 10^9, of the products of one pass over one
 * picture: of a tokenizer there and back, of a transformer one prediction with
 * all that it reads. A step of training takes three times as many.
 */
export function networkGflop<S extends MuseStage>(
  stage: S,
  network: Parameters<typeof OUTPUTS[S]>[0],
): number {
  return countGflop(outputsOf(stage, network));
}

function outputsOf<S extends MuseStage>(
  stage: S,
  network: Parameters<typeof OUTPUTS[S]>[0],
): Node[] {
  return (OUTPUTS[stage] as (n: typeof network) => Node[])(network);
}
