/** `datasets pull`: data sets from their publishers. */

import { datasetFolder } from "../../datasets/pairs/open.ts";
import {
  COCO_ADDRESS,
  COCO_LICENCE,
  COCO_SPLITS,
} from "../../datasets/pull/coco_files.ts";
import { pullFiles } from "../../datasets/pull/pull_files.ts";
import { sizeText } from "../run/disk.ts";
import { asPart, UsageError } from "./errors.ts";
import { readOrHelp } from "./options.ts";
import { pullStatus } from "./pull_status.ts";
import { readAddress, readKnown, readText } from "./values.ts";

const SPLIT = "val2014";

const USAGE = `Usage: datasets pull coco [options]
       datasets pull cc3m [options]; its own --help explains it

Downloads COCO's archives, ${
  Object.entries(COCO_SPLITS).map(([split, files]) =>
    `${split} ${sizeText(files.reduce((sum, { bytes }) => sum + bytes, 0))}`
  ).join(", ")
}. They stay packed. A
download that was stopped goes on with the same command; what is there is
compared by its MD5.

  --split NAME   pictures and captions of it (${SPLIT})
  --to FOLDER    where they go (${"$XDG_CACHE_HOME/muselab/datasets/coco"})
  --from URL     a mirror, with annotations/ and zips/ below
                 (${COCO_ADDRESS})
  --help         this text
`;

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  if (args[0] === "cc3m") {
    const { run } = await import("./datasets_pull_cc3m.ts");
    return await asPart("datasets pull cc3m", () => run(args.slice(1)));
  }
  const read = readOrHelp(USAGE, {
    split: "value",
    to: "value",
    from: "value",
    help: "flag",
  }, args);
  if (!read) return 0;
  const { values, positionals } = read;
  if (positionals.length !== 1 || positionals[0] !== "coco") {
    throw new UsageError("datasets pull knows coco and cc3m.");
  }
  const split = readKnown(
    "split",
    values.split ?? SPLIT,
    Object.keys(COCO_SPLITS),
  );
  const address = readAddress("from", values.from) ?? COCO_ADDRESS;
  const folder = readText("to", values.to) ?? datasetFolder("coco");
  const files = COCO_SPLITS[split];
  console.error(`Licence: ${COCO_LICENCE}.`);
  using status = pullStatus();
  const paths = await pullFiles(folder, files, { address, ...status });
  for (const path of paths) console.log(path);
  return 0;
}
