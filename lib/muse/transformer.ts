/**
 * The base transformer (paper, section 2.3): image tokens attend to each
 * other and to the text in every layer; an MLP gives logits over the codes.
 * Norms come first. Within the layers they hold the only biases; the head's two
 * products have biases too.
 */

import { B, type Dim } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import { add, gelu, input, mul, reshape } from "../graph/ops.ts";
import { maskBias } from "../nn/attention.ts";
import { gridPositions } from "../nn/grid.ts";
import { embedding, linear } from "../nn/linear.ts";
import { layerNorm } from "../nn/norm.ts";
import { gridPlaces, rotary, type Turn } from "../nn/rotary.ts";
import {
  crossAttention,
  feedForward,
  type Memory,
  memoryOf,
  selfAttention,
} from "../nn/transformer.ts";
import { type BaseConfig, tokenCount } from "./config.ts";

/** What a layer's cross-attention reads of the text: [B,heads,T,D/heads]. */
export type TextMemory = Memory;

/**
 * Text states [B,T,E] -> keys and values of every layer. They don't depend on
 * the image, so that decoding computes them once for all steps.
 */
export function textMemory(config: BaseConfig, states: Node): TextMemory[] {
  const text = projectText(states, config.width); // [B,T,D]
  return Array.from(
    { length: config.layers },
    (_, i) => memoryOf(`layers.${i}.cross_attention`, text, config.heads),
  );
}

/** Text states [B,T,E] -> [B,T,D] (paper, section 2.1). */
export function projectText(states: Node, width: number): Node {
  const projected = linear("text_projection", states, width, { bias: false });
  return layerNorm("text_norm", projected);
}

/** What the text is and for which samples it counts. */
export interface TextCondition {
  readonly memory: readonly TextMemory[];
  /** [B,T], 1 for a text token and 0 for padding. */
  readonly mask: Node;
  /** [B], 1 with text and 0 without: cross-attention adds nothing then. */
  readonly factor: Node;
}

/** A text that is fed: `textStates` [B,T,E], `textMask` [B,T], `textFactor` [B]. */
export function fedText(config: BaseConfig, batch: Dim = B): TextCondition {
  const { textLength, textWidth } = config;
  const states = input("textStates", [batch, textLength, textWidth]);
  return {
    memory: textMemory(config, states),
    mask: input("textMask", [batch, textLength]),
    factor: input("textFactor", [batch]),
  };
}

/** What a layer computes on its way. */
export interface BaseLayer {
  /** What each token reads of each token, rows of sum 1: [B,heads,N,N]. */
  readonly selfAttention: Node;
  /** What each token reads of each piece of the text: [B,heads,N,T]. */
  readonly crossAttention: Node;
  /** What leaves the layer: [B,N,D]. */
  readonly output: Node;
}

/** The nodes of a base transformer: any of them may be asked for. */
export interface BaseNodes {
  /** From the first to the last. */
  readonly layers: readonly BaseLayer[];
  /** [B,N,K]. */
  readonly logits: Node;
}

/** Token ids [B,N], the mask's id included -> logits [B,N,K]. */
export function baseLogits(
  config: BaseConfig,
  ids: Node,
  text: TextCondition,
): Node {
  return baseNodes(config, ids, text).logits;
}

/** The logits with what lies on the way to them. */
function baseNodes(
  config: BaseConfig,
  ids: Node,
  text: TextCondition,
): BaseNodes {
  const { width, codes, grid } = config;
  const factor = reshape(text.factor, [-1, 1, 1]); // [B,1,1]
  const bias = maskBias(text.mask); // [B,1,1,T]
  let x = embedding("token_embedding", ids, codes + 1, width); // [B,N,D]
  x = add(x, gridPositions(grid, width));
  const turn = config.rotary
    ? rotary(gridPlaces(grid), width / config.heads)
    : undefined;
  const layers = text.memory.map((memory, i) => {
    const read = { ...memory, bias, factor };
    const layer = baseLayer(`layers.${i}`, config, x, read, turn);
    x = layer.output;
    return layer;
  });
  return { layers, logits: codeLogits(x, codes) };
}

/** The whole network over what is fed: `tokens` [B,N] and {@linkcode fedText}. */
export function wholeBase(config: BaseConfig): BaseNodes {
  const tokens = input("tokens", [B, tokenCount(config)], "int32");
  return baseNodes(config, tokens, fedText(config));
}

function baseLayer(
  name: string,
  { heads, hidden }: BaseConfig,
  from: Node,
  text: TextMemory & { readonly bias: Node; readonly factor: Node },
  turn: Turn | undefined,
): BaseLayer {
  let x = from;
  const own = selfAttention(
    `${name}.self_attention`,
    layerNorm(`${name}.norm1`, x),
    heads,
    turn,
  );
  x = add(x, own.output);
  const heard = crossAttention(
    `${name}.cross_attention`,
    layerNorm(`${name}.norm2`, x),
    text,
    text.bias,
  );
  x = add(x, mul(heard.output, text.factor));
  const ready = layerNorm(`${name}.norm3`, x);
  x = add(x, feedForward(`${name}.feed_forward`, ready, hidden)); // [B,N,D]
  return { selfAttention: own.map, crossAttention: heard.map, output: x };
}

/** The stream [B,N,D] after the last layer -> logits [B,N,K]. */
export function codeLogits(x: Node, codes: number): Node {
  const width = x.shape.at(-1) as number;
  const last = layerNorm("final_norm", x);
  const dense = gelu(linear("head.dense", last, width));
  return linear("head.logits", layerNorm("head.norm", dense), codes);
}
