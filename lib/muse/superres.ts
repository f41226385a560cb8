/**
 * The super-resolution transformer (paper, section 2.4, Figure 4 and Table 6).
 * The base's tokens, none of them masked, go through self-attention layers of
 * their own; what comes out is joined with the projected text along the token
 * axis. The masked high-resolution tokens attend to that in every layer, and
 * to each other by multi-axis attention.
 */

import { B, type Dim } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import {
  add,
  concat,
  input,
  mean,
  mul,
  pad,
  reshape,
  transpose,
} from "../graph/ops.ts";
import { maskBias } from "../nn/attention.ts";
import { gridPositions } from "../nn/grid.ts";
import { embedding, linear } from "../nn/linear.ts";
import {
  fromBlocks,
  listInBlocks,
  multiAxisMix,
  toBlocks,
} from "../nn/multi_axis.ts";
import { layerNorm } from "../nn/norm.ts";
import { gridPlaces, type Place, rotary, type Turn } from "../nn/rotary.ts";
import {
  crossAttention,
  feedForward,
  type Memory,
  memoryOf,
  mixedAttention,
  selfAttention,
} from "../nn/transformer.ts";
import { tokenCount } from "./config.ts";
import type { SuperresConfig } from "./superres_config.ts";
import { codeLogits, projectText } from "./transformer.ts";

/**
 * Learned positions [1,M,D] of the high-resolution tokens; none with rotary
 * ones.
 */
export function superresPositions(
  { grid, width, rotary }: SuperresConfig,
): Node | undefined {
  if (rotary) return undefined;
  return reshape(gridPositions(grid, width), [1, -1, width]);
}

/**
 * Positions [1,N,D] of the low-resolution tokens: the mean over the tokens
 * that each covers. The paper gives no positions for them; sharing one system
 * of coordinates shows the cross-attention from its first step which tokens
 * lie at the same place.
 */
function lowPositions(
  { grid, lowGrid, width }: SuperresConfig,
  positions: Node,
): Node {
  const [[h, w], [rows, columns]] = [grid, lowGrid];
  const shape = [rows, h / rows, columns, w / columns, width];
  return reshape(mean(reshape(positions, shape), [1, 3]), [1, -1, width]);
}

/** Tells tokens at these places of the low-resolution grid where they are. */
function turnAt(
  { rotary: isUsed, width, heads }: SuperresConfig,
  places: readonly Place[],
): Turn | undefined {
  return isUsed ? rotary(places, width / heads) : undefined;
}

/** Of the high-resolution tokens, block by block. */
function highPlaces(config: SuperresConfig): Place[] {
  const { grid, lowGrid } = config;
  const middle = (at: number, axis: number) =>
    (at + 0.5) * lowGrid[axis] / grid[axis] - 0.5;
  const places = gridPlaces(grid).map(([row, column]) =>
    [middle(row, 0), middle(column, 1)] as const
  );
  return listInBlocks(places, config);
}

/** What does not depend on the high-resolution tokens. */
export interface SuperresMemory {
  /**
   * What the cross-attentions read: keys and values of every layer over the N
   * low-resolution tokens and then the T text tokens.
   */
  readonly layers: readonly Memory[];
  /** What is added to the embeddings of the tokens they cover: [B,M,D]. */
  readonly low?: Node;
}

/**
 * The memory of low-resolution tokens and a text: decoding computes it once for
 * all steps.
 *
 * @param positions of {@linkcode superresPositions}
 * @param low the base's tokens [B,N]
 * @param states of the text [B,T,E]
 */
export function superresMemory(
  config: SuperresConfig,
  positions: Node | undefined,
  low: Node,
  states: Node,
): SuperresMemory {
  const { width, heads, hidden, lowCodes } = config;
  const places = gridPlaces(config.lowGrid);
  const turn = turnAt(config, places);
  let x = embedding("low_embedding", low, lowCodes, width); // [B,N,D]
  if (positions) x = add(x, lowPositions(config, positions));
  for (let i = 0; i < config.lowLayers; i++) {
    const name = `low_layers.${i}`;
    const own = layerNorm(`${name}.norm1`, x);
    const read = selfAttention(`${name}.self_attention`, own, heads, turn);
    x = add(x, read.output);
    const ready = layerNorm(`${name}.norm2`, x);
    x = add(x, feedForward(`${name}.feed_forward`, ready, hidden));
  }
  const known = layerNorm("low_norm", x);
  const all = concat([known, projectText(states, width)], 1); // [B,N+T,D]
  // Text tokens have no place: a turn by nothing leaves them as they are.
  const nowhere = Array<Place>(config.textLength).fill([0, 0]);
  const turnAll = turnAt(config, [...places, ...nowhere]);
  const layers = Array.from(
    { length: config.layers },
    (_, i) => memoryOf(`layers.${i}.cross_attention`, all, heads, turnAll),
  );
  return { layers, ...(config.lowAdded && { low: spread(config, known) }) };
}

/**
 * What the low-resolution tokens known [B,N,D] say of each of the tokens that
 * they cover [B,M,D]: by a matrix of its own for each place within them.
 */
function spread({ grid, lowGrid, width }: SuperresConfig, known: Node): Node {
  const [[h, w], [rows, columns]] = [grid, lowGrid];
  const [down, across] = [h / rows, w / columns];
  const batch = known.shape[0];
  const cells = linear("low_spread", known, down * across * width);
  const shape = [batch, rows, columns, down, across, width];
  const inRows = transpose(reshape(cells, shape), [0, 1, 3, 2, 4, 5]);
  return reshape(inRows, [batch, h * w, width]);
}

/** What the high-resolution tokens read. */
export interface SuperresCondition {
  /** Of the low-resolution tokens and the text. */
  readonly memory: SuperresMemory;
  /** [B,T], 1 for a text token and 0 for padding. */
  readonly textMask: Node;
  /**
   * [B], 1 with text and 0 without: nothing but the low-resolution tokens is
   * read then, which is what guidance leads away from (paper, section 2.7).
   */
  readonly textFactor: Node;
}

/**
 * What is read where all of it is fed: `low` [B,N], `textStates` [B,T,E],
 * `textMask` [B,T], `textFactor` [B].
 *
 * @param positions of {@linkcode superresPositions}
 */
export function fedCondition(
  config: SuperresConfig,
  positions: Node | undefined,
  batch: Dim = B,
): SuperresCondition {
  const { lowGrid, textLength, textWidth } = config;
  const low = input("low", [batch, lowGrid[0] * lowGrid[1]], "int32");
  const states = input("textStates", [batch, textLength, textWidth]);
  return {
    memory: superresMemory(config, positions, low, states),
    textMask: input("textMask", [batch, textLength]),
    textFactor: input("textFactor", [batch]),
  };
}

/** The whole network over `tokens` [B,M] and {@linkcode fedCondition} -> logits. */
export function wholeSuperres(config: SuperresConfig): Node {
  const tokens = input("tokens", [B, tokenCount(config)], "int32");
  const positions = superresPositions(config);
  const condition = fedCondition(config, positions);
  return superresLogits(config, positions, tokens, condition);
}

/**
 * Token ids [B,M] row by row, the mask's id included -> logits [B,M,K].
 *
 * @param positions of {@linkcode superresPositions}
 */
export function superresLogits(
  config: SuperresConfig,
  positions: Node | undefined,
  ids: Node,
  { memory, textMask, textFactor }: SuperresCondition,
): Node {
  const { width, heads, hidden, codes, lowGrid } = config;
  const turn = turnAt(config, highPlaces(config));
  const mix = multiAxisMix(heads, config, turn);
  const placed = turn && { count: lowGrid[0] * lowGrid[1], turn };
  const text = mul(textMask, reshape(textFactor, [-1, 1]));
  const bias = pad(
    maskBias(text),
    [0, 0, 0, lowGrid[0] * lowGrid[1]],
    [0, 0, 0, 0],
  ); // [B,1,1,N+T]
  let x = embedding("token_embedding", ids, codes + 1, width); // [B,M,D]
  if (positions) x = add(x, positions);
  if (memory.low) x = add(x, memory.low);
  x = toBlocks(x, config); // [B,M,D] block by block
  memory.layers.forEach((part, i) => {
    const name = `layers.${i}`;
    const own = layerNorm(`${name}.norm1`, x);
    x = add(x, mixedAttention(`${name}.self_attention`, own, mix));
    const asking = layerNorm(`${name}.norm2`, x);
    const read = crossAttention(
      `${name}.cross_attention`,
      asking,
      part,
      bias,
      placed,
    );
    x = add(x, read.output);
    const ready = layerNorm(`${name}.norm3`, x);
    x = add(x, feedForward(`${name}.feed_forward`, ready, hidden));
  });
  return codeLogits(fromBlocks(x, config), codes); // [B,M,K] row by row
}
