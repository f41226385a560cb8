/** `eval emoji`: a model judged on the scenes that come with the repository. */

import {
  EMOJI_FEWEST,
  EMOJI_REFERENCE,
  EMOJI_SAMPLES,
  emojiRecord,
  emojiSamples,
  judgeExtractor,
} from "../../eval/protocols/emoji.ts";
import { loadJudge } from "../../eval/probe/judge.ts";
import type { EvalProtocol } from "./eval_protocol.ts";
import {
  measuringOf,
  readRun,
  RUN_ENDING,
  RUN_OPTIONS,
  type RunRequest,
  runUsage,
} from "./eval_run_args.ts";
import { type DoneRun, runProtocol, writeList } from "./eval_run.ts";
import type { Sample } from "../../eval/run/record.ts";
import { readOnlyOptions } from "./options.ts";
import { readText, readWhole } from "./values.ts";

const BESIDE = `\
  --reference N           real scenes to compare with (${EMOJI_REFERENCE}), all of which
                          are read however few pictures there are; FD-probe falls
                          as either number grows
`;

const USAGE = `Usage: eval emoji [options]

Draws captions of validation scenes and has the pictures read by the judge of
emoji scenes: which kinds of objects they show, how many of each, background,
relation, style and tint, beside chance and what it reads in real scenes. FD-probe is
the Fréchet distance of the judge's features to those of real scenes; precision
and recall, density and coverage, and the Vendi score for diversity are of the
same features. Pictures are as small as the base draws them unless there are
--superres-steps.

${runUsage(String(EMOJI_SAMPLES), "mini", BESIDE)}
  --judge FILE            another judge than the repository's

${RUN_ENDING}
`;

const OPTIONS = {
  ...RUN_OPTIONS,
  reference: "value",
  judge: "value",
} as const;

/** What is judged, and by whom. */
interface EmojiRequest {
  readonly run: RunRequest;
  readonly samples: readonly Sample[];
  /** Real scenes. */
  readonly reference: number;
  /** The path of a judge. */
  readonly judge: string | undefined;
}

/** The protocol, for `eval` and `sweep`. */
export const EMOJI: EvalProtocol = {
  options: OPTIONS,
  prepare(args) {
    const request = readRequest(args);
    return request && ((alike) => runEmoji(request, alike));
  },
};

function readRequest(args: string[]): EmojiRequest | undefined {
  const values = readOnlyOptions("eval emoji", USAGE, OPTIONS, args);
  if (!values) return undefined;
  const run = readRun(values, {
    ...{ model: "mini", small: true, fewest: EMOJI_FEWEST },
  });
  const reference = values.reference === undefined
    ? EMOJI_REFERENCE
    : readWhole("reference", values.reference, EMOJI_FEWEST, 1_000_000);
  const judge = readText("judge", values.judge);
  const samples = emojiSamples(run.samples ?? EMOJI_SAMPLES, run.seed);
  return { run, samples, reference, judge };
}

async function runEmoji(
  { run, samples, reference, judge: path }: EmojiRequest,
  alike: string | undefined,
): Promise<DoneRun | undefined> {
  if (writeList(run, samples)) return undefined;
  const judge = await loadJudge(path, measuringOf(run));
  const record = emojiRecord(judge, reference);
  const [network] = record.networks;
  return await runProtocol(run, {
    name: "emoji",
    samples,
    record,
    extractors: [judgeExtractor(judge, network)],
    reference: {
      places: {
        kind: "scenes",
        size: judge.config.imageSize,
        count: reference,
      },
    },
    ...(alike !== undefined && { alike }),
    release: () => judge.release(),
  });
}
