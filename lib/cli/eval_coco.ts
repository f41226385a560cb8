/** `eval coco`: a model by COCO's captions and pictures. */

import { openCocoSplit } from "../../datasets/pairs/coco_split.ts";
import { datasetFolder } from "../../datasets/pairs/open.ts";
import { runPairs } from "./eval_pairs.ts";
import {
  PAIR_OPTIONS,
  type PairDefaults,
  readPairRequest,
} from "./eval_pairs_args.ts";
import type { EvalProtocol } from "./eval_protocol.ts";

const DEFAULTS: PairDefaults = {
  name: "coco",
  samples: 30_000,
  split: "val2014",
  captions: "seed",
  crop: "centre",
  about: `\
Draws captions of COCO and compares the pictures with COCO's: FID and CLIP score
of 30,000 distinct pictures' captions of val2014, one each, with all of its
pictures as the reference, unless told otherwise. Get them with
\`deno task datasets pull coco\`. Papers differ in all of it; run.json says what was
done.`,
};

/** The protocol, for `eval` and `sweep`. */
export const COCO: EvalProtocol = {
  options: PAIR_OPTIONS,
  prepare(args) {
    const request = readPairRequest(args, DEFAULTS);
    if (!request) return undefined;
    return async (alike) => {
      const folder = request.data ?? datasetFolder("coco");
      const set = await openCocoSplit(folder, request.split);
      return await runPairs("coco", request, set, alike);
    };
  },
};
