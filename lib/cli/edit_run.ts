/** What `edit` does once its arguments and files are understood. */

import type { Picture } from "../image/picture.ts";
import { resize } from "../image/resize.ts";
import { contactSheet } from "../image/sheet.ts";
import { editMaskFree, type KeptPictures } from "../muse/edit_free.ts";
import { inpaint } from "../muse/edit_inpaint.ts";
import type { Edited, EditSeconds } from "../muse/edit_picture.ts";
import { vary } from "../muse/edit_vary.ts";
import { loadMuse, type Muse, openMuse } from "../muse/pipeline.ts";
import type { EditRequest } from "./edit_args.ts";
import type { Change } from "./edit_changes.ts";
import { type EditPlan, keptPath } from "./edit_plan.ts";
import type { Scene } from "./edit_scene.ts";
import { changeRecord, changeSettings, editText } from "./edit_text.ts";
import type { Listener } from "./generate_run.ts";
import { progressText } from "./status.ts";
import { warnOfCuts } from "./warn_of_cuts.ts";
import { writePng } from "./write_png.ts";

/** What `--json` prints. */
export interface EditResult {
  readonly model: { readonly name: string; readonly hash: string };
  /** What was edited, and by which size it is written. */
  readonly picture: {
    readonly file: string;
    readonly hash: string;
    readonly width: number;
    readonly height: number;
  };
  readonly edit: ReturnType<typeof changeRecord>;
  readonly settings: ReturnType<typeof changeSettings>;
  readonly prompt: string;
  readonly pictures: readonly EditedFile[];
  /** The contact sheet, if there are several pictures. */
  readonly sheet: string | null;
  readonly seconds: EditSeconds & {
    readonly load: number;
    readonly total: number;
  };
}

interface EditedFile {
  readonly file: string;
  readonly seed: number;
  /** After how many iterations, of an edit by the prompt alone. */
  readonly iteration?: number;
}

/** Hears how many of how many steps are done. */
type OnStep = (done: number, all: number) => void;

/** One kind of edit, for a prompt a seed. */
type Edit<C extends Change> = (
  muse: Muse,
  scene: Scene,
  change: C,
  prompts: readonly string[],
  seed: readonly number[],
  onStep: OnStep,
) => Promise<Edited & { readonly kept?: readonly KeptPictures[] }>;

const paintRegion: Edit<Extract<Change, { kind: "inpaint" | "outpaint" }>> = (
  muse,
  { picture, region },
  { settings, composite, context },
  prompts,
  seed,
  onStep,
) => {
  const options = { ...settings, composite, context, seed };
  return inpaint(
    ...[muse, picture, region!, prompts, options] as const,
    ({ step, steps }) => onStep(step, steps),
  );
};

const EDITS: {
  readonly [K in Change["kind"]]: Edit<Extract<Change, { kind: K }>>;
} = {
  inpaint: paintRegion,
  outpaint: paintRegion,
  vary: (muse, { picture }, { settings, strength }, prompts, seed, onStep) =>
    vary(
      ...[muse, picture, prompts, { ...settings, strength, seed }] as const,
      ({ step, steps }) => onStep(step, steps),
    ),
  free: (muse, { picture }, { settings, keepEvery }, prompts, seed, onStep) =>
    editMaskFree(
      ...[muse, picture, prompts, { ...settings, keepEvery, seed }] as const,
      ({ iteration, iterations }) => onStep(iteration, iterations),
    ),
};

/** An edit under way. */
interface Editing {
  readonly request: EditRequest;
  readonly scene: Scene;
  readonly plan: EditPlan;
  readonly muse: Muse;
  readonly listener: Listener;
  readonly files: EditedFile[];
  /** The pictures so far, for the contact sheet. */
  readonly held: Picture[];
  readonly seconds: { -readonly [P in keyof EditSeconds]: number };
}

/**
 * Draws all pictures of the plan and writes their files.
 * @param began when the command began, in milliseconds
 */
export async function editAll(
  request: EditRequest,
  scene: Scene,
  plan: EditPlan,
  listener: Listener,
  began: number,
): Promise<EditResult> {
  const { model, weights, threads, change, prompt } = request;
  listener.status(`loading ${model}`);
  const muse = await loadMuse(model, { weights, threads });
  try {
    await openMuse(muse, drawingOf(change));
    const loaded = performance.now();
    const { negative } = change.settings;
    const texts = negative === undefined ? [prompt] : [prompt, negative];
    warnOfCuts(muse.encoder, texts, listener.warn);
    const editing: Editing = {
      ...{ request, scene, plan, muse, listener },
      files: [],
      held: [],
      seconds: { tokens: 0, text: 0, decode: 0, picture: 0 },
    };
    await editBatches(editing);
    const sheet = await writeSheet(editing);
    const { width, height } = scene.picture;
    return {
      model: { name: muse.name, hash: muse.hash },
      picture: { file: request.picture, hash: scene.hash, width, height },
      edit: changeRecord(change),
      settings: changeSettings(change),
      prompt,
      pictures: editing.files,
      sheet,
      seconds: {
        load: (loaded - began) / 1000,
        ...editing.seconds,
        total: (performance.now() - began) / 1000,
      },
    };
  } finally {
    await muse.release();
  }
}

/** What the networks of an edit are compiled for. */
function drawingOf(change: Change): Parameters<typeof openMuse>[1] {
  if (change.kind !== "free") return change.settings;
  const { iterations, guidance, temperature, topK, topP } = change.settings;
  return { steps: iterations, guidance, temperature, topK, topP };
}

async function editBatches(editing: Editing): Promise<void> {
  const { request, scene, plan, muse, listener, seconds } = editing;
  const { change, prompt, batch } = request;
  const began = performance.now();
  for (let done = 0; done < plan.seeds.length; done += batch) {
    const seeds = plan.seeds.slice(done, done + batch);
    const edited = await (EDITS[change.kind] as Edit<Change>)(
      ...[muse, scene, change, seeds.map(() => prompt), seeds] as const,
      (step, steps) => {
        const all = done + step / steps * seeds.length;
        const took = (performance.now() - began) / 1000;
        listener.status(
          plan.seeds.length === 1
            ? `step ${step} of ${steps}`
            : progressText("drew", all, plan.seeds.length, took),
        );
      },
    );
    for (const part of ["tokens", "text", "decode", "picture"] as const) {
      seconds[part] += edited.seconds[part];
    }
    const before = performance.now();
    for (const { iteration, pictures } of edited.kept ?? []) {
      await writeBatch(editing, done, pictures, iteration);
    }
    await writeBatch(editing, done, edited.pictures);
    editing.held.push(...edited.pictures.map(small));
    seconds.picture += (performance.now() - before) / 1000;
  }
}

/**
 * Writes the pictures of a batch.
 * @param first number of its first seed
 * @param kept iteration of pictures before the last ones
 */
async function writeBatch(
  { request, scene, plan, muse, listener, files }: Editing,
  first: number,
  pictures: readonly Picture[],
  kept?: number,
): Promise<void> {
  const { change } = request;
  const iteration = kept ??
    (change.kind === "free" ? change.settings.iterations : undefined);
  for (const [i, picture] of pictures.entries()) {
    const seed = plan.seeds[first + i];
    const path = plan.paths[first + i];
    const text = editText(request, scene, muse, {
      seed: String(seed),
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
      ...(iteration === undefined ? {} : { iteration }),
    });
  }
}

/** Writes the contact sheet, if one is planned; returns its path. */
async function writeSheet(
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

function small(picture: Picture): Picture {
  const { width, height } = picture;
  const scale = SHEET_SIDE / Math.max(width, height);
  if (scale >= 1) return picture;
  const [w, h] = [width, height].map((side) =>
    Math.max(1, Math.round(side * scale))
  );
  return resize(picture, w, h, "bicubic");
}
