/** `datasets`: looking at the data that models are trained on. */

import { parseArgs } from "node:util";
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
import { createRng } from "../run/random.ts";
import { UsageError } from "./errors.ts";

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
  if (preview === null) console.log(USAGE.trimEnd());
  else await writePreview(preview);
  return 0;
}

/** The checked arguments, or null when help was asked for. */
function readArguments(args: string[]): Preview | null {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      count: { type: "string", default: "24" },
      out: { type: "string", default: "emoji.png" },
      seed: { type: "string", default: "0" },
      split: { type: "string", default: "train" },
      size: { type: "string", default: "128" },
      help: { type: "boolean", default: false },
    },
  });
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
  const split = SPLITS.find((known) => known === values.split);
  if (!split) {
    throw new UsageError(
      `--split is one of ${SPLITS.join(", ")}, not "${values.split}".`,
    );
  }
  if (values.out === "") throw new UsageError("--out needs a file name.");
  return {
    count: readInteger("count", values.count, 1, 400),
    seed: readInteger("seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
    size: readInteger("size", values.size, 8, 256),
    out: values.out,
    split,
  };
}

function readInteger(
  name: string,
  text: string,
  least: number,
  most: number,
): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new UsageError(
      `--${name} is a whole number from ${least} to ${most}, not "${text}".`,
    );
  }
  return value;
}

async function writePreview(preview: Preview): Promise<void> {
  const { count, out, seed, split, size } = preview;
  const sprites = await loadSprites({
    onProgress: (done, total) => {
      if (done % 160 === 0) {
        console.error(`Drawing the emoji once: ${done} of ${total}`);
      }
    },
  });
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
  await writeWhole(out, await encodePng(sheet));
  console.log(out);
}

/** Writes beside, then renames, so that no half-written file is left. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.${crypto.randomUUID()}`;
  try {
    await Deno.writeFile(beside, bytes, { createNew: true });
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside).catch(() => {});
    throw new Error(
      `writing ${path} failed: ` +
        `${error instanceof Error ? error.message : error}`,
    );
  }
}
