/** What the configuration of the judge's training says. */

import { z } from "zod";
import {
  COMMON,
  fraction,
  networkOf,
  weight,
} from "../../lib/train/config_form.ts";
import { PROBE_FORM } from "./config.ts";

/** The form of the configuration. */
export const JUDGE_CONFIG = z.strictObject({
  network: networkOf(PROBE_FORM),
  training: z.strictObject({
    ...COMMON,
    losses: z.strictObject({
      centre: weight,
      kind: weight,
      side: weight,
      tint: weight,
      background: weight,
      style: weight,
    }),
    /** Share of the batches whose pictures a tokenizer rebuilds. */
    rebuilt: fraction,
  }),
});

/** Configuration of the judge's training. */
export type JudgeRun = z.infer<typeof JUDGE_CONFIG>;
