import assert from "node:assert/strict";
import { leaves } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { parseClipConfig } from "./config.ts";
import { CLIP_SIZES } from "./sizes.ts";
import { clipTextTower } from "./text_tower.ts";
import { clipVisionTower } from "./vision_tower.ts";

Deno.test("CLIP_SIZES have as many parameters as the published files", () => {
  // Without the logit scale, and the positions' integers of older files.
  const published: Record<string, number> = {
    "vit-b-32": 151_277_312,
    "vit-l-14": 427_616_512,
    "vit-l-14-336": 427_944_192,
  };
  for (const [name, { text, vision }] of Object.entries(CLIP_SIZES)) {
    const { size } = vision;
    const ids = input("ids", ["1B", text.positions], "int32");
    const pixels = input("pixels", ["1B", 3, size, size]);
    const count = leaves([
      clipTextTower(text, ids).embedding,
      clipVisionTower(vision, pixels).embedding,
    ], "parameter").reduce(
      (sum, { shape }) => sum + (shape as number[]).reduce((a, b) => a * b, 1),
      0,
    );
    assert.equal(count, published[name], name);
  }
});

Deno.test("CLIP_SIZES agree with what a configuration leaves out", () => {
  const { text, vision } = parseClipConfig({
    model_type: "clip",
    text_config: { eos_token_id: 2 },
  });
  assert.deepEqual(CLIP_SIZES["vit-b-32"], { text, vision });
});
