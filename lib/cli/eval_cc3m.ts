/** `eval cc3m`: a model by the validation set of Conceptual Captions. */

import { CC3M_SPLITS, openCc3mSplit } from "../../datasets/pairs/cc3m_split.ts";
import { datasetFolder } from "../../datasets/pairs/open.ts";
import { runPairs } from "./eval_pairs.ts";
import {
  PAIR_OPTIONS,
  type PairDefaults,
  readPairRequest,
} from "./eval_pairs_args.ts";
import type { EvalProtocol } from "./eval_protocol.ts";
import { readKnown } from "./values.ts";

const DEFAULTS: PairDefaults = {
  name: "cc3m",
  samples: undefined,
  split: "validation",
  captions: "first",
  crop: "squash",
  about: `\
Draws every caption of the validation set of Conceptual Captions that has a
picture here, and compares the pictures with those: FID and CLIP score, all
squeezed to a square as RQ-Transformer's code does, whose row is in the paper's
table. Get it with \`deno task datasets pull cc3m\`. Addresses rot, so that sets
differ in size and FID with it; what is missing or broken is counted and listed.`,
};

/** The protocol, for `eval` and `sweep`. */
export const CC3M: EvalProtocol = {
  options: PAIR_OPTIONS,
  prepare(args) {
    const request = readPairRequest(args, DEFAULTS);
    if (!request) return undefined;
    readKnown("split", request.split, CC3M_SPLITS);
    return async (alike) => {
      const path = request.data ?? datasetFolder("cc3m");
      const set = await openCc3mSplit(path, request.split);
      return await runPairs("cc3m", request, set, alike);
    };
  },
};
