/** The forms of configurations by the stages of `train`. */

import type { z } from "zod";
import { JUDGE_CONFIG } from "../../eval/probe/training_config.ts";
import { MUSE_CONFIGS } from "../train/config.ts";

/** The paper's stages, and the judge. */
export const CONFIGS = { ...MUSE_CONFIGS, judge: JUDGE_CONFIG } as const;

/** Name of a stage. */
export type StageName = keyof typeof CONFIGS;
/** Configuration of a stage. */
export type Config = z.infer<typeof CONFIGS[StageName]>;
