/** `eval clip-score`: how well pictures and captions fit, by CLIP. */

import { openPairs } from "../../datasets/mod.ts";
import { meanOf } from "../../eval/measure.ts";
import { writeAtomic } from "../run/atomic.ts";
import { findClips, type ModelScores, scoreBy } from "./clip_scores.ts";
import { UsageError } from "./errors.ts";
import { brokenText } from "./feature_args.ts";
import { checkWritable } from "./files.ts";
import { readOrHelp } from "./options.ts";
import { outputText } from "./output_text.ts";
import { LOOKING_USAGE, readRuntime, RUNTIME_OPTIONS } from "./runtime_args.ts";
import { readWhole } from "./values.ts";

const USAGE = `Usage: eval clip-score PAIRS [options]

Scores pictures and their captions by the cosine of CLIP's embeddings. PAIRS is
a captions file (.jsonl or .csv, a picture's path and a caption a line), a folder
or .zip of pictures with a .txt beside each, WebDataset shards, COCO's
captions_SPLIT.json, coco or cc3m. Each caption of a picture is a pair.

  --clip LIST         the models: b-32 (the default), l-14, l-14-336; or folders
                      or files of others
  --out FILE          the score of each pair, a line of JSON each
                      (clip_scores.jsonl)
  --batch N           pictures at a time (16); no figure changes
${LOOKING_USAGE}
  --skip-broken       leave out pictures that can't be read, and list them
  --yes               download weights that are missing without asking
  --json              the figures as JSON
  --help              this text
`;

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const read = readOrHelp(USAGE, {
    clip: "value",
    out: "value",
    batch: "value",
    ...RUNTIME_OPTIONS,
    "skip-broken": "flag",
    yes: "flag",
    json: "flag",
    help: "flag",
  }, args);
  if (!read) return 0;
  const { values, positionals } = read;
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) {
    throw new UsageError(
      `eval clip-score takes one set of pairs, not ${positionals.length}.`,
    );
  }
  const out = values.out ?? "clip_scores.jsonl";
  checkWritable(out);
  const { yes, "skip-broken": skipBroken } = values;
  const options = {
    run: readRuntime(values),
    skipBroken,
    ...(values.batch === undefined
      ? {}
      : { batch: readWhole("batch", values.batch, 1) }),
  };
  const { precision = "fp32" } = options.run;
  const clips = await findClips(values.clip, yes);
  const set = await openPairs(path);
  const scores: ModelScores[] = [];
  for (const clip of clips) scores.push(await scoreBy(clip, set, options));
  await writeAtomic(out, [new TextEncoder().encode(linesOf(scores))]);
  for (const text of leftText(set, scores)) console.error(text);
  console.log(
    outputText(
      values.json,
      scores.map((one) => ({ ...figureOf(one), precision })),
      () => scoresText(`${path}, ${precision}`, out, scores),
    ),
  );
  return 0;
}

/** Each pair's line, with the cosine by every model. */
function linesOf(scores: readonly ModelScores[]): string {
  return scores[0].pairs.map(({ image, caption }, i) => {
    const cosines = scores.map(({ model, pairs }) => [model, pairs[i].cosine]);
    const line = { image, caption, cosine: Object.fromEntries(cosines) };
    return `${JSON.stringify(line)}\n`;
  }).join("");
}

function figureOf({ model, pairs, cut, broken }: ModelScores) {
  const { value, error } = meanOf(pairs.map(({ cosine }) => cosine));
  return {
    model,
    pairs: pairs.length,
    cosine: value,
    x100: 100 * value,
    ...(error === undefined ? {} : { error }),
    cut,
    leftOut: broken.length,
  };
}

function scoresText(
  path: string,
  out: string,
  scores: readonly ModelScores[],
): string {
  const lines = scores.map(figureOf).map((figure) => {
    const { model, cosine, x100, error = NaN, cut } = figure;
    const around = Number.isNaN(error) ? "" : ` ± ${error.toFixed(4)}`;
    return `  ${model.padEnd(28)} cosine ${cosine.toFixed(4)}${around}, ` +
      `x100 ${x100.toFixed(2)}` +
      (cut > 0 ? `; ${cut} captions cut to the length it reads` : "");
  });
  return [
    `${scores[0].pairs.length} pairs of ${path}`,
    "",
    ...lines,
    "",
    `of each pair: ${out}`,
  ].join("\n");
}

function leftText(
  { name, leftOut }: Awaited<ReturnType<typeof openPairs>>,
  [{ broken }]: readonly ModelScores[],
): string[] {
  const unpaired = leftOut.map(({ name, reason }) => `  ${name}: ${reason}`);
  return [
    ...(unpaired.length === 0 ? [] : [
      [`left out of ${name} ${unpaired.length} that are no pairs:`, ...unpaired]
        .join("\n"),
    ]),
    brokenText(name, broken) ?? [],
  ].flat();
}
