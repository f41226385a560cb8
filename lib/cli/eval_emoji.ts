/** `eval emoji`: a model judged on the scenes that come with the repository. */

import {
  EMOJI_REFERENCE,
  EMOJI_SAMPLES,
  emojiRecord,
  emojiSamples,
  judgeExtractor,
} from "../../eval/protocols/emoji.ts";
import { loadJudge } from "../../eval/probe/judge.ts";
import { readRun, RUN_ENDING, RUN_OPTIONS, runUsage } from "./eval_run_args.ts";
import { runProtocol, writeList } from "./eval_run.ts";
import { readOnlyOptions } from "./options.ts";
import { readText, readWhole } from "./values.ts";

const USAGE = `Usage: eval emoji [options]

Draws captions of validation scenes and has the pictures read by the judge of
emoji scenes: which kinds of objects they show, how many of each, background,
relation, style and tint, beside chance and what it reads in real scenes. FD-probe is
the Fréchet distance of the judge's features to those of real scenes; precision
and recall, density and coverage, and the Vendi score for diversity are of the
same features. Pictures are as small as the base draws them unless there are
--superres-steps.

${runUsage(String(EMOJI_SAMPLES), "mini")}
  --reference N           real scenes to compare with (${EMOJI_REFERENCE})
  --judge FILE            another judge than the repository's

${RUN_ENDING}
`;

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const values = readOnlyOptions("eval emoji", USAGE, {
    ...RUN_OPTIONS,
    reference: "value",
    judge: "value",
  }, args);
  if (!values) return 0;
  const request = readRun(values, { model: "mini", small: true });
  const reference = values.reference === undefined
    ? EMOJI_REFERENCE
    : readWhole("reference", values.reference, 2, 1_000_000);
  const path = readText("judge", values.judge);
  const count = request.samples ?? EMOJI_SAMPLES;
  const samples = emojiSamples(count, request.seed);
  if (writeList(request, samples)) return 0;
  const judge = await loadJudge(path);
  const record = emojiRecord(judge, reference);
  const [network] = record.networks;
  return await runProtocol(request, {
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
    release: () => judge.release(),
  });
}
