/** The pictures that `eval tokenizer` rebuilds and compares. */

import { openPairs } from "../../datasets/pairs/open.ts";
import { loadJudge } from "../../eval/probe/judge.ts";
import { choosePairs } from "../../eval/protocols/choose_pairs.ts";
import {
  emojiRecord,
  emojiSamples,
  judgeExtractor,
} from "../../eval/protocols/emoji.ts";
import { openRunNetwork } from "../../eval/protocols/networks.ts";
import { pairReference } from "../../eval/protocols/pairs.ts";
import type { Extractor } from "../../eval/run/features.ts";
import type { PictureSource } from "../../eval/run/picture_source.ts";
import type { LeftOutLine, RunRecord, Sample } from "../../eval/run/record.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { checkpointPath } from "./checkpoint_path.ts";
import { measuringOf } from "./eval_run_args.ts";
import { NETWORK_DEFAULTS } from "./eval_pairs_metrics.ts";

/** Which pictures, and what looks at them. */
export interface ComparedChoice {
  /** "emoji", or pictures as `openPairs()` takes them. */
  readonly data: string;
  readonly count: number;
  readonly seed: number;
  /** Path of a judge, for emoji. */
  readonly judge: string | undefined;
  /** Weights for FID, for others. */
  readonly inception: string | undefined;
  /** Download them without asking. */
  readonly yes: boolean;
  /** How what measures is run: not in its precision. */
  readonly run: RunOptions;
}

/** Real pictures, and the network whose features of them are compared. */
export interface Compared {
  readonly samples: readonly Sample[];
  readonly source: PictureSource;
  readonly leftOut: readonly LeftOutLine[];
  readonly record: Pick<
    RunRecord,
    "reference" | "settings" | "networks" | "metrics"
  >;
  readonly extractor: Extractor;
  release(): Promise<void>;
}

/** Opens them, at so many pixels a side. */
export async function openCompared(
  choice: ComparedChoice,
  side: number,
): Promise<Compared> {
  return choice.data === "emoji"
    ? await compareEmoji(choice, side)
    : await comparePairs(choice, side);
}

async function compareEmoji(
  { count, judge: path, ...choice }: ComparedChoice,
  side: number,
): Promise<Compared> {
  const judge = await loadJudge(path, measuringOf(choice));
  const record = emojiRecord(judge, count);
  const [network] = record.networks;
  return {
    samples: emojiSamples(count, 0),
    source: { places: { kind: "scenes", size: side, count } },
    leftOut: [],
    record: {
      ...record,
      settings: { ...record.settings, data: "emoji", size: side },
    },
    extractor: judgeExtractor(judge, network),
    release: () => judge.release(),
  };
}

async function comparePairs(
  { data, count, seed, inception = NETWORK_DEFAULTS.inception, yes, ...choice }:
    ComparedChoice,
  side: number,
): Promise<Compared> {
  const set = await openPairs(data);
  const samples = choosePairs(set, { count, seed, captions: "first" });
  const shape = { crop: "centre", side } as const;
  const { record: reference, source } = pairReference(
    set,
    samples,
    "same",
    shape,
  );
  const path = await checkpointPath("inception", inception, yes);
  const name = "inception";
  const extractor = await openRunNetwork(
    { name, kind: "inception", path },
    { ...shape, samples, ...measuringOf(choice) },
  );
  return {
    samples,
    source,
    leftOut: set.leftOut,
    record: {
      reference,
      settings: { data: set.kind, crop: "centre", size: side },
      networks: [extractor.network],
      metrics: [{ metric: "fid", network: name, convention: "pytorch-fid" }],
    },
    extractor,
    release: () => extractor.release(),
  };
}
