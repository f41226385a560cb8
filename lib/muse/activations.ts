/** Looking into a base transformer: its attention, its layers, any node. */

import type { Node } from "../graph/node.ts";
import { compute, type Executor } from "../run/compute.ts";
import { tf } from "../run/tf.ts";
import type { TextTensors } from "../text/tensors.ts";
import { maskId, tokenCount } from "./config.ts";
import type { BaseModel } from "./model.ts";
import { checkTokens } from "./predict_with.ts";
import type { Tensor2D } from "./tensors.ts";
import { type BaseNodes, wholeBase } from "./transformer.ts";

/** What a base transformer reads, and what runs it. */
export interface Reading {
  /** int32 [B,N], the mask id where unknown: those of a decode's state. */
  readonly tokens: Tensor2D;
  /** The prompts, one for each picture or one for all. */
  readonly text: TextTensors;
  /**
   * Whether the text goes unheard, as in the half of a pass that guidance leads
   * away from; no by default.
   */
  readonly unconditional?: boolean;
  /** The native runtime by default. */
  readonly by?: Executor;
}

/**
 * Computes any nodes of the network for tokens and their text, as they are
 * where guidance is 0; with `unconditional`, as they are without the text, for
 * what `guide` takes besides. The states of several steps make one batch, which
 * compiles the graph once.
 *
 * ```ts
 * import { activations, encodeText, blankTokens, loadMuse } from "muselab";
 *
 * const { base, encoder } = await loadMuse();
 * const text = await encodeText(encoder, ["a red apple"]);
 * const tokens = blankTokens(1, 256, base.config.codes);
 * const { middle } = await activations(
 *   base,
 *   { tokens, text },
 *   ({ layers }) => ({ middle: layers[3].output }), // [B,N,D]
 * );
 * ```
 *
 * @param choose names the nodes that are wanted
 * @throws RangeError for tokens or text that the network can't read
 */
export async function activations<Name extends string>(
  { config, weights }: BaseModel,
  { tokens, text, unconditional = false, by }: Reading,
  choose: (nodes: BaseNodes) => Readonly<Record<Name, Node>>,
): Promise<Record<Name, tf.Tensor>> {
  const { textLength, textWidth } = config;
  const count = tokenCount(config);
  const batch = tokens.shape[0];
  checkReading();
  const repeats = batch / text.mask.shape[0];
  const feeds = tf.tidy(() => ({
    tokens,
    textStates: text.states.tile([repeats, 1, 1]),
    textMask: text.mask.tile([repeats, 1]),
    textFactor: tf.fill([batch], unconditional ? 0 : 1),
  }));
  try {
    return await compute(choose(wholeBase(config)), feeds, { weights, by });
  } finally {
    tf.dispose([feeds.textStates, feeds.textMask, feeds.textFactor]);
  }

  function checkReading(): void {
    if (tokens.dtype !== "int32" || tokens.shape[1] !== count) {
      throw new RangeError(
        `Cannot look into the network: found tokens ${tokens.dtype}` +
          `[${tokens.shape}], wanted int32[B,${count}]`,
      );
    }
    checkTokens(maskId(config), tokens.dataSync<"int32">());
    const prompts = text.mask.shape[0];
    const found = `${text.states.shape} ${text.mask.shape}`;
    const wanted = [prompts, textLength, textWidth] +
      ` ${[prompts, textLength]}`;
    if (found === wanted && (prompts === 1 || prompts === batch)) return;
    throw new RangeError(
      `Cannot look into the network: found states [${text.states.shape}] and ` +
        `a mask [${text.mask.shape}] of the text, wanted ` +
        `[B,${textLength},${textWidth}] and [B,${textLength}] with B = 1 or ` +
        `${batch}`,
    );
  }
}

/** Which maps are wanted. */
export interface AttentionReading extends Reading {
  /** Numbers of layers from 0 on; all by default. */
  readonly layers?: readonly number[];
}

/**
 * How much of each piece of the text each token reads, in every head. What a
 * step of a decode looked at is found with the tokens before it.
 *
 * ```ts
 * import { attentionMaps, encodeText, loadMuse, textPieces } from "muselab";
 * import { blankTokens, confidenceMap, show } from "muselab";
 *
 * const { base, encoder } = await loadMuse();
 * const prompt = "a red apple";
 * const text = await encodeText(encoder, [prompt]);
 * const tokens = blankTokens(1, 256, base.config.codes);
 * const maps = await attentionMaps(base, { tokens, text });
 * const word = textPieces(encoder, prompt).indexOf("apple");
 * const map = maps.mean<typeof maps>([0, 2]).gather([word], 2); // [B,N,1]
 * const shown = map.div(map.max()).dataSync<"float32">();
 * const side = { width: 128, height: 128 };
 * show([confidenceMap(shown, base.config.grid, side)]);
 * ```
 *
 * @returns float32 [layers,B,heads,N,T]; rows add up to 1, and nothing reads
 * what fills the text up
 * @throws RangeError for tokens, text or layers that the network doesn't have
 */
export async function attentionMaps(
  model: BaseModel,
  { layers, ...reading }: AttentionReading,
): Promise<tf.Tensor> {
  const all = Array.from({ length: model.config.layers }, (_, layer) => layer);
  const chosen = layers ?? all;
  const odd = chosen.find((layer) => !all.includes(layer));
  if (odd !== undefined || chosen.length === 0) {
    throw new RangeError(
      `Cannot show the attention of layer ${odd ?? "none"}: wanted layers ` +
        `from 0 to ${all.length - 1}`,
    );
  }
  const maps = await activations(
    model,
    reading,
    (nodes) =>
      Object.fromEntries(
        chosen.map((layer) => [layer, nodes.layers[layer].crossAttention]),
      ),
  );
  const stacked = tf.stack(chosen.map((layer) => maps[layer]));
  tf.dispose(maps);
  return stacked;
}
