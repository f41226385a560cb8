/** The files of an edit under way. */

import type { Picture } from "../image/picture.ts";
import { resize } from "../image/resize.ts";
import { contactSheet } from "../image/sheet.ts";
import type { EditSeconds } from "../muse/edit_picture.ts";
import type { Model } from "../muse/pipeline.ts";
import { type BestSeed, bestText, type OpenBest } from "./candidates.ts";
import type { TracedStates } from "./draw_trace.ts";
import type { EditRequest } from "./edit_args.ts";
import { type EditPlan, keptPath } from "./edit_plan.ts";
import type { Scene } from "./edit_scene.ts";
import { editText } from "./edit_text.ts";
import type { Listener } from "./drawing.ts";
import { writePng } from "./write_png.ts";

/** A picture that is written. */
export interface EditedFile {
  readonly file: string;
  readonly seed: number;
  /** Of the best candidate, if there were several. */
  readonly best?: BestSeed;
  /** After how many iterations, of an edit by the prompt alone. */
  readonly iteration?: number;
}

/** An edit under way. */
export interface Editing {
  readonly request: EditRequest;
  readonly scene: Scene;
  readonly plan: EditPlan;
  readonly muse: Model;
  readonly listener: Listener;
  readonly files: EditedFile[];
  /** The pictures so far, for the contact sheet. */
  readonly held: Picture[];
  /** Those of the decode, if there is to be a trace. */
  readonly states: TracedStates;
  /** If there are several candidates. */
  readonly best: OpenBest | undefined;
  readonly seconds: { -readonly [P in keyof EditSeconds]: number };
}

/**
 * Writes the pictures of a batch.
 * @param first number of its first seed
 * @param bests of each, if there were several candidates
 * @param kept iteration of pictures before the last ones
 */
export async function writeBatch(
  { request, scene, plan, muse, listener, files }: Editing,
  first: number,
  pictures: readonly Picture[],
  bests: readonly (BestSeed | undefined)[],
  kept?: number,
): Promise<void> {
  const { change } = request;
  const iteration = kept ??
    (change.kind === "free" ? change.settings.iterations : undefined);
  const made = kept === undefined ? request : keptRequest(request);
  for (const [i, picture] of pictures.entries()) {
    const seed = plan.seeds[first + i];
    const path = plan.paths[first + i];
    const text = editText(made, scene, muse, {
      seed: String(seed),
      ...bestText(bests[i]),
      ...(kept === undefined ? {} : { iteration: String(kept) }),
    });
    const file = await writePng(
      kept === undefined ? path : keptPath(path, kept),
      picture,
      text,
      plan.replaces,
    );
    listener.wrote(file);
    files.push({
      file,
      seed,
      ...(bests[i] && { best: bests[i] }),
      ...(iteration === undefined ? {} : { iteration }),
    });
  }
}

/** The request as pictures of earlier iterations were drawn by it. */
function keptRequest(request: EditRequest): EditRequest {
  const { change } = request;
  if (change.kind !== "free" || change.superresKept) return request;
  const { superres: _, ...settings } = change.settings;
  if (settings.superresSteps === undefined) return request;
  const small = { ...settings, superresSteps: 0 };
  return { ...request, change: { ...change, settings: small } };
}

/** Writes the contact sheet, if one is planned; returns its path. */
export async function writeSheet(
  { request, scene, plan, muse, listener, held }: Editing,
): Promise<string | null> {
  if (plan.sheet === undefined) return null;
  const { seeds } = plan;
  const picture = contactSheet(held, {
    captions: seeds.map((seed) => `seed ${seed}`),
  });
  const text = editText(request, scene, muse, {
    seed: `${seeds[0]} to ${seeds.at(-1)}`,
  });
  const file = await writePng(plan.sheet, picture, text, plan.replaces);
  listener.wrote(file);
  return file;
}

/** Pixels a side of a picture on a contact sheet, at most. */
const SHEET_SIDE = 256;

/** A picture for the contact sheet. */
export function small(picture: Picture): Picture {
  const { width, height } = picture;
  const scale = SHEET_SIDE / Math.max(width, height);
  if (scale >= 1) return picture;
  const [w, h] = [width, height].map((side) =>
    Math.max(1, Math.round(side * scale))
  );
  return resize(picture, w, h, "bicubic");
}
