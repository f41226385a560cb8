/** `datasets`: looking at the data that models are trained on. */

import { type Split, SPLITS } from "../../datasets/emoji/sample.ts";
import { asPart, UsageError } from "./errors.ts";
import { checkWritable } from "./files.ts";
import { readOrHelp } from "./options.ts";
import { readKnown, readText, readWhole } from "./values.ts";

const USAGE = `Usage: datasets preview DATA [options]
       datasets check DATA
       datasets pull coco|cc3m

  preview  write a contact sheet of captioned pictures
  check    read every picture, and name what is missing or broken
  pull     download a data set; \`datasets pull --help\` explains it

DATA is emoji (composed by seed), coco or cc3m (in
$XDG_CACHE_HOME/muselab/datasets), or a path: a folder of pictures with a .txt
beside each, a captions.jsonl or .csv (with "image" and "caption"), WebDataset
shards (x.tar, "x-*.tar", a folder of them), a .zip, COCO's captions_SPLIT.json
or Conceptual Captions' .tsv beside a download of it, img2dataset's for one.

  --data DATA   the same
  --count N     pictures on the sheet, 1 to 400 (24)
  --out FILE    the PNG file to write (NAME.png)
  --seed S      another seed shows others (0)
  --split NAME  of emoji: ${SPLITS.join(", ")} (train)
  --size N      side of a picture in pixels, 8 to 1024 (128; emoji up to 256)
  --help        this text
`;

/** What is shown of a data set. */
export interface Preview {
  readonly data: string;
  readonly count: number;
  readonly out: string;
  readonly seed: number;
  readonly split: Split;
  readonly size: number;
}

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  if (args[0] === "pull") {
    const { run } = await import("./datasets_pull.ts");
    return await asPart("datasets pull", () => run(args.slice(1)));
  }
  const read = readOrHelp(USAGE, {
    data: "value",
    count: "value",
    out: "value",
    seed: "value",
    split: "value",
    size: "value",
    help: "flag",
  }, args);
  if (!read) return 0;
  const { values, positionals } = read;
  const [action, ...rest] = positionals;
  const data = readData(action, rest, values.data);
  if (action === "check") {
    if (data === "emoji") {
      throw new UsageError("there is nothing to check of emoji.");
    }
    const { checkPairs } = await import("./datasets_run.ts");
    return await checkPairs(data);
  }
  const preview = readPreview(data, values);
  checkWritable(preview.out);
  const { previewEmoji, previewPairs } = await import("./datasets_run.ts");
  await (data === "emoji" ? previewEmoji(preview) : previewPairs(preview));
  return 0;
}

function readData(
  action: string | undefined,
  rest: readonly string[],
  option: string | undefined,
): string {
  const given = [...rest, ...(option === undefined ? [] : [option])];
  const known = action === "preview" || action === "check";
  if (!known || given.length > 1) {
    throw new UsageError(
      `"${[action, ...given].join(" ")}" is not a command; ` +
        `write "datasets preview DATA", "datasets check DATA" or ` +
        `"datasets pull coco|cc3m".`,
    );
  }
  const data = readText("data", given[0]);
  if (data !== undefined) return data;
  throw new UsageError("say which data set, such as emoji or a folder.");
}

function readPreview(
  data: string,
  values: Readonly<Record<string, string | boolean | undefined>>,
): Preview {
  const text = (name: string, otherwise: string) =>
    String(values[name] ?? otherwise);
  const split = readKnown("split", text("split", "train"), SPLITS);
  if (values.split !== undefined && data !== "emoji") {
    throw new UsageError("--split is for emoji.");
  }
  const most = data === "emoji" ? 256 : 1024;
  const name = data.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, "");
  const stem = name.replace(/\.\w+$/, "").replace(/[*{}]/g, "") || "data";
  const out = text("out", `${stem}.png`);
  if (out === "") throw new UsageError("--out needs a file name.");
  return {
    data,
    count: readWhole("count", text("count", "24"), 1, 400),
    seed: readWhole("seed", text("seed", "0"), 0),
    size: readWhole("size", text("size", "128"), 8, most),
    out,
    split,
  };
}
