/** The files of a drawing: pictures, sheets, the trace. */

import type { Picture } from "../image/picture.ts";
import { contactSheet } from "../image/sheet.ts";
import { type BestSeed, bestText } from "./candidates.ts";
import type { Drawing, Job } from "./drawing.ts";
import type { PlannedPrompt } from "./generate_plan.ts";
import { pictureText } from "./generate_text.ts";
import { onSheet, promptSheet } from "./prompt_sheet.ts";
import { writePng } from "./write_png.ts";
import { writeTrace } from "./draw_trace.ts";

/** Writes a picture, and keeps it for the sheet of all. */
export async function writePicture(
  drawing: Drawing,
  { planned, index }: Job,
  picture: Picture,
  best: BestSeed | undefined,
): Promise<void> {
  const { sheet } = drawing.request;
  if (sheet) drawing.together.push(onSheet(picture, sheet));
  const { prompt } = planned;
  const seed = planned.seeds[index];
  const file = await write(drawing, planned.paths[index], picture, {
    prompt,
    seed: String(seed),
    ...bestText(best),
  });
  drawing.pictures.push({ file, prompt, seed, ...(best && { best }) });
}

/** Writes the sheet of a prompt. */
export async function writeSheet(
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

/** Writes the sheet of all prompts, if one is wanted. */
export async function writeTogether(drawing: Drawing): Promise<void> {
  const { request: { sheet }, plan: { prompts }, together, sheets } = drawing;
  if (!sheet) return;
  const seeds = prompts.flatMap(({ seeds }) => seeds);
  const made = {
    prompt: prompts.map(({ prompt }) => prompt).join("\n"),
    seed: `${Math.min(...seeds)} to ${Math.max(...seeds)}`,
  };
  const picture = promptSheet(prompts, together);
  sheets.push(await write(drawing, sheet.path, picture, made, true));
}

/** Writes a picture with its text; returns the path. */
async function write(
  { request, plan, muse, listener }: Drawing,
  path: string,
  picture: Picture,
  made: { readonly prompt: string; readonly seed: string },
  replaces: boolean = plan.replaces,
): Promise<string> {
  const text = pictureText(request, muse, made);
  const file = await writePng(path, picture, text, replaces);
  listener.wrote(file);
  return file;
}

/** Writes the trace, if one is wanted; returns its path. */
export async function traceDrawing(drawing: Drawing): Promise<string | null> {
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
