/**
 * CLIP's weights in OpenAI's layout, by the names that the networks here have.
 * Nothing is copied: a part of a fused matrix is a stretch of its file.
 */

import type { Weight, Weights } from "../run/weights.ts";
import type { ClipConfig, ClipStack } from "./config.ts";
import { stack } from "./sizes.ts";

/** Names that begin so, and what they begin with here. */
const STARTS: Readonly<Record<string, string>> = {
  "visual.conv1.": "vision_model.embeddings.patch_embedding.",
  "visual.class_embedding": "vision_model.embeddings.class_embedding",
  "visual.positional_embedding":
    "vision_model.embeddings.position_embedding.weight",
  "visual.ln_pre.": "vision_model.pre_layrnorm.",
  "visual.ln_post.": "vision_model.post_layernorm.",
  "visual.transformer.resblocks.": "vision_model.encoder.layers.",
  "transformer.resblocks.": "text_model.encoder.layers.",
  "token_embedding.": "text_model.embeddings.token_embedding.",
  "positional_embedding": "text_model.embeddings.position_embedding.weight",
  "ln_final.": "text_model.final_layer_norm.",
};

/** Parts of a layer. */
const PARTS: Readonly<Record<string, string>> = {
  ".ln_1.": ".layer_norm1.",
  ".ln_2.": ".layer_norm2.",
  ".attn.": ".self_attn.",
  ".mlp.c_fc.": ".mlp.fc1.",
  ".mlp.c_proj.": ".mlp.fc2.",
};

/** Queries, keys and values are one matrix there, in this order. */
const FUSED = /in_proj_(weight|bias)$/;
const PROJECTIONS = ["q_proj", "k_proj", "v_proj"] as const;

/**
 * What a TorchScript archive holds besides: constants of its traced code, and
 * sizes that are told by shapes too.
 */
const NO_WEIGHTS =
  /^(CONSTANTS\.|(input_resolution|context_length|vocab_size)$)/;

/** Whether weights have OpenAI's names. */
export function isOpenAiClip(weights: Weights): boolean {
  return weights.has("visual.conv1.weight");
}

/**
 * The weights by the names of the Hugging Face layout. Those of the two
 * projections into the shared space are of another shape and keep their own.
 */
export function renameOpenAiClip(weights: Weights): Weights {
  const renamed = new Map<string, Weight>();
  for (const [name, weight] of weights) {
    if (NO_WEIGHTS.test(name)) continue;
    const own = ownName(name);
    const fused = FUSED.exec(own);
    if (!fused) {
      renamed.set(own, weight);
      continue;
    }
    PROJECTIONS.forEach((projection, i) => {
      const part = own.replace(FUSED, `${projection}.${fused[1]}`);
      renamed.set(part, third(name, weight, i));
    });
  }
  return renamed;
}

function ownName(name: string): string {
  const start = Object.keys(STARTS).find((start) => name.startsWith(start));
  if (start === undefined) return name;
  const moved = STARTS[start] + name.slice(start.length);
  const part = Object.keys(PARTS).find((part) => moved.includes(part));
  return part === undefined ? moved : moved.replace(part, PARTS[part]);
}

/** Rows i/3 to (i+1)/3 of a weight. */
function third(name: string, weight: Weight, i: number): Weight {
  const [rows, ...rest] = weight.shape;
  const shape = [rows / 3, ...rest];
  if (weight.kind === "file") {
    const length = weight.length / 3;
    return { ...weight, shape, offset: weight.offset + i * length, length };
  }
  if (weight.kind === "memory") {
    const length = weight.data.length / 3;
    const data = weight.data.subarray(i * length, (i + 1) * length);
    return { ...weight, shape, data };
  }
  throw new Error(
    `using CLIP's weights in OpenAI's layout: "${name}" is quantized ` +
      `(${weight.kind}), wanted floats; take the file from its publisher`,
  );
}

/**
 * The sizes of the towers, which the layout doesn't name, from the shapes of
 * the weights, before they are renamed. Heads are 64 wide in all of them.
 * @throws Error if they are no Vision Transformer's
 */
export function openAiClipConfig(weights: Weights): ClipConfig {
  const shape = (name: string): readonly number[] => {
    const found = weights.get(name)?.shape;
    if (found) return found;
    throw new Error(
      `using CLIP's weights in OpenAI's layout: there is no "${name}", which ` +
        `every Vision Transformer of CLIP has; ResNets are not read here`,
    );
  };
  const stackOf = (start: string, width: number): ClipStack => {
    const layer = new RegExp(`^${start}transformer\\.resblocks\\.(\\d+)\\.`);
    const found = weights.keys().map((name) => layer.exec(name)?.[1]);
    const layers = new Set(found.filter((index) => index !== undefined)).size;
    return stack(width, layers);
  };
  const [, projection] = shape("text_projection");
  const [visionWidth, , , patch] = shape("visual.conv1.weight");
  shape("visual.proj");
  const [places] = shape("visual.positional_embedding");
  const [positions, textWidth] = shape("positional_embedding");
  return {
    text: {
      ...stackOf("", textWidth),
      vocabulary: shape("token_embedding.weight")[0],
      positions,
      pooling: { kind: "largest" },
      projection,
    },
    vision: {
      ...stackOf("visual\\.", visionWidth),
      size: patch * Math.round(Math.sqrt(places - 1)),
      patch,
      projection,
    },
  };
}
