/** `eval tokenizer`: what is left of pictures after their tokens. */

import { EMOJI_FEWEST, EMOJI_SAMPLES } from "../../eval/protocols/emoji.ts";
import {
  rebuilder,
  TOKENIZER,
  TOKENIZER_METRICS,
  tokenizerExtractor,
} from "../../eval/protocols/tokenizer.ts";
import {
  openPictureSource,
  type ReadPicture,
} from "../../eval/run/picture_source.ts";
import type { Sample, Shard } from "../../eval/run/record.ts";
import { tellSprites } from "./emoji.ts";
import { NETWORK_DEFAULTS } from "./eval_pairs_metrics.ts";
import { type ComparedChoice, openCompared } from "./eval_tokenizer_data.ts";
import { readPart, RUN_ENDING } from "./eval_run_args.ts";
import { type DoneRun, printRun, runPictures } from "./eval_run.ts";
import { precisionText } from "./generate_text.ts";
import {
  type NamedTokenizer,
  openTokenizer,
  type TokenizerChoice,
} from "./open_tokenizer.ts";
import { readOnlyOptions } from "./options.ts";
import { LOOKING_USAGE, readRuntime, RUNTIME_OPTIONS } from "./runtime_args.ts";
import { readText, readWhole } from "./values.ts";

const USAGE = `Usage: eval tokenizer [options]

Turns real pictures into tokens and back and compares them with themselves: PSNR,
SSIM, which codes occur and how many in effect, and a Fréchet distance: FD-probe of
validation scenes of emoji, FID of other pictures.

  --model NAME        a model of the repository (mini), a folder of one or of a
                      published one; amused-256, muse-cc3m or organization/name
                      of the hub; or a tokenizer alone: its file, or a published
                      one such as taming-f16-1024
  --high              the tokenizer of super-resolved pictures
  --data DATA         emoji (emoji), or pictures as datasets check takes them
  --samples N         pictures (${EMOJI_SAMPLES})
  --seed S            which of them, where they are not emoji (0)
  --side N            pixels a side (the tokenizer's own)
  --judge FILE        another judge than the repository's
  --inception FILE    weights for FID (${NETWORK_DEFAULTS.inception})
  --weights FOLDER    a folder of other models, with a manifest.json
  --yes               download published weights without asking
  --batch N           pictures rebuilt at once (8)
${LOOKING_USAGE}
  --out FOLDER        of the run (runs/, and what it is of)
  --shard K/N         only part K of N, as for eval emoji
  --json              print the figures as JSON
  --help              this text

${RUN_ENDING}
`;

/** What the command line asks for. */
interface TokenizerRequest extends TokenizerChoice, ComparedChoice {
  /** Pixels; the tokenizer's own by default. */
  readonly side: number | undefined;
  readonly batch: number;
  readonly out: string | undefined;
  readonly shard: Shard | undefined;
  readonly json: boolean;
}

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const request = readRequest(args);
  if (!request) return 0;
  return printRun(request, await rebuildPictures(request));
}

function readRequest(args: string[]): TokenizerRequest | undefined {
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
    yes: "flag",
    batch: "value",
    ...RUNTIME_OPTIONS,
    out: "value",
    shard: "value",
    json: "flag",
    help: "flag",
  }, args);
  if (!values) return undefined;
  const { samples = String(EMOJI_SAMPLES), side } = values;
  const data = readText("data", values.data) ?? "emoji";
  const fewest = data === "emoji" ? EMOJI_FEWEST : 2;
  return {
    model: readText("model", values.model) ?? "mini",
    count: readWhole("samples", samples, fewest),
    seed: readWhole("seed", values.seed ?? "0", 0),
    batch: readWhole("batch", values.batch ?? "8", 1, 256),
    shard: readPart(values.shard),
    out: readText("out", values.out),
    side: side === undefined ? undefined : readWhole("side", side, 8, 4096),
    data,
    weights: readText("weights", values.weights),
    high: values.high,
    yes: values.yes,
    run: readRuntime(values),
    judge: readText("judge", values.judge),
    inception: values.inception,
    json: values.json,
  };
}

async function rebuildPictures(request: TokenizerRequest): Promise<DoneRun> {
  const named = await openTokenizer(request);
  const { imageSize, codes } = named.tokenizer.config;
  const { side = imageSize } = request;
  const compared = await openCompared(request, side);
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
  return await runPictures(request, {
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
  }, () => Promise.resolve(picturesOf(named, samples, request, side, read)));
}

function picturesOf(
  { name, tokenizer, hash }: NamedTokenizer,
  samples: readonly Sample[],
  { batch, run }: TokenizerRequest,
  side: number,
  read: ReadPicture,
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
