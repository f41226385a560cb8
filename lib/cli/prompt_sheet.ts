/** `--sheet`: the pictures of all prompts on one, a prompt's side by side. */

import type { Picture } from "../image/picture.ts";
import { resize } from "../image/resize.ts";
import { contactSheet } from "../image/sheet.ts";
import { UsageError } from "./errors.ts";
import type { PlannedPrompt } from "./generate_plan.ts";
import type { Options } from "./options.ts";
import { readText, readWhole } from "./values.ts";

/** A sheet that is wanted. */
export interface SheetRequest {
  /** A .png file. */
  readonly path: string;
  /** Width of a picture on it, in pixels; undefined for as large as drawn. */
  readonly side: number | undefined;
}

/** The options that it is read from. */
export const SHEET_OPTIONS = { sheet: "value", "sheet-side": "value" } as const;

/** How they read in the help. */
export const SHEET_USAGE: string = `\
  --sheet FILE            all pictures on one .png, a prompt's side by side
  --sheet-side N          so many pixels wide there (as drawn)`;

/** Sheets of more would not be looked at. */
const MOST_PICTURES = 1024;

/** Reads and checks them. @throws UsageError */
export function readSheet(
  values: Options<typeof SHEET_OPTIONS>["values"],
): SheetRequest | undefined {
  const path = readText("sheet", values.sheet);
  const side = values["sheet-side"];
  if (path === undefined) {
    if (side === undefined) return undefined;
    throw new UsageError("--sheet-side needs a --sheet.");
  }
  if (!/\.png$/i.test(path)) {
    throw new UsageError(`--sheet is a .png file, not "${path}".`);
  }
  return {
    path,
    side: side === undefined
      ? undefined
      : readWhole("sheet-side", side, 8, 1024),
  };
}

/** @throws UsageError if a sheet can't hold what is planned */
export function checkSheet(prompts: readonly PlannedPrompt[]): void {
  const count = prompts.reduce((sum, { seeds }) => sum + seeds.length, 0);
  if (count <= MOST_PICTURES) return;
  throw new UsageError(
    `--sheet takes up to ${MOST_PICTURES} pictures, but there are ${count}.`,
  );
}

/** A picture as it stands on the sheet. */
export function onSheet(
  picture: Picture,
  { side }: SheetRequest,
): Picture {
  if (side === undefined) return picture;
  const height = Math.max(1, Math.round(side * picture.height / picture.width));
  return resize(picture, side, height, "bicubic");
}

/** The sheet, about as wide as high; each prompt below its first picture. */
export function promptSheet(
  prompts: readonly PlannedPrompt[],
  pictures: readonly Picture[],
): Picture {
  const each = prompts[0].seeds.length;
  const across = Math.ceil(Math.sqrt(pictures.length) / each);
  return contactSheet(pictures, {
    columns: each * Math.min(across, prompts.length),
    captions: prompts.flatMap(({ prompt, seeds }) =>
      seeds.map((_, i) => i === 0 ? prompt : "")
    ),
  });
}
