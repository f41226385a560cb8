/** `eval report`: a finished run as a page. */

import { writeReport } from "../../eval/report/report.ts";
import { UsageError } from "./errors.ts";
import { readOrHelp } from "./options.ts";
import { readText } from "./values.ts";

const USAGE = `Usage: eval report RUN [OTHER…] [options]

Writes report.html into the folder of a finished run once more: its figures with
what they depend on, the paper's tables with its row, pictures, the best and the
worst. The file needs nothing else, and is readable on a phone. Every run writes
it at its end.

Of other runs, such as a sweep over guidance, FID and CLIP score are drawn
beside those of the first.

  --times FILE  the output of \`bench throughput --json\`: its times of the
                run's model are put into the paper's table of times
  --json        the path of the file as JSON
  --help        this text
`;

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const read = readOrHelp(USAGE, {
    times: "value",
    json: "flag",
    help: "flag",
  }, args);
  if (!read) return 0;
  const { values, positionals } = read;
  const [folder, ...others] = positionals;
  if (folder === undefined) {
    throw new UsageError("eval report takes the folder of a run.");
  }
  const report = await writeReport(
    folder,
    others,
    readText("times", values.times),
  );
  console.log(values.json ? JSON.stringify({ report }) : report);
  return 0;
}
