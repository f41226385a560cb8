/** Everything that is measured by name. */

import { CLIP_SIZES } from "../../lib/clip/sizes.ts";
import {
  BASE_632M,
  SUPERRES_268M,
  TOKENIZER,
  TOKENIZER_FINETUNED,
} from "../../lib/muse/paper.ts";
import { T5_SIZES } from "../../lib/text/t5.ts";
import { clipSystem, inceptionSystem, t5System } from "./networks.ts";
import { paperSystem } from "./paper_system.ts";
import type { Precision, Systems } from "./part.ts";
import { AMUSED_SYSTEMS, miniSystem } from "./pipelines.ts";

/** In float32, XXL takes more memory than most machines have. */
const XXL: readonly Precision[] = ["int8", "int4"];

/** All systems, in the order of a table. */
export const SYSTEMS: Systems = {
  "mini": miniSystem(),
  ...AMUSED_SYSTEMS,
  "muse-632m-256": paperSystem("the paper's 632M, 256 px", {
    base: BASE_632M,
    tokenizer: TOKENIZER,
  }),
  "muse-632m": paperSystem("the paper's 632M and 268M, 512 px", {
    base: BASE_632M,
    superres: SUPERRES_268M,
    tokenizer: TOKENIZER_FINETUNED,
  }),
  "t5-base": t5System("base", T5_SIZES.base, { name: "t5-v1_1-base" }),
  "t5-large": t5System("large", T5_SIZES.large, { name: "t5-v1_1-large" }),
  "t5-xl": t5System("xl", T5_SIZES.xl, { name: "t5-v1_1-xl" }),
  "t5-xxl": t5System("xxl", T5_SIZES.xxl, {
    name: "t5-v1_1-xxl",
    precisions: XXL,
  }),
  "clip-vit-b-32": clipSystem(
    "ViT-B/32",
    CLIP_SIZES["vit-b-32"],
    "clip-vit-base-patch32",
  ),
  "clip-vit-l-14": clipSystem(
    "ViT-L/14",
    CLIP_SIZES["vit-l-14"],
    "clip-vit-large-patch14",
  ),
  "inception": inceptionSystem({ divisor: 1, classes: 1008 }, "fid-inception"),
};
