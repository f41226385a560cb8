/** What `generate` does once its arguments are understood. */

import type { Picture } from "../image/picture.ts";
import { generate, type Generated, openMuse } from "../muse/pipeline.ts";
import { batchSize } from "./batch_size.ts";
import { bestSeeds, type OpenBest, openBest } from "./candidates.ts";
import type { Drawing, GenerateResult, Job, Listener } from "./drawing.ts";
import {
  traceDrawing,
  writePicture,
  writeSheet,
  writeTogether,
} from "./drawing_files.ts";
import { effectiveSettings } from "./effective_settings.ts";
import type { GenerateRequest } from "./generate_args.ts";
import type { Plan } from "./generate_plan.ts";
import { SETTING_NAMES, settingsRecord } from "./setting_forms.ts";
import { loadModel, readAhead } from "./load_model.ts";
import { progressText } from "./status.ts";
import { warnOfCuts } from "./warn_of_cuts.ts";

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
      together: [],
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
    await writeTogether(drawing);
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
