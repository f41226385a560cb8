/** What `generate` does once its arguments are understood. */

import type { Picture } from "../image/picture.ts";
import { contactSheet } from "../image/sheet.ts";
import {
  generate,
  type Generated,
  type Model,
  openMuse,
} from "../muse/pipeline.ts";
import { batchSize } from "./batch_size.ts";
import {
  type BestSeed,
  bestSeeds,
  bestText,
  type OpenBest,
  openBest,
} from "./candidates.ts";
import { type TracedStates, writeTrace } from "./draw_trace.ts";
import { effectiveSettings } from "./effective_settings.ts";
import type { GenerateRequest } from "./generate_args.ts";
import type { Plan, PlannedPrompt } from "./generate_plan.ts";
import { pictureText } from "./generate_text.ts";
import {
  SETTING_NAMES,
  type SettingName,
  settingsRecord,
} from "./setting_forms.ts";
import { loadModel, readAhead } from "./load_model.ts";
import { progressText } from "./status.ts";
import { warnOfCuts } from "./warn_of_cuts.ts";
import { writePng } from "./write_png.ts";

/** Who is told how it goes. */
export interface Listener {
  /** What is being done. */
  status(text: string): void;
  /** A file is written. */
  wrote(path: string): void;
  warn(text: string): void;
}

/** What `--json` prints. */
export interface GenerateResult {
  readonly model: { readonly name: string; readonly hash: string };
  readonly settings: Readonly<Record<SettingName, string | number | null>>;
  readonly pictures: readonly {
    readonly file: string;
    readonly prompt: string;
    readonly seed: number;
    /** Of the best candidate, if there were several. */
    readonly best?: BestSeed;
  }[];
  /** Contact sheets, one a prompt if there are several pictures of each. */
  readonly sheets: readonly string[];
  readonly trace: string | null;
  /** Seconds from the beginning of the command to the end of the first step. */
  readonly firstStep: number;
  readonly seconds: {
    readonly load: number;
    readonly text: number;
    readonly decode: number;
    /** Where there was super-resolution. */
    readonly superres?: number;
    readonly picture: number;
    readonly total: number;
  };
}

/** A drawing under way. */
interface Drawing {
  readonly request: GenerateRequest;
  readonly plan: Plan;
  readonly listener: Listener;
  readonly muse: Model;
  readonly pictures: GenerateResult["pictures"][number][];
  readonly sheets: string[];
  readonly seconds: {
    text: number;
    decode: number;
    superres?: number;
    picture: number;
  };
  /** When the first decode step was done, in milliseconds. */
  firstStep?: number;
  /** States of the decode, if there is to be a trace. */
  readonly states: TracedStates;
  /** If there are several candidates. */
  readonly best: OpenBest | undefined;
}

/** One picture to draw. */
interface Job {
  readonly planned: PlannedPrompt;
  /** Which of the prompt's. */
  readonly index: number;
}

/**
 * Draws all pictures of the plan and writes their files.
 * @param began when the command began, in milliseconds
 */
export async function drawAll(
  asked: GenerateRequest,
  plan: Plan,
  listener: Listener,
  began: number,
): Promise<GenerateResult> {
  listener.status(`loading ${asked.model}`);
  const superres = asked.settings.superresSteps !== 0;
  const muse = await loadModel(asked, { superres });
  let best: OpenBest | undefined;
  try {
    const settings = effectiveSettings(asked.settings, muse);
    const request = { ...asked, settings };
    await openMuse(muse, settings);
    best = await openBest(request.best, muse, request.run);
    const loaded = performance.now();
    const texts = textsOf(request, plan);
    warnOfCuts(muse.encoder, texts, listener.warn);
    await readAhead(asked, muse, texts);
    const drawing: Drawing = {
      request,
      plan,
      listener,
      muse,
      pictures: [],
      sheets: [],
      seconds: {
        text: 0,
        decode: 0,
        ...(settings.superresSteps && { superres: 0 }),
        picture: 0,
      },
      states: { base: [], superres: [] },
      best,
    };
    await drawBatches(drawing);
    return {
      model: { name: muse.name, hash: muse.hash },
      settings: settingsRecord(request.settings, SETTING_NAMES),
      pictures: drawing.pictures,
      sheets: drawing.sheets,
      trace: await traceDrawing(drawing),
      firstStep: (drawing.firstStep! - began) / 1000,
      seconds: {
        load: (loaded - began) / 1000,
        ...drawing.seconds,
        total: (performance.now() - began) / 1000,
      },
    };
  } finally {
    await best?.release();
    await muse.release();
  }
}

/** All that the model reads. */
function textsOf({ settings }: GenerateRequest, { prompts }: Plan): string[] {
  const texts = prompts.map(({ prompt }) => prompt);
  const { negative } = settings;
  return negative === undefined ? texts : [...texts, negative];
}

async function drawBatches(drawing: Drawing): Promise<void> {
  const { request, plan } = drawing;
  const jobs = plan.prompts.flatMap((planned) =>
    planned.seeds.map((_, index): Job => ({ planned, index }))
  );
  const { batch: asked, run, settings } = request;
  const size = await batchSize({
    ...{ batch: asked, run, settings, count: jobs.length },
    status: drawing.listener.status,
  }, drawing.muse);
  const began = performance.now();
  let held: Picture[] = []; // those of the prompt so far, for its sheet
  for (let done = 0; done < jobs.length; done += size) {
    const batch = jobs.slice(done, done + size);
    const drawn = await drawBatch(drawing, batch, (part) => {
      const seconds = (performance.now() - began) / 1000;
      const all = done + part * batch.length;
      return progressText("drew", all, jobs.length, seconds);
    });
    const before = performance.now();
    const bests = bestSeeds(drawn);
    for (const [i, job] of batch.entries()) {
      const picture = drawn.pictures[i];
      await writePicture(drawing, job, picture, bests[i]);
      const { planned, index } = job;
      if (planned.sheet === undefined) continue;
      held.push(picture);
      if (index < planned.seeds.length - 1) continue;
      await writeSheet(drawing, planned, held);
      held = [];
    }
    drawing.seconds.picture += (performance.now() - before) / 1000;
  }
}

async function drawBatch(
  drawing: Drawing,
  batch: readonly Job[],
  progress: (part: number) => string,
): Promise<Generated> {
  const { request, muse, listener, seconds, states, best } = drawing;
  const { settings, trace } = request;
  const drawn = await generate(
    muse,
    batch.map(({ planned }) => planned.prompt),
    {
      ...settings,
      seed: batch.map(({ planned, index }) => planned.seeds[index]),
      bestOf: best?.bestOf(listener.status),
    },
    (state) => {
      drawing.firstStep ??= performance.now();
      if (trace) states.base.push(state);
      listener.status(
        batch.length === 1
          ? `step ${state.step} of ${state.steps}`
          : progress(state.step / state.steps),
      );
    },
    (state) => {
      if (trace) states.superres.push(state);
      const step = `${state.step} of ${state.steps}`;
      listener.status(`super-resolution, step ${step}`);
    },
  );
  for (const part of ["text", "decode", "picture"] as const) {
    seconds[part] += drawn.seconds[part];
  }
  if (drawn.seconds.superres !== undefined) {
    seconds.superres = (seconds.superres ?? 0) + drawn.seconds.superres;
  }
  return drawn;
}

async function writePicture(
  drawing: Drawing,
  { planned, index }: Job,
  picture: Picture,
  best: BestSeed | undefined,
): Promise<void> {
  const { prompt } = planned;
  const seed = planned.seeds[index];
  const file = await write(drawing, planned.paths[index], picture, {
    prompt,
    seed: String(seed),
    ...bestText(best),
  });
  drawing.pictures.push({ file, prompt, seed, ...(best && { best }) });
}

async function writeSheet(
  drawing: Drawing,
  { prompt, seeds, sheet }: PlannedPrompt,
  pictures: readonly Picture[],
): Promise<void> {
  const picture = contactSheet(pictures, {
    captions: seeds.map((seed) => `seed ${seed}`),
  });
  const seed = `${seeds[0]} to ${seeds.at(-1)}`;
  drawing.sheets.push(
    await write(drawing, sheet!, picture, { prompt, seed }),
  );
}

/** Writes a picture with its text; returns the path. */
async function write(
  { request, plan, muse, listener }: Drawing,
  path: string,
  picture: Picture,
  made: { readonly prompt: string; readonly seed: string },
): Promise<string> {
  const text = pictureText(request, muse, made);
  const file = await writePng(path, picture, text, plan.replaces);
  listener.wrote(file);
  return file;
}

/** Writes the trace, if one is wanted; returns its path. */
async function traceDrawing(drawing: Drawing): Promise<string | null> {
  const { request: { trace }, muse, states, listener } = drawing;
  if (!trace) return null;
  listener.status(`writing ${trace.path}`);
  const [planned] = drawing.plan.prompts;
  const made = { prompt: planned.prompt, seed: String(planned.seeds[0]) };
  const text = pictureText(drawing.request, muse, made);
  await writeTrace(trace, muse, states, text);
  listener.wrote(trace.path);
  return trace.path;
}
