/** `datasets`: looking at the data that models are trained on. */

import {
  captionScene,
  loadSprites,
  renderScene,
  sampleScene,
  type Split,
  SPLITS,
} from "../../datasets/mod.ts";
import { encodePng } from "../image/encode.ts";
import { contactSheet } from "../image/sheet.ts";
import { writeAtomicSync } from "../run/atomic.ts";
import { createRng } from "../run/random.ts";
import { tellSprites } from "./emoji.ts";
import { UsageError } from "./errors.ts";
import { checkWritable } from "./files.ts";
import { readOptions } from "./options.ts";
import { readWhole } from "./values.ts";

const USAGE = `Usage: datasets preview emoji [options]

Writes a contact sheet of captioned pictures.

  --count N     pictures on the sheet, 1 to 400 (24)
  --out FILE    the PNG file to write (emoji.png)
  --seed S      another seed is another data set (0)
  --split NAME  ${SPLITS.join(", ")} (train)
  --size N      side of a picture in pixels, 8 to 256 (128)
  --help        this text
`;

interface Preview {
  readonly count: number;
  readonly out: string;
  readonly seed: number;
  readonly split: Split;
  readonly size: number;
}

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const preview = readArguments(args);
  if (preview === null) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  checkWritable(preview.out);
  await writePreview(preview);
  return 0;
}

/** The checked arguments, or null when help was asked for. */
function readArguments(args: string[]): Preview | null {
  const { values, positionals } = readOptions({
    count: "value",
    out: "value",
    seed: "value",
    split: "value",
    size: "value",
    help: "flag",
  }, args);
  if (values.help) return null;
  const [action, name, ...rest] = positionals;
  if (action !== "preview" || rest.length > 0) {
    throw new UsageError(
      `"${positionals.join(" ")}" is not a command; ` +
        `write "datasets preview emoji".`,
    );
  }
  if (name !== "emoji") {
    throw new UsageError(
      `there is no data set "${name ?? ""}"; the data set is "emoji".`,
    );
  }
  const { count = "24", out = "emoji.png", seed = "0", size = "128" } = values;
  const split = SPLITS.find((known) => known === (values.split ?? "train"));
  if (!split) {
    throw new UsageError(
      `--split is one of ${SPLITS.join(", ")}, not "${values.split}".`,
    );
  }
  if (out === "") throw new UsageError("--out needs a file name.");
  return {
    count: readWhole("count", count, 1, 400),
    seed: readWhole("seed", seed, 0),
    size: readWhole("size", size, 8, 256),
    out,
    split,
  };
}

async function writePreview(preview: Preview): Promise<void> {
  const { count, out, seed, split, size } = preview;
  const sprites = await loadSprites({ onProgress: tellSprites });
  const indices = Array.from({ length: count }, (_, i) => i);
  const scenes = indices.map((index) => sampleScene(split, index, { seed }));
  const sheet = contactSheet(
    scenes.map((scene) => renderScene(scene, size, sprites)),
    {
      captions: scenes.map((scene, index) =>
        captionScene(scene, createRng("emoji caption", split, seed, index))
      ),
    },
  );
  writeAtomicSync(out, await encodePng(sheet));
  console.log(out);
}
