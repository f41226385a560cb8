/**
 * What the U-ViT hears beside the tokens: text, and micro-conditions such as
 * the picture's size. None of it depends on the tokens, so that a decode
 * computes it once for all steps: the keys and values of every
 * cross-attention, and the scales and shifts of every norm that is modulated.
 * That takes a third of the network's parameters out of the steps.
 */

import { B, type Dim, type Shape } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import {
  add,
  concat,
  constant,
  cos,
  input,
  mul,
  reshape,
  silu,
  sin,
} from "../graph/ops.ts";
import { linear } from "../nn/linear.ts";
import { rmsNorm } from "../nn/norm.ts";
import { type Memory, memoryOf } from "../nn/transformer.ts";
import { MICRO_CONDITIONS, type UVitConfig } from "./config.ts";

const NO_BIAS = { bias: false };

/** What a U-ViT is told of the pictures, as inputs. */
export interface ConditionInputs {
  /** States of the text, [B,T,E]. */
  readonly states: Node;
  /** One vector for the whole text, [B,P]. */
  readonly pooled: Node;
  /**
   * Micro-conditions [B,5]: width and height of the picture, left and top of
   * what was cut from it, its aesthetic score.
   */
  readonly micro: Node;
}

/** Inputs named as the fields are, for texts of that length. */
export function conditionInputs(
  config: UVitConfig,
  textLength: number,
): ConditionInputs {
  return {
    states: input("states", [B, textLength, config.textWidth]),
    pooled: input("pooled", [B, config.pooledWidth]),
    micro: input("micro", [B, MICRO_CONDITIONS]),
  };
}

/** What the network reads of its conditions, by the layer that reads it. */
export interface Condition {
  /** By the attention's name: [B,heads,T,D/heads]. */
  readonly memory: ReadonlyMap<string, Memory>;
  /**
   * By the name of the norm or block: 1 + scale and shift, [B,2,D].
   */
  readonly modulation: ReadonlyMap<string, Node>;
}

/** The sides of the trunk that have blocks. */
const SIDES = ["down_block", "up_block"] as const;

/** Names of the blocks of one kind, of both sides. */
function blockNames(
  { blocks }: UVitConfig,
  kind: "res_blocks" | "attention_blocks",
): string[] {
  return SIDES.flatMap((side) =>
    Array.from({ length: blocks }, (_, i) => `${side}.${kind}.${i}`)
  );
}

/** Names of the trunk's layers. */
export function layerNames({ layers }: UVitConfig): string[] {
  return Array.from({ length: layers }, (_, i) => `transformer_layers.${i}`);
}

/** Computes all of it. */
export function conditionNodes(
  config: UVitConfig,
  inputs: ConditionInputs,
): Condition {
  const { width, heads, channels, blockHeads } = config;
  const projected = linear("encoder_proj", inputs.states, width, NO_BIAS);
  const text = rmsNorm("encoder_proj_layer_norm", projected, config.epsilon);
  const memory = new Map<string, Memory>();
  for (const name of blockNames(config, "attention_blocks")) {
    // The reference has no mapper where there is nothing to map.
    const mapped = channels === width
      ? text
      : linear(`${name}.kv_mapper`, silu(text), channels, NO_BIAS); // [B,T,C]
    // Both read the text, though a first attention is mostly one to itself.
    for (const attention of [`${name}.attn1`, `${name}.attn2`]) {
      memory.set(attention, memoryOf(attention, mapped, blockHeads));
    }
  }
  const summary = silu(summaryOf(config, inputs)); // [B,D]
  const modulation = new Map<string, Node>();
  const modulate = (name: string, mapper: string, size: number) => {
    const both = linear(`${name}.${mapper}`, summary, 2 * size, NO_BIAS);
    const unit = constant(Float32Array.of(1, 0), [2, 1]);
    modulation.set(name, add(reshape(both, [B, 2, size]), unit));
  };
  for (const name of blockNames(config, "res_blocks")) {
    modulate(name, "cond_embeds_mapper", channels);
  }
  for (const name of layerNames(config)) {
    const attention = `${name}.attn2`;
    memory.set(attention, memoryOf(attention, text, heads));
    for (const norm of ["norm1", "norm2", "norm3"]) {
      modulate(`${name}.${norm}`, "linear", width);
    }
  }
  return { memory, modulation };
}

/** Text and micro-conditions as one vector [B,D]. */
function summaryOf(
  config: UVitConfig,
  { pooled, micro }: ConditionInputs,
): Node {
  const { width, microWidth } = config;
  const half = microWidth / 2;
  const frequencies = Float32Array.from(
    { length: half },
    (_, i) => Math.exp(Math.fround(-Math.log(10000) * i) / half),
  );
  const angles = mul(
    reshape(micro, [B, MICRO_CONDITIONS, 1]),
    constant(frequencies),
  ); // [B,5,half]
  const waves = concat([cos(angles), sin(angles)], -1); // [B,5,microWidth]
  const flat = reshape(waves, [B, MICRO_CONDITIONS * microWidth]);
  const all = concat([pooled, flat], -1);
  const first = linear("cond_embed.linear_1", all, width, NO_BIAS); // [B,D]
  return linear("cond_embed.linear_2", silu(first), width, NO_BIAS);
}

/** The nodes by a name for each, as outputs of one graph. */
export function conditionOutputs(condition: Condition): Record<string, Node> {
  const outputs: Record<string, Node> = {};
  for (const [name, { keys, values }] of condition.memory) {
    outputs[`${name}.keys`] = keys;
    outputs[`${name}.values`] = values;
  }
  for (const [name, node] of condition.modulation) outputs[name] = node;
  return outputs;
}

/** Inputs of another graph by the same names, for a batch of that size. */
export function fedCondition(
  { memory, modulation }: Condition,
  batch: Dim,
): Condition {
  const fed = (name: string, { shape }: Node) =>
    input(name, [batch, ...shape.slice(1)] as Shape);
  return {
    memory: new Map(
      memory.entries().map(([name, { keys, values }]) => [name, {
        keys: fed(`${name}.keys`, keys),
        values: fed(`${name}.values`, values),
      }]),
    ),
    modulation: new Map(
      modulation.entries().map(([name, node]) => [name, fed(name, node)]),
    ),
  };
}
