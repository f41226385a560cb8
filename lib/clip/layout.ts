/** The two layouts in which CLIP's weights are published. */

import type { Node } from "../graph/node.ts";
import { matmul, parameter } from "../graph/ops.ts";
import { linear } from "../nn/linear.ts";

/** Whose names and shapes the weights have. */
export type ClipLayout = "huggingface" | "openai";

/** A projection into the shared space by each layout: x [B,D] -> [B,P]. */
type Project = (x: Node, outputs: number) => Node;

/** OpenAI's matrices are [D,P] where Hugging Face's are [P,D]. */
const PROJECTIONS: Readonly<
  Record<"text" | "vision", Readonly<Record<ClipLayout, Project>>>
> = {
  text: {
    huggingface: (x, outputs) =>
      linear("text_projection", x, outputs, { bias: false }),
    openai: (x, outputs) => columns("text_projection", x, outputs),
  },
  vision: {
    huggingface: (x, outputs) =>
      linear("visual_projection", x, outputs, { bias: false }),
    openai: (x, outputs) => columns("visual.proj", x, outputs),
  },
};

function columns(name: string, x: Node, outputs: number): Node {
  return matmul(x, parameter(name, [x.shape.at(-1) as number, outputs]));
}

/** A tower's pooled vector x [B,D] in the shared space: [B,P]. */
export function projected(
  tower: "text" | "vision",
  layout: ClipLayout,
  x: Node,
  outputs: number,
): Node {
  return PROJECTIONS[tower][layout](x, outputs);
}
