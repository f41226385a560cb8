/** `datasets pull cc3m`: Conceptual Captions' table, and its pictures. */

import type { LeftOut } from "../../datasets/files/place.ts";
import { datasetFolder } from "../../datasets/pairs/open.ts";
import {
  CC3M_ADDRESS,
  CC3M_LICENCE,
  CC3M_TABLES,
} from "../../datasets/pull/cc3m_files.ts";
import { pullCc3m } from "../../datasets/pull/pull_cc3m.ts";
import { readOnlyOptions } from "./options.ts";
import { createStatus, progressText } from "./status.ts";
import { readAddress, readKnown, readText, readWhole } from "./values.ts";

const SPLIT = "validation";
const AT_ONCE = 16;
const PATIENCE = 30;
/** Bytes of a picture: none of the set is near it. */
const MOST = 32 * 2 ** 20;

const USAGE = `Usage: datasets pull cc3m [options]

Downloads Conceptual Captions: a table of captions and addresses (${
  Object.entries(CC3M_TABLES).map(([split, { rows }]) => `${split} ${rows}`)
    .join(", ")
}),
then the pictures there, as their servers give them, beside it in a folder named
after the split, laid out as img2dataset does. Addresses rot: a third or more of
them have nothing any more. What is missing, broken or no picture is counted, and
listed in SPLIT_missing.jsonl.

A download that was stopped goes on with the same command, which also asks again
for what no server answered for.

  --split NAME   ${Object.keys(CC3M_TABLES).join(" or ")} (${SPLIT})
  --to FOLDER    where it goes (${"$XDG_CACHE_HOME/muselab/datasets/cc3m"})
  --from URL     a mirror of the tables, with Validation/ and Train/ below
                 (${CC3M_ADDRESS})
  --tsv FILE     a table that is here already, all of it or a part
  --at-once N    pictures at a time, 1 to 256 (${AT_ONCE})
  --patience S   seconds that a picture may take (${PATIENCE})
  --retry        asks again for what was refused before
  --help         this text
`;

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const values = readOnlyOptions("datasets pull cc3m", USAGE, {
    split: "value",
    to: "value",
    from: "value",
    tsv: "value",
    "at-once": "value",
    patience: "value",
    retry: "flag",
    help: "flag",
  }, args);
  if (!values) return 0;
  const split = readKnown(
    "split",
    values.split ?? SPLIT,
    Object.keys(CC3M_TABLES),
  );
  const table = readText("tsv", values.tsv);
  const options = {
    split,
    address: readAddress("from", values.from) ?? CC3M_ADDRESS,
    ...(table === undefined ? {} : { table }),
    atOnce: readWhole("at-once", values["at-once"] ?? `${AT_ONCE}`, 1, 256),
    patience: 1000 *
      readWhole("patience", values.patience ?? `${PATIENCE}`, 1, 3600),
    most: MOST,
    retry: values.retry,
  };
  const folder = readText("to", values.to) ?? datasetFolder("cc3m");
  console.error(`Licence: ${CC3M_LICENCE}.`);
  const status = createStatus();
  const began = performance.now();
  try {
    const pulled = await pullCc3m(folder, {
      ...options,
      onProgress(here, missing, total) {
        const seconds = (performance.now() - began) / 1000;
        const text = progressText("asked for", here + missing, total, seconds);
        status.show(`${text}; ${missing} can't be had`);
      },
      onNote(text) {
        status.clear();
        console.error(text);
      },
    });
    status.clear();
    const { here, missing, table, list } = pulled;
    console.log(`${here} of ${here + missing.length} pictures of ${table}`);
    if (missing.length > 0) console.log(missingText(missing, list));
  } finally {
    status.clear();
  }
  return 0;
}

/** How many are missing for which reason, the most frequent first. */
function missingText(missing: readonly LeftOut[], list: string): string {
  // What follows a colon is about one of them.
  const kinds = Map.groupBy(missing, ({ reason }) => reason.split(":")[0]);
  const counts = [...kinds].map(([kind, some]) => ({
    kind,
    count: some.length,
  })).sort((a, b) => b.count - a.count);
  return [
    `${missing.length} are missing, listed in ${list}:`,
    ...counts.map(({ kind, count }) => `  ${count} ${kind}`),
  ].join("\n");
}
