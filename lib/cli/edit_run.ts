/** What `edit` does once its arguments and files are understood. */

import type { EditSeconds } from "../muse/edit_picture.ts";
import { openMuse } from "../muse/pipeline.ts";
import { DEFAULTS } from "../muse/options.ts";
import { batchSize } from "./batch_size.ts";
import { bestSeeds, type OpenBest, openBest } from "./candidates.ts";
import { writeTrace } from "./draw_trace.ts";
import type { EditRequest } from "./edit_args.ts";
import type { Change } from "./edit_change.ts";
import {
  type EditedPictures,
  editPictures,
  type EditTask,
} from "./edit_kinds.ts";
import type { EditPlan } from "./edit_plan.ts";
import type { Scene } from "./edit_scene.ts";
import { changeRecord, changeSettings, editText } from "./edit_text.ts";
import {
  type EditedFile,
  type Editing,
  small,
  writeBatch,
  writeSheet,
} from "./edit_write.ts";
import { effectiveSettings } from "./effective_settings.ts";
import type { Listener } from "./drawing.ts";
import { loadModel, readAhead } from "./load_model.ts";
import { progressText } from "./status.ts";
import { warnOfCuts } from "./warn_of_cuts.ts";

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
  readonly trace: string | null;
  readonly seconds: EditSeconds & {
    readonly load: number;
    readonly total: number;
  };
}

/**
 * Draws all pictures of the plan and writes their files.
 * @param began when the command began, in milliseconds
 */
export async function editAll(
  asked: EditRequest,
  scene: Scene,
  plan: EditPlan,
  listener: Listener,
  began: number,
): Promise<EditResult> {
  const { prompt } = asked;
  listener.status(`loading ${asked.model}`);
  const superres = asked.change.settings.superresSteps !== 0;
  const muse = await loadModel(asked, { superres, ...sizeOf(asked, scene) });
  let best: OpenBest | undefined;
  try {
    const settings = effectiveSettings(asked.change.settings, muse);
    const change = { ...asked.change, settings } as Change;
    await openMuse(muse, drawingOf(change));
    best = await openBest(asked.best, muse, asked.run);
    const loaded = performance.now();
    const { negative } = settings;
    const texts = negative === undefined ? [prompt] : [prompt, negative];
    warnOfCuts(muse.encoder, texts, listener.warn);
    await readAhead(asked, muse, texts);
    const editing: Editing = {
      ...{ request: { ...asked, change }, scene, plan, muse, listener },
      files: [],
      held: [],
      states: { base: [], superres: [] },
      best,
      seconds: {
        ...{ tokens: 0, text: 0, decode: 0 },
        ...(settings.superresSteps && { superres: 0 }),
        picture: 0,
      },
    };
    await editBatches(editing);
    const sheet = await writeSheet(editing);
    const { width, height } = scene.picture;
    return {
      model: { name: muse.name, hash: muse.hash },
      picture: { file: asked.picture, hash: scene.hash, width, height },
      edit: changeRecord(change),
      settings: changeSettings(change),
      prompt,
      pictures: editing.files,
      sheet,
      trace: await traceEdit(editing),
      seconds: {
        load: (loaded - began) / 1000,
        ...editing.seconds,
        total: (performance.now() - began) / 1000,
      },
    };
  } finally {
    await best?.release();
    await muse.release();
  }
}

/** A model that sees the picture whole is loaded for its size. */
function sizeOf(
  { change }: EditRequest,
  { picture: { width, height } }: Scene,
): { readonly size?: readonly [number, number] } {
  const isWhole = change.kind !== "free" && change.whole;
  return isWhole ? { size: [height, width] } : {};
}

/** What the networks of an edit are compiled for. */
function drawingOf(change: Change): Parameters<typeof openMuse>[1] {
  if (change.kind !== "free") return change.settings;
  const { iterations: steps, share: _, ...settings } = change.settings;
  return { ...settings, steps };
}

async function editBatches(editing: Editing): Promise<void> {
  const { request, scene, plan, muse, listener, best } = editing;
  const { change, prompt, batch: asked, run } = request;
  const { guidance, steps } = { ...DEFAULTS, ...drawingOf(change) };
  const batch = await batchSize({
    ...{ batch: asked, run, settings: { guidance, steps } },
    count: plan.seeds.length,
    status: listener.status,
  }, muse);
  const began = performance.now();
  for (let done = 0; done < plan.seeds.length; done += batch) {
    const seeds = plan.seeds.slice(done, done + batch);
    const edited = await editPictures(muse, scene, change, {
      prompts: seeds.map(() => prompt),
      seed: seeds,
      bestOf: best?.bestOf(listener.status),
      ...hearsOf(editing, (part) => {
        const all = done + part * seeds.length;
        const took = (performance.now() - began) / 1000;
        return progressText("drew", all, plan.seeds.length, took);
      }),
    });
    countSeconds(editing, edited);
    const before = performance.now();
    const bests = bestSeeds(edited);
    for (const { iteration, pictures } of edited.kept ?? []) {
      await writeBatch(editing, done, pictures, bests, iteration);
    }
    await writeBatch(editing, done, edited.pictures, bests);
    editing.held.push(...edited.pictures.map(small));
    editing.seconds.picture += (performance.now() - before) / 1000;
  }
}

/** @param progress what is said of a part of a batch of several pictures */
function hearsOf(
  { request, plan, listener, states }: Editing,
  progress: (part: number) => string,
): Pick<EditTask, "onStep" | "onSuperresStep"> {
  const isTraced = request.trace !== undefined;
  return {
    onStep(state, steps) {
      if (isTraced) states.base.push(state);
      listener.status(
        plan.seeds.length === 1
          ? `step ${state.step} of ${steps}`
          : progress(state.step / steps),
      );
    },
    onSuperresStep(state) {
      if (isTraced) states.superres.push(state);
      const step = `${state.step} of ${state.steps}`;
      listener.status(`super-resolution, step ${step}`);
    },
  };
}

function countSeconds(
  { seconds }: Editing,
  { seconds: own }: EditedPictures,
): void {
  for (const part of ["tokens", "text", "decode", "picture"] as const) {
    seconds[part] += own[part];
  }
  if (own.superres === undefined) return;
  seconds.superres = (seconds.superres ?? 0) + own.superres;
}

/** Writes the trace, if one is wanted; returns its path. */
async function traceEdit(
  { request, scene, plan, muse, states, listener }: Editing,
): Promise<string | null> {
  const { trace } = request;
  if (!trace) return null;
  listener.status(`writing ${trace.path}`);
  const seed = String(plan.seeds[0]);
  const text = editText(request, scene, muse, { seed });
  await writeTrace(trace, muse, states, text);
  listener.wrote(trace.path);
  return trace.path;
}
