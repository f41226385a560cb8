/** `eval pairs`: a model by one's own pictures and captions. */

import { openPairs } from "../../datasets/pairs/open.ts";
import { UsageError } from "./errors.ts";
import { runPairs } from "./eval_pairs.ts";
import {
  PAIR_OPTIONS,
  type PairDefaults,
  readPairRequest,
} from "./eval_pairs_args.ts";
import type { EvalProtocol } from "./eval_protocol.ts";

const DEFAULTS: PairDefaults = {
  name: "pairs",
  samples: undefined,
  split: undefined,
  captions: "seed",
  crop: "centre",
  about: `\
Draws the captions of any data set that \`datasets check\` takes (a folder of
pictures with a .txt beside each, a captions.jsonl or .csv, shards, an archive)
and compares the pictures with its own: FID and CLIP score.`,
};

/** The protocol, for `eval` and `sweep`. */
export const PAIRS: EvalProtocol = {
  options: PAIR_OPTIONS,
  prepare(args) {
    const request = readPairRequest(args, DEFAULTS);
    if (!request) return undefined;
    const { data } = request;
    if (data === undefined) {
      throw new UsageError("say which pictures and captions: --data PATH.");
    }
    return async (alike) =>
      await runPairs("pairs", request, await openPairs(data), alike);
  },
};
