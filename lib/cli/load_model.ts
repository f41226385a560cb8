/** The model of a request: one of ours, or a published one. */

import { basename, join } from "node:path";
import type { AmusedModel } from "../amused/load.ts";
import { type BaaiFiles, baaiFiles } from "../baai/files.ts";
import type { Model } from "../muse/pipeline.ts";
import { encodeText } from "../text/encode.ts";
import type { Extent } from "../vqgan/config.ts";
import { checkModel } from "./check_model.ts";
import type { DrawRequest } from "./draw_args.ts";
import { UsageError } from "./errors.ts";
import { LIKE, MAGE_VQGAN, modelKind, MUSE_CC3M } from "./model_kind.ts";

/** A model, with the size of its own pictures where settings go by that. */
export type LoadedModel = Model & Partial<Pick<AmusedModel, "ownSide">>;

type Asked = Pick<DrawRequest, "model" | "weights" | "run" | "published">;

/**
 * Whether there is a model, before anything is loaded; a published one that is
 * not here is downloaded, if that is wanted.
 *
 * @param needing the option that needs super-resolution, if there is one
 * @throws UsageError if there is none
 */
export async function prepareModel(
  request: Asked,
  needing?: string,
): Promise<void> {
  const kind = modelKind(request.model, request.weights);
  if (kind.kind === "own") return await checkModel(request, needing);
  if (needing !== undefined) {
    throw new UsageError(
      `the model "${request.model}" has no super-resolution; leave out ` +
        `--${needing}.`,
    );
  }
  if (kind.kind === "folder") return;
  if (kind.family === "baai") await ensureBaai(request);
  else await ensure(request);
}

/** Loads the model, which {@linkcode prepareModel} made sure of. */
export async function loadModel(
  request: Asked,
  { superres, size = request.published.size }: {
    readonly superres: boolean;
    /** Of the pictures; that of the request by default. */
    readonly size?: Extent;
  },
): Promise<LoadedModel> {
  const { model, weights, run, published } = request;
  const kind = modelKind(model, weights);
  if (kind.kind === "own") {
    const { loadMuse } = await import("../muse/pipeline.ts");
    return await loadMuse(model, { ...run, weights, superres });
  }
  if (kind.family === "baai") {
    const { loadBaai } = await import("../baai/load.ts");
    const files = kind.kind === "folder"
      ? baaiFiles(kind.folder)
      : await ensureBaai(request);
    const { lowMemory } = published;
    const options = { ...run, name: basename(model), lowMemory };
    return await loadBaai(files, options);
  }
  const { loadAmused } = await import("../amused/load.ts");
  const { adapters, lowMemory } = published;
  const options = { ...run, size, adapters, lowMemory };
  if (kind.kind === "folder") return await loadAmused(kind.folder, options);
  const { folder, files } = await ensure(request);
  const parts = [...files.keys()].filter((path) =>
    path.endsWith(".safetensors")
  );
  const isHalf = parts.every((path) => path.includes(".fp16."));
  return await loadAmused(folder, {
    ...options,
    name: model,
    ...(isHalf ? { variant: "fp16" } : {}), // others may have some parts so
  });
}

/**
 * Reads all texts of a command at once where the text encoder makes room for
 * the transformer: an encoder remembers what it read.
 */
export async function readAhead(
  { published: { lowMemory } }: Asked,
  { encoder, base: { emptyText } }: Model,
  texts: readonly string[],
): Promise<void> {
  if (!lowMemory) return;
  const all = emptyText === undefined ? texts : [...texts, emptyText];
  await encodeText(encoder, [...new Set(all)]);
}

async function ensure({ model, published: { yes } }: Asked) {
  const { ensureCheckpoint } = await import("./ensure_checkpoint.ts");
  return await ensureCheckpoint(model, { yes, like: LIKE });
}

/** Its parts were published apart from each other. */
async function ensureBaai(
  { published: { yes } }: Pick<Asked, "published">,
): Promise<BaaiFiles> {
  const { ensureCheckpoint } = await import("./ensure_checkpoint.ts");
  const only = async (name: string) => {
    const { files } = await ensureCheckpoint(name, { yes });
    return [...files.values()][0];
  };
  const transformer = await only(MUSE_CC3M);
  const tokenizer = await only(MAGE_VQGAN);
  const { folder } = await ensureCheckpoint("clip-bigg-text", { yes });
  return {
    transformer,
    tokenizer,
    text: join(folder, "text_encoder_2"),
    textTokenizer: join(folder, "tokenizer_2"),
  };
}
