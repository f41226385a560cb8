/**
 * The network that reads emoji scenes: a detector of boxes by their centres
 * (Zhou, Wang and Krähenbühl, "Objects as Points", 2019, section 3), with
 * classes of sides in place of regressed sizes, since boxes lie on a grid.
 */

import { BACKGROUND_NAMES, TINT_NAMES } from "../../datasets/emoji/colours.ts";
import { KINDS, STYLES } from "../../datasets/mod.ts";
import type { Node } from "../../lib/graph/node.ts";
import {
  add,
  argMax,
  concat,
  input,
  max,
  mean,
  reshape,
  resizeNearest,
  sigmoid,
  silu,
  softmax,
  sub,
  transpose,
} from "../../lib/graph/ops.ts";
import { convolution, spaceToDepth } from "../../lib/nn/conv.ts";
import { linear } from "../../lib/nn/linear.ts";
import { groupNorm } from "../../lib/nn/norm.ts";
import { residualBlock } from "../../lib/nn/resnet.ts";
import { CELLS, type ProbeConfig } from "./config.ts";

/** What the network makes of pictures before it names anything. */
export interface ProbeFeatures {
  /** Of every cell, row by row, [B,h*w,D]. */
  readonly cells: Node;
  /** Of the whole picture, [B,P]. */
  readonly pooled: Node;
}

/** Pictures [B,3,H,W] in -1..1 -> the last features before the heads. */
export function probeFeatures(
  { stem, channels, blocks, cellBlocks, groups }: ProbeConfig,
  pictures: Node,
): ProbeFeatures {
  const block = (name: string, x: Node, width: number) =>
    residualBlock(name, x, width, { groups });
  const last = channels.length - 1;
  let x = spaceToDepth(pictures, stem); // [B,3ss,H/s,W/s]
  let fine = x;
  channels.forEach((width, level) => {
    const stride = level === 0 ? 1 : 2;
    const options = { stride, padding: 1 };
    if (level === last) fine = x; // [B,D,h,w]
    x = convolution(`levels.${level}.conv`, x, width, 3, options);
    for (let i = 0; i < blocks[level]; i++) {
      x = block(`levels.${level}.blocks.${i}`, x, width);
    }
  });
  const coarse = silu(groupNorm("coarse.norm", x, groups)); // [B,E,h/2,w/2]
  const width = channels[last - 1];
  const brought = convolution("coarse.conv", coarse, width, 1);
  let cells = add(fine, resizeNearest(brought, 2)); // [B,D,h,w]
  for (let i = 0; i < cellBlocks; i++) {
    cells = block(`cells.blocks.${i}`, cells, width);
  }
  cells = silu(groupNorm("cells.norm", cells, groups));
  const places = [2, 3];
  const pooled = concat(
    [mean(cells, places), max(cells, places), mean(coarse, places)],
    1,
  ); // [B,P]
  return { cells: toRows(cells), pooled };
}

/** [B,D,h,w] -> [B,h*w,D]. */
function toRows(x: Node): Node {
  const [batch, width, rows, columns] = x.shape;
  const count = (rows as number) * (columns as number);
  return reshape(transpose(x, [0, 2, 3, 1]), [batch, count, width]);
}

/** Sides from 1 cell to the whole picture. */
const SIDES = CELLS;
/** A tint, or none. */
const TINTS = TINT_NAMES.length + 1;
/** Logit of the share of cells that hold a centre, about 2%. */
const RARE = 4;

/** Logits that a centre is in a cell: features [...,D] -> [...,1]. */
export function centreLogits(cells: Node): Node {
  return sub(linear("heads.centre", cells, 1), RARE);
}

/** Logits of what the box is whose centre is in a cell, from [...,D]. */
export function boxLogits(cells: Node) {
  return {
    kind: linear("heads.kind", cells, KINDS.length),
    side: linear("heads.side", cells, SIDES),
    tint: linear("heads.tint", cells, TINTS),
  };
}

/** Logits of the whole picture, from [B,P]; several backgrounds are possible. */
export function sceneLogits(pooled: Node) {
  return {
    background: linear("heads.background", pooled, BACKGROUND_NAMES.length),
    style: linear("heads.style", pooled, STYLES.length),
  };
}

/** Pictures [B,3,H,W] -> what {@linkcode readOutputs} reads. */
function readingGraph(config: ProbeConfig, pictures: Node) {
  const { cells, pooled } = probeFeatures(config, pictures);
  const { kind, side, tint } = boxLogits(cells);
  const scene = sceneLogits(pooled);
  const [batch, count] = cells.shape;
  return {
    centre: reshape(sigmoid(centreLogits(cells)), [batch, count]), // [B,h*w]
    kind: argMax(kind), // [B,h*w]
    kindProbability: max(softmax(kind), [2]), // [B,h*w]
    side: argMax(side), // [B,h*w]
    tint: argMax(tint), // [B,h*w]
    background: scene.background, // [B,18]
    style: softmax(scene.style), // [B,2]
  };
}

/** {@linkcode readingGraph} over an input `pictures` of its own size. */
export function readingOutputs(config: ProbeConfig) {
  const { imageSize: side } = config;
  return readingGraph(config, input("pictures", ["1B", 3, side, side]));
}
