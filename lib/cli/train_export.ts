/** The weights of a run as a file for use. */

import type { ProbeConfig } from "../../eval/probe/config.ts";
import { tokensHash } from "../hub/check_tokenizer.ts";
import { toFloat16 } from "../run/half.ts";
import { int8Entries } from "../run/quantize.ts";
import {
  readSafetensorsHeader,
  readTensor,
  type SafetensorsEntry,
  writeSafetensors,
} from "../run/safetensors.ts";
import { checkpointPath, findCheckpoint } from "../train/checkpoint.ts";
import { parseConfig } from "../train/config_form.ts";
import { networkShapes } from "../train/shapes.ts";
import { ofDecoder } from "../vqgan/network.ts";
import { type Config, CONFIGS, type StageName } from "./train_configs.ts";
import { TOKENIZERS, type Tokenizers } from "./train_stages.ts";

/** How many values of a row may share a scale where weights are int8. */
const [LEAST_GROUP, MOST_GROUP] = [24, 256];

/** How weights are stored: what has rows as int8, or all as float16. */
export type Storage = "float16" | "int8";

/** A run, and where its weights go. */
export interface ExportRequest {
  readonly stage: StageName;
  /** Folder of the run. */
  readonly folder: string;
  readonly path: string;
  readonly storage: Storage;
  /** The tokenizers that the stage reads. */
  readonly tokenizers: Tokenizers;
}

/**
 * Writes a run's averaged weights, with its configuration and the SHA-256 of
 * the tokenizers it learned from, if it did. A finetuned decoder is written as
 * a whole tokenizer; a judge is measured then, and its file keeps the figures.
 *
 * @throws Error if the run has no checkpoint, or one of another stage, or a
 * decoder's tokenizer is not the one it was finetuned for
 */
export async function exportWeights(request: ExportRequest): Promise<void> {
  const { stage, folder, path, storage } = request;
  const kept = await findCheckpoint(folder);
  if (!kept) {
    throw new Error(
      `Cannot export the run in ${folder}: it has no checkpoint; train first`,
    );
  }
  const { state, metadata } = kept;
  if (metadata.stage !== stage) {
    throw new Error(
      `Cannot export a ${stage} from ${folder}: it holds a run of the stage ` +
        `${metadata.stage}; choose another --name`,
    );
  }
  const config = parseConfig(
    CONFIGS[stage],
    stage,
    JSON.parse(metadata.config),
    checkpointPath(folder),
  );
  const frozen = stage === "decoder"
    ? await readFrozen(request, metadata)
    : undefined;
  const shapes = await shapesOf(stage, config);
  const trained = [...shapes]
    .filter(([name]) => !frozen || ofDecoder(name))
    .flatMap(([name, shape]) =>
      store(
        name,
        shape,
        state.averages.get(name)!,
        // Tokens stay what they were in training if all that decides them does.
        decidesTokens(stage, name) ? "float16" : storage,
      )
    );
  await writeSafetensors(path, [...frozen?.entries ?? [], ...trained], {
    stage: frozen ? "tokenizer" : stage,
    network: JSON.stringify(config.network),
    config: JSON.stringify(config),
    ...(frozen ? { tokensOf: frozen.tokensOf } : learnedFrom(metadata)),
    ...(metadata.data === undefined ? {} : { data: metadata.data }),
    steps: String(state.step),
  });
  console.log(`Wrote ${path}: step ${state.step} of ${folder}`);
  if (stage !== "judge") return;
  const { measureJudge } = await import("./train_judge.ts");
  await measureJudge(path);
}

/** Parameters of the network that a stage's configuration describes. */
async function shapesOf(
  stage: StageName,
  { network }: Config,
): Promise<Map<string, readonly number[]>> {
  if (stage !== "judge") {
    return networkShapes(stage, network as Parameters<typeof networkShapes>[1]);
  }
  const { judgeShapes } = await import("./train_judge.ts");
  return judgeShapes(network as ProbeConfig);
}

/** What a finetuned decoder leaves as it was. */
interface Frozen {
  /** The encoder and the codebook, byte by byte. */
  readonly entries: readonly SafetensorsEntry[];
  /** SHA-256 of the file whose tokens these are. */
  readonly tokensOf: string;
}

async function readFrozen(
  { folder, tokenizers }: ExportRequest,
  metadata: Readonly<Record<string, string>>,
): Promise<Frozen> {
  const option = "tokenizer-high";
  const path = tokenizers[option]!;
  const tokensOf = await tokensHash(path);
  if (tokensOf !== metadata[option]) {
    throw new Error(
      `Cannot export the decoder in ${folder}: it was finetuned for another ` +
        `tokenizer than ${path} (SHA-256 ${metadata[option].slice(0, 12)}…, ` +
        `not ${tokensOf.slice(0, 12)}…); give the --${option} it began with`,
    );
  }
  const header = await readSafetensorsHeader(path);
  const entries: SafetensorsEntry[] = [];
  for (const [name, { shape, dtype }] of header.tensors) {
    if (ofDecoder(name)) continue;
    const data = await readTensor(header, name);
    entries.push({ name, shape, dtype, data } as SafetensorsEntry);
  }
  return { entries, tokensOf };
}

/** The SHA-256 of the tokenizers that a run learned from, by option. */
function learnedFrom(
  metadata: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.keys(TOKENIZERS)
      .filter((option) => metadata[option] !== undefined)
      .map((option) => [option, metadata[option]]),
  );
}

function decidesTokens(stage: StageName, name: string): boolean {
  return stage === "tokenizer" && !ofDecoder(name);
}

function store(
  name: string,
  shape: readonly number[],
  data: Float32Array,
  storage: Storage,
): SafetensorsEntry[] {
  const group = shape.length > 1
    ? groupSize(data.length / shape[0])
    : undefined;
  return storage === "int8" && group
    ? int8Entries(name, shape, data, group)
    : [{ name, dtype: "F16", shape, data: toFloat16(data, name) }];
}

/** The largest group that divides a row; undefined if none does. */
function groupSize(row: number): number | undefined {
  for (let group = MOST_GROUP; group >= LEAST_GROUP; group--) {
    if (row % group === 0) return group;
  }
}
