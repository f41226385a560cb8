/** `eval stats`: what a network says of pictures, kept for comparisons. */

import { dirname } from "node:path";
import { gaussianOf, momentsOf } from "../../eval/metrics/moments.ts";
import { writeFeatures } from "../../eval/metrics/sample_set.ts";
import { writeStatistics } from "../../eval/metrics/statistics_file.ts";
import type { LookedAt } from "../../eval/source.ts";
import type { Extractor } from "../../eval/extract/extractor.ts";
import { UsageError } from "./errors.ts";
import {
  brokenText,
  FEATURE_HELP,
  FEATURE_OPTIONS,
  lookWithStatus,
  openFeatures,
  readFeatureArgs,
} from "./feature_args.ts";
import { originText } from "./figures_text.ts";
import { checkWritable } from "./files.ts";
import { openNamedPictures, storedPath } from "./named_sets.ts";
import { readOrHelp } from "./options.ts";

const USAGE = `Usage: eval stats PICTURES --out FILE [options]
       eval stats PICTURES --name NAME [options]

Shows pictures (a folder, a .zip or .tar, shards/*.tar, a .txt with a path a
line, an .npz, or a name such as coco2014-val) to a network and keeps what it
says of them, and what that depends on.

  --out FILE          an .npz: statistics (mu, sigma) that pytorch-fid and others
                      read; a .safetensors: the features themselves, which other
                      metrics need
  --name NAME         the statistics in $XDG_CACHE_HOME/muselab/references, from
                      where \`eval fid\` takes them by this name
${FEATURE_HELP}
  --help              this text
`;

/** How it is kept, by the file's ending. */
const FORMS: Readonly<
  Record<
    string,
    (path: string, set: LookedAt["set"], extractor: Extractor) => Promise<void>
  >
> = {
  async npz(path, { name, hash, features }, { record }) {
    const moments = await momentsOf(features!);
    await writeStatistics(path, { features: gaussianOf(moments) }, {
      ...record,
      pictures: name,
      features: hash,
    });
  },
  safetensors: (path, set, { record }) =>
    writeFeatures(path, set, { ...record }),
};

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const read = readOrHelp(USAGE, {
    ...FEATURE_OPTIONS,
    out: "value",
    name: "value",
    help: "flag",
  }, args);
  if (!read) return 0;
  const { values, positionals } = read;
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) {
    throw new UsageError(
      `eval stats takes one set of pictures, not ${positionals.length}.`,
    );
  }
  const { name } = values;
  if ((name === undefined) === (values.out === undefined)) {
    throw new UsageError(
      "eval stats takes --out, a file that ends in .npz or .safetensors, or " +
        "--name.",
    );
  }
  const out = name === undefined ? values.out! : storedPath(name);
  const form = FORMS[/\.(npz|safetensors)$/.exec(out)?.[1] ?? ""];
  if (!form) {
    throw new UsageError(
      `--out is a file that ends in .npz or .safetensors, not "${out}".`,
    );
  }
  const request = readFeatureArgs(values);
  const pictures = await openNamedPictures(path);
  if (name !== undefined) await Deno.mkdir(dirname(out), { recursive: true });
  checkWritable(out);
  const extractor = await openFeatures(
    request.features ?? "inception",
    request,
  );
  try {
    const { set, broken } = await lookWithStatus(extractor, pictures, request);
    const left = brokenText(set.name, broken);
    if (left !== undefined) console.error(left);
    await form(out, set, extractor);
    const { count, width } = set.features!;
    console.log(
      `wrote ${out}: ${count} pictures of ${path}, ${width} numbers each, ` +
        originText(extractor.record),
    );
  } finally {
    await extractor.release();
  }
  return 0;
}
