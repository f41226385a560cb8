/** CLIP's text tower, as the `transformers` library has it. */

import type { Node } from "../graph/node.ts";
import * as ops from "../graph/ops.ts";
import { embedding } from "../nn/linear.ts";
import { layerNorm } from "../nn/norm.ts";
import type { ClipPooling, ClipTextConfig } from "./config.ts";
import { type ClipLayout, projected } from "./layout.ts";
import { clipStates } from "./stack.ts";

/** Values of the text tower. */
export interface ClipTextNodes {
  /**
   * [B,T,E] each: the embeddings, then each layer's states before the last
   * norm. aMUSEd reads the last but one, `states.at(-2)`.
   */
  readonly states: readonly Node[];
  /** The last states, normalized: [B,T,E]. */
  readonly last: Node;
  /** The last states where the text ends: [B,E]. */
  readonly pooled: Node;
  /** The text in the space it shares with pictures, not normalized: [B,P]. */
  readonly embedding: Node;
}

/**
 * The tower over text ids [B,T]. Each position reads itself and those before
 * it, so that what fills a text up after its end doesn't matter to the pooled
 * vector. Parameters carry the names of the Hugging Face layout.
 *
 * @throws RangeError if T is more than the tower has positions
 */
export function clipTextTower(
  config: ClipTextConfig,
  ids: Node,
  layout: ClipLayout = "huggingface",
): ClipTextNodes {
  const { vocabulary, width, positions, epsilon } = config;
  const length = ids.shape[1] as number;
  if (length > positions) {
    throw new RangeError(
      `building CLIP's text tower: found texts of ${length} ids, wanted at ` +
        `most its ${positions} positions; choose a smaller length`,
    );
  }
  const names = "text_model.embeddings";
  const words = embedding(`${names}.token_embedding`, ids, vocabulary, width);
  const places = ops.slice(
    ops.parameter(`${names}.position_embedding.weight`, [positions, width]),
    0,
    0,
    length,
  ); // [T,E]
  const states = clipStates(
    "text_model.encoder",
    config,
    ops.add(words, places), // [B,T,E]
    causalBias(length),
  );
  const last = layerNorm(
    "text_model.final_layer_norm",
    states[config.layers],
    epsilon,
  );
  const pooled = stateAt(last, endOf(ids, config.pooling)); // [B,E]
  const { projection } = config;
  return {
    states,
    last,
    pooled,
    embedding: projected("text", layout, pooled, projection), // [B,P]
  };
}

/** [T,T]: hides from each position those that come after it. */
function causalBias(length: number): Node {
  const bias = Float32Array.from(
    { length: length * length },
    (_, i) => i % length > Math.floor(i / length) ? -1e9 : 0,
  );
  return ops.constant(bias, [length, length]);
}

/** Where each text ends: [B]. */
function endOf(ids: Node, pooling: ClipPooling): Node {
  const marks = pooling.kind === "largest" ? ids : ops.equal(ids, pooling.id);
  return ops.argMax(ops.cast(marks, "float32"));
}

/** The state [B,E] of x [B,T,E] at one position of each text, [B]. */
function stateAt(x: Node, position: Node): Node {
  const [batch, length, width] = x.shape;
  const places = ops.constant(
    Int32Array.from({ length: length as number }, (_, i) => i),
  );
  const chosen = ops.equal(ops.reshape(position, [batch, 1]), places); // [B,T]
  const weights = ops.reshape(
    ops.cast(chosen, "float32"),
    [batch, 1, length],
  );
  return ops.reshape(ops.matmul(weights, x), [batch, width]); // [B,E]
}
