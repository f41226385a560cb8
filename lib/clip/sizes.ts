/** The sizes of OpenAI's Vision Transformers (arXiv 2103.00020, table 20). */

import type { ClipConfig, ClipStack } from "./config.ts";

/** Heads are 64 wide and feed-forward parts four times the width in all. */
export function stack(width: number, layers: number): ClipStack {
  return {
    width,
    layers,
    heads: width / 64,
    hidden: 4 * width,
    activation: "quick_gelu",
    epsilon: 1e-5,
  };
}

function size(
  text: ClipStack,
  vision: ClipStack,
  pixels: number,
  patch: number,
): ClipConfig {
  const projection = text.width;
  return {
    text: {
      ...text,
      vocabulary: 49408,
      positions: 77,
      pooling: { kind: "largest" },
      projection,
    },
    vision: { ...vision, size: pixels, patch, projection },
  };
}

/** Both towers of each, by a short name. */
export const CLIP_SIZES: Readonly<Record<string, ClipConfig>> = {
  "vit-b-32": size(stack(512, 12), stack(768, 12), 224, 32),
  "vit-l-14": size(stack(768, 12), stack(1024, 24), 224, 14),
  "vit-l-14-336": size(stack(768, 12), stack(1024, 24), 336, 14),
};
