/** The pictures that an evaluation judges: of a model, or of a folder. */

import type { RunPlan } from "../../eval/run/execute.ts";
import { openImageFolder } from "../../eval/run/image_folder.ts";
import type { RunRecord, Sample } from "../../eval/run/record.ts";
import { loadTogether } from "../muse/load_together.ts";
import { generate, type Model, openMuse } from "../muse/pipeline.ts";
import { pixelsOf } from "../vqgan/config.ts";
import { batchSize } from "./batch_size.ts";
import { effectiveSettings } from "./effective_settings.ts";
import type { RunRequest } from "./eval_run_args.ts";
import { adapterText, precisionText } from "./generate_text.ts";
import {
  type LoadedModel,
  loadModel,
  prepareModel,
  readAhead,
} from "./load_model.ts";
import {
  type AskedSettings,
  knownSettings,
  type Settings,
} from "./setting_forms.ts";

/** Pictures to judge, and where they are from. */
export type OpenedPictures =
  & Pick<RunPlan, "samples" | "drawing">
  & { readonly source: RunRecord["source"] };

/** Opens the model, or the folder. */
export async function openPictures(
  request: RunRequest,
  samples: readonly Sample[],
  status: (text: string) => void,
): Promise<OpenedPictures> {
  const { pictures } = request;
  if (pictures.kind === "images") {
    const { folder, namedBy } = pictures;
    return await openImageFolder(folder, samples, {
      namedBy,
      onProgress: (done, total) =>
        status(`read ${done} of ${total} pictures of ${folder}`),
    });
  }
  await prepareModel(request);
  const superres = pictures.settings.superresSteps !== 0;
  return await loadTogether(
    [loadModel(request, { superres })],
    ([model]) =>
      picturesBy(model, pictures.settings, { request, samples, status }),
  );
}

/** Pictures that a model is to draw. */
async function picturesBy(
  model: LoadedModel,
  asked: AskedSettings,
  { request, samples, status }: {
    readonly request: RunRequest;
    readonly samples: readonly Sample[];
    readonly status: (text: string) => void;
  },
): Promise<OpenedPictures> {
  const settings = effectiveSettings(asked, model);
  const [height, width] = sizeOf(model, settings);
  tellCuts(model, samples);
  let released: Promise<void> | undefined;
  return {
    samples,
    source: {
      kind: "model",
      name: model.name,
      hash: model.hash,
      settings: {
        ...knownSettings(settings),
        ...adapterText(request.published),
      },
      width,
      height,
      precision: precisionText(request.run).precision ?? "float32",
    },
    drawing: {
      batch: await batchSize({
        ...{ batch: request.batch, run: request.run, settings, status },
        count: samples.length,
      }, model),
      release: () => released ??= model.release(),
      draw: drawer(request, model, settings),
    },
  };
}

function drawer(
  request: RunRequest,
  model: Model,
  settings: Settings,
): NonNullable<RunPlan["drawing"]>["draw"] {
  let opened: Promise<void> | undefined;
  return async (samples) => {
    opened ??= openMuse(model, settings);
    await opened;
    const prompts = samples.map(({ caption }) => caption);
    await readAhead(request, model, prompts);
    const seed = samples.map(({ seed }) => seed);
    const { pictures } = await generate(model, prompts, { ...settings, seed });
    return pictures;
  };
}

/** Says how many captions a model doesn't read to their end. */
function tellCuts({ encoder }: Model, samples: readonly Sample[]): void {
  const { tokenizer, length } = encoder;
  const cut = samples.filter(({ caption }) =>
    tokenizer.encode(caption).length > length
  );
  if (cut.length === 0) return;
  console.error(
    `The model reads the first ${length} text ids of a caption; ` +
      `${cut.length} of ${samples.length} have more.`,
  );
}

/** Height and width of a model's pictures. */
function sizeOf(
  { base, tokenizer, superres }: Model,
  { superresSteps = 0 }: Settings,
): readonly [number, number] {
  if (superres && superresSteps > 0) {
    const { imageSize } = superres.tokenizer.config;
    return [imageSize, imageSize];
  }
  return pixelsOf(tokenizer.config, base.config.grid);
}
