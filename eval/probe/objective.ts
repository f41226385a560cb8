/** What the training of the network that reads scenes minimizes. */

import { BACKGROUND_NAMES } from "../../datasets/emoji/colours.ts";
import { STYLES } from "../../datasets/emoji/scene.ts";
import type { Node } from "../../lib/graph/node.ts";
import {
  abs,
  add,
  argMax,
  cast,
  constant,
  div,
  equal,
  exp,
  input,
  log,
  matmul,
  maximum,
  minimum,
  mul,
  neg,
  relu,
  reshape,
  sub,
  sum,
} from "../../lib/graph/ops.ts";
import { maskedCrossEntropy } from "../../lib/train/masked_loss.ts";
import { CELLS, type ProbeConfig } from "./config.ts";
import {
  boxLogits,
  centreLogits,
  probeFeatures,
  sceneLogits,
} from "./network.ts";
import { MOST_OBJECTS } from "./targets.ts";
import type { JudgeRun } from "./training_config.ts";

/** Weights of the parts of the loss. */
export type ProbeLosses = JudgeRun["training"]["losses"];

/** A training graph of the network. */
export interface ProbeGraph {
  readonly loss: Node;
  /** Each part of the loss, and the share of objects whose kind is right. */
  readonly outputs: Readonly<Record<keyof ProbeLosses | "kindRight", Node>>;
}

/**
 * Builds the loss of a batch. Inputs: `pictures` [B,3,H,W] and those that
 * {@linkcode sceneTargets} gives. What a box is costs at its centre alone.
 */
export function probeGraph(
  config: ProbeConfig,
  weights: ProbeLosses,
  batch: number,
): ProbeGraph {
  const side = config.imageSize;
  const pictures = input("pictures", [batch, 3, side, side]);
  const places = [batch, MOST_OBJECTS];
  const ids = (name: string) => input(name, places, "int32");
  const present = input("present", places); // [B,M]
  const { cells, pooled } = probeFeatures(config, pictures);

  const all = constant(Int32Array.from({ length: CELLS ** 2 }, (_, i) => i));
  const at = equal(reshape(ids("cells"), [...places, 1]), all);
  const weight = reshape(present, [...places, 1]);
  const picks = mul(cast(at, "float32"), weight); // [B,M,h*w]
  const boxes = boxLogits(matmul(picks, cells)); // [B,M,...]
  const centres = minimum(sum(picks, [1]), 1); // [B,h*w]
  const count = maximum(sum(present), 1);
  const logits = reshape(centreLogits(cells), centres.shape);
  const kinds = ids("kinds");
  const crossEntropy = (logits: Node, wanted: Node) =>
    maskedCrossEntropy(logits, wanted, present).crossEntropy;

  const scene = sceneLogits(pooled);
  const colours = input("background", [batch, BACKGROUND_NAMES.length]);
  const style = input("style", [batch, 1], "int32");
  const parts: Record<keyof ProbeLosses, Node> = {
    centre: div(sum(binary(logits, centres)), count),
    kind: crossEntropy(boxes.kind, kinds),
    side: crossEntropy(boxes.side, ids("sides")),
    tint: crossEntropy(boxes.tint, ids("tints")),
    background: div(sum(binary(scene.background, colours)), batch),
    style: maskedCrossEntropy(
      reshape(scene.style, [batch, 1, STYLES.length]),
      style,
      constant(new Float32Array(batch).fill(1)),
    ).crossEntropy,
  };
  const names = Object.keys(parts) as (keyof ProbeLosses)[];
  const loss = names.map((name) => mul(parts[name], weights[name]))
    .reduce((a, b) => add(a, b));
  const hits = cast(equal(argMax(boxes.kind), kinds), "float32");
  const kindRight = div(sum(mul(hits, present)), count);
  return { loss, outputs: { ...parts, kindRight } };
}

/** Cross-entropy of yes or no, from logits: log(1 + e^s), s < 0 where right. */
function binary(logits: Node, wanted: Node): Node {
  const s = mul(logits, sub(1, mul(wanted, 2)));
  return add(relu(s), log(add(1, exp(neg(abs(s))))));
}
