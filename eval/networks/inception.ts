/**
 * The Inception of FID: the network of TensorFlow's inception-2015-12-05 (the
 * architecture of arXiv 1512.00567, section 6) by the tensor names of its
 * PyTorch form, which pytorch-fid and torch-fidelity publish. It differs from
 * torchvision's: means of windows leave the padding out, the last block pools
 * by maxima, there are 1008 classes, and there is no auxiliary head.
 */

import type { Node } from "../../lib/graph/node.ts";
import type { Padding } from "../../lib/graph/op.ts";
import * as ops from "../../lib/graph/ops.ts";
import { linear } from "../../lib/nn/linear.ts";

/** Pictures are so many pixels high and wide. */
export const INCEPTION_SIZE = 299;

/** Sizes that a file's shapes tell. */
export interface InceptionConfig {
  /** Every layer has the published channels divided by this; 1 as published. */
  readonly divisor: number;
  /** 1008 as published. */
  readonly classes: number;
}

/** Names that torch-fidelity gives the outputs, each [B,width]. */
export type InceptionOutput =
  /** Means over the picture of what the two first maxima leave. */
  | "64"
  | "192"
  /** Mean over the picture before the last three blocks. */
  | "768"
  /** pool_3, the features of FID. */
  | "2048"
  | "logits"
  /** Without the last layer's bias, as Inception scores take them. */
  | "logits_unbiased";

/** An output that is features; pytorch-fid calls them by their widths, too. */
export type InceptionLayer = Exclude<
  InceptionOutput,
  "logits" | "logits_unbiased"
>;

/** All of them. */
export const INCEPTION_LAYERS: readonly InceptionLayer[] = [
  "64",
  "192",
  "768",
  "2048",
];

/** Kernel height and width, channels, and how it moves. */
type Layer = readonly [
  name: string,
  outputs: number,
  kernel: readonly [number, number],
  move?: "half" | "valid",
];

/** Layers one after the other. */
type Branch = readonly Layer[];

const [POINT, SQUARE, WIDE, TALL]: readonly (readonly [number, number])[] = [
  [1, 1],
  [3, 3],
  [1, 7],
  [7, 1],
];

/** What a block has besides convolutions. */
type Pooled = "mean" | "largest";

const STEM: Readonly<Record<"first" | "second", Branch>> = {
  first: [
    ["Conv2d_1a_3x3", 32, SQUARE, "half"],
    ["Conv2d_2a_3x3", 32, SQUARE, "valid"],
    ["Conv2d_2b_3x3", 64, SQUARE],
  ],
  second: [
    ["Conv2d_3b_1x1", 80, POINT],
    ["Conv2d_4a_3x3", 192, SQUARE, "valid"],
  ],
};

/** Applies layers of the network by name. */
type Apply = (x: Node, ...layers: Branch) => Node;

/** The layers with published channels divided by a number. */
function layersOf(divisor: number): Apply {
  return (x, ...layers) =>
    layers.reduce((x, [name, outputs, kernel, move]) => {
      const padding = move ? [0, 0] : kernel.map((side) => (side - 1) / 2);
      return normalizedConv(name, x, outputs / divisor, kernel, {
        stride: move === "half" ? 2 : 1,
        padding: [...padding, ...padding] as unknown as Padding,
      });
    }, x);
}

/**
 * Convolution, batch normalization with recorded statistics, and what is above
 * zero. Scale and shift are folded into kernel and bias: of parameters alone,
 * the runtime computes them once, when the session is made.
 */
function normalizedConv(
  name: string,
  x: Node,
  outputs: number,
  size: readonly [number, number],
  move: ops.ConvOptions,
): Node {
  const inputs = x.shape[1] as number;
  const kernel = ops.parameter(`${name}.conv.weight`, [
    outputs,
    inputs,
    ...size,
  ]);
  const [weight, bias, mean, variance] = [
    "weight",
    "bias",
    "running_mean",
    "running_var",
  ].map((part) => ops.parameter(`${name}.bn.${part}`, [outputs]));
  const scale = ops.div(weight, ops.sqrt(ops.add(variance, 0.001)));
  const scaled = ops.mul(kernel, ops.reshape(scale, [outputs, 1, 1, 1]));
  const shift = ops.sub(bias, ops.mul(mean, scale));
  return ops.relu(ops.conv(x, scaled, shift, move));
}

/** 3x3 windows that keep the size. */
const pool = (x: Node, by: Pooled) =>
  (by === "mean" ? ops.averagePool : ops.maxPool)(x, 3, { padding: 1 });

/** 3x3 maxima at every second place. */
const halve = (x: Node) => ops.maxPool(x, 3, { stride: 2 });

/** Mixed_5b to Mixed_5d. */
function blockA(apply: Apply, at: string, x: Node, pooled: number): Node {
  return ops.concat([
    apply(x, [`${at}.branch1x1`, 64, POINT]),
    apply(x, [`${at}.branch5x5_1`, 48, POINT], [
      `${at}.branch5x5_2`,
      64,
      [5, 5],
    ]),
    apply(
      x,
      [`${at}.branch3x3dbl_1`, 64, POINT],
      [`${at}.branch3x3dbl_2`, 96, SQUARE],
      [`${at}.branch3x3dbl_3`, 96, SQUARE],
    ),
    apply(pool(x, "mean"), [`${at}.branch_pool`, pooled, POINT]),
  ], 1);
}

/** Mixed_6a: to half the size. */
function blockB(apply: Apply, at: string, x: Node): Node {
  return ops.concat([
    apply(x, [`${at}.branch3x3`, 384, SQUARE, "half"]),
    apply(
      x,
      [`${at}.branch3x3dbl_1`, 64, POINT],
      [`${at}.branch3x3dbl_2`, 96, SQUARE],
      [`${at}.branch3x3dbl_3`, 96, SQUARE, "half"],
    ),
    halve(x),
  ], 1);
}

/** Mixed_6b to Mixed_6e. */
function blockC(apply: Apply, at: string, x: Node, inner: number): Node {
  return ops.concat([
    apply(x, [`${at}.branch1x1`, 192, POINT]),
    apply(
      x,
      [`${at}.branch7x7_1`, inner, POINT],
      [`${at}.branch7x7_2`, inner, WIDE],
      [`${at}.branch7x7_3`, 192, TALL],
    ),
    apply(
      x,
      [`${at}.branch7x7dbl_1`, inner, POINT],
      [`${at}.branch7x7dbl_2`, inner, TALL],
      [`${at}.branch7x7dbl_3`, inner, WIDE],
      [`${at}.branch7x7dbl_4`, inner, TALL],
      [`${at}.branch7x7dbl_5`, 192, WIDE],
    ),
    apply(pool(x, "mean"), [`${at}.branch_pool`, 192, POINT]),
  ], 1);
}

/** Mixed_7a: to half the size. */
function blockD(apply: Apply, at: string, x: Node): Node {
  return ops.concat([
    apply(x, [`${at}.branch3x3_1`, 192, POINT], [
      `${at}.branch3x3_2`,
      320,
      SQUARE,
      "half",
    ]),
    apply(
      x,
      [`${at}.branch7x7x3_1`, 192, POINT],
      [`${at}.branch7x7x3_2`, 192, WIDE],
      [`${at}.branch7x7x3_3`, 192, TALL],
      [`${at}.branch7x7x3_4`, 192, SQUARE, "half"],
    ),
    halve(x),
  ], 1);
}

/** Mixed_7b and Mixed_7c. */
function blockE(apply: Apply, at: string, x: Node, by: Pooled): Node {
  const forked = (x: Node, name: string) => [
    apply(x, [`${at}.${name}a`, 384, [1, 3]]),
    apply(x, [`${at}.${name}b`, 384, [3, 1]]),
  ];
  const single = apply(x, [`${at}.branch3x3_1`, 384, POINT]);
  const double = apply(x, [`${at}.branch3x3dbl_1`, 448, POINT], [
    `${at}.branch3x3dbl_2`,
    384,
    SQUARE,
  ]);
  return ops.concat([
    apply(x, [`${at}.branch1x1`, 320, POINT]),
    ...forked(single, "branch3x3_2"),
    ...forked(double, "branch3x3dbl_3"),
    apply(pool(x, by), [`${at}.branch_pool`, 192, POINT]),
  ], 1);
}

const overPicture = (x: Node) => ops.mean(x, [2, 3]); // [B,C]

/** The network over pictures [B,3,299,299] from -1 to 1. */
export function inceptionNetwork(
  { divisor, classes }: InceptionConfig,
  pixels: Node,
): Readonly<Record<InceptionOutput, Node>> {
  const apply = layersOf(divisor);
  const first = halve(apply(pixels, ...STEM.first)); // [B,64,73,73]
  const second = halve(apply(first, ...STEM.second)); // [B,192,35,35]
  let x = blockA(apply, "Mixed_5b", second, 32); // [B,256,35,35]
  x = blockA(apply, "Mixed_5c", x, 64); // [B,288,35,35]
  x = blockA(apply, "Mixed_5d", x, 64);
  x = blockB(apply, "Mixed_6a", x); // [B,768,17,17]
  const inner = { b: 128, c: 160, d: 160, e: 192 };
  for (const [letter, channels] of Object.entries(inner)) {
    x = blockC(apply, `Mixed_6${letter}`, x, channels);
  }
  const third = x;
  x = blockD(apply, "Mixed_7a", x); // [B,1280,8,8]
  x = blockE(apply, "Mixed_7b", x, "mean"); // [B,2048,8,8]
  x = blockE(apply, "Mixed_7c", x, "largest");
  const features = overPicture(x); // [B,2048]
  const unbiased = linear("fc", features, classes, { bias: false });
  return {
    "64": overPicture(first),
    "192": overPicture(second),
    "768": overPicture(third),
    "2048": features,
    logits: ops.add(unbiased, ops.parameter("fc.bias", [classes])),
    logits_unbiased: unbiased,
  };
}
