/** `eval tokenizer`: what is left of pictures after their tokens. */

import { openPairs } from "../../datasets/pairs/open.ts";
import { loadJudge } from "../../eval/probe/judge.ts";
import { choosePairs } from "../../eval/protocols/choose_pairs.ts";
import {
  EMOJI_SAMPLES,
  emojiRecord,
  emojiSamples,
  judgeExtractor,
} from "../../eval/protocols/emoji.ts";
import { openRunNetwork } from "../../eval/protocols/networks.ts";
import { pairReference } from "../../eval/protocols/pairs.ts";
import {
  rebuilder,
  TOKENIZER,
  TOKENIZER_METRICS,
  tokenizerExtractor,
} from "../../eval/protocols/tokenizer.ts";
import type { Extractor } from "../../eval/run/features.ts";
import {
  openPictureSource,
  type PictureSource,
  type ReadPicture,
} from "../../eval/run/picture_source.ts";
import type { LeftOutLine, RunRecord, Sample } from "../../eval/run/record.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { checkpointPath } from "./checkpoint_path.ts";
import { tellSprites } from "./emoji.ts";
import { NETWORK_DEFAULTS } from "./eval_pairs_metrics.ts";
import { readPart, RUN_ENDING } from "./eval_run_args.ts";
import { printRun, runPictures } from "./eval_run.ts";
import { type NamedTokenizer, openTokenizer } from "./open_tokenizer.ts";
import { precisionText } from "./generate_text.ts";
import { readOnlyOptions } from "./options.ts";
import { LOOKING_USAGE, readRuntime, RUNTIME_OPTIONS } from "./runtime_args.ts";
import { readText, readWhole } from "./values.ts";

const USAGE = `Usage: eval tokenizer [options]

Turns real pictures into tokens and back and compares them with themselves: PSNR,
SSIM, which codes occur and how many in effect, and a Fréchet distance: FD-probe of
validation scenes of emoji, FID of other pictures.

  --model NAME        a model of the repository (mini), a folder of one, amused-256,
                      or a tokenizer alone: its file, or a published one such as
                      taming-f16-1024
  --high              the tokenizer of super-resolved pictures
  --data DATA         emoji (emoji), or pictures as datasets check takes them
  --samples N         pictures (${EMOJI_SAMPLES})
  --seed S            which of them, where they are not emoji (0)
  --side N            pixels a side (the tokenizer's own)
  --judge FILE        another judge than the repository's
  --inception FILE    weights for FID (${NETWORK_DEFAULTS.inception})
  --weights FOLDER    a folder of other models, with a manifest.json
  --batch N           pictures rebuilt at once (8)
${LOOKING_USAGE}
  --out FOLDER        of the run (runs/, and what it is of)
  --shard K/N         only part K of N, as for eval emoji
  --json              print the figures as JSON
  --help              this text

${RUN_ENDING}
`;

/** Real pictures, and the network whose features of them are compared. */
interface Compared {
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

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const values = readOnlyOptions("eval tokenizer", USAGE, {
    model: "value",
    high: "flag",
    data: "value",
    samples: "value",
    seed: "value",
    side: "value",
    judge: "value",
    inception: "value",
    weights: "value",
    batch: "value",
    ...RUNTIME_OPTIONS,
    out: "value",
    shard: "value",
    json: "flag",
    help: "flag",
  }, args);
  if (!values) return 0;
  const model = readText("model", values.model) ?? "mini";
  const count = readWhole(
    "samples",
    values.samples ?? String(EMOJI_SAMPLES),
    2,
  );
  const seed = readWhole("seed", values.seed ?? "0", 0);
  const batch = readWhole("batch", values.batch ?? "8", 1, 256);
  const shard = readPart(values.shard);
  const out = readText("out", values.out);
  const wantedSide = values.side && readWhole("side", values.side, 8, 4096);
  const data = readText("data", values.data) ?? "emoji";
  const runtime = readRuntime(values);
  const named = await openTokenizer({
    model,
    weights: readText("weights", values.weights),
    high: values.high,
    run: runtime,
  });
  const side = wantedSide || named.tokenizer.config.imageSize;
  const compared = data === "emoji"
    ? await compareEmoji(count, side, readText("judge", values.judge))
    : await comparePairs(data, { count, seed, side }, values.inception);
  const { source, record, extractor, samples, leftOut } = compared;
  const read = openPictureSource(
    source,
    ({ done, total }) => tellSprites(done, total),
  );
  const network = {
    name: TOKENIZER,
    kind: TOKENIZER,
    hash: named.hash,
    resize: `centre, Pillow bicubic to ${side} px`,
  };
  const { codes } = named.tokenizer.config;
  const request = { model, seed, out, shard };
  const done = await runPictures(
    request,
    {
      name: "tokenizer",
      samples,
      leftOut,
      record: {
        ...record,
        settings: { ...record.settings, codes },
        networks: [network, ...record.networks],
        metrics: [...TOKENIZER_METRICS, ...record.metrics],
      },
      extractors: [
        tokenizerExtractor(named.tokenizer, network, side, read),
        extractor,
      ],
      reference: source,
      async release() {
        await Promise.all([named.tokenizer.release(), compared.release()]);
      },
    },
    () =>
      Promise.resolve(
        picturesOf(named, samples, { side, batch, read, run: runtime }),
      ),
  );
  return printRun(values, done);
}

function picturesOf(
  { name, tokenizer, hash }: NamedTokenizer,
  samples: readonly Sample[],
  { side, batch, read, run }: {
    readonly side: number;
    readonly batch: number;
    readonly read: ReadPicture;
    readonly run: RunOptions;
  },
) {
  return {
    samples,
    source: {
      kind: "model" as const,
      name,
      hash,
      settings: {},
      width: side,
      height: side,
      precision: precisionText(run).precision ?? "float32",
    },
    drawing: {
      batch,
      draw: rebuilder(tokenizer, side, read),
      release: () => Promise.resolve(), // its tokens are still to be looked at
    },
  };
}

async function compareEmoji(
  count: number,
  side: number,
  path: string | undefined,
): Promise<Compared> {
  const judge = await loadJudge(path);
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
  data: string,
  { count, seed, side }: {
    readonly count: number;
    readonly seed: number;
    readonly side: number;
  },
  inception: string = NETWORK_DEFAULTS.inception,
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
  const path = await checkpointPath("inception", inception, false);
  const name = "inception";
  const extractor = await openRunNetwork(
    { name, kind: "inception", path },
    { ...shape, samples },
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
