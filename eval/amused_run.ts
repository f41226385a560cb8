/** What aMUSEd takes here, by random weights in the published layout. */

import { join } from "node:path";
import { AMUSED_TOKEN, amusedLogits, loadAmused } from "../lib/amused/load.ts";
import {
  type AmusedJson,
  writeRandomAmused,
} from "../lib/amused/random_amused.ts";
import { generate, openMuse } from "../lib/muse/pipeline.ts";
import { encodeText } from "../lib/text/encode.ts";
import { peakMemory } from "../lib/run/peak_memory.ts";
import type { RunOptions } from "../lib/run/precise_weights.ts";
import type { Precision } from "../lib/run/precision.ts";
import type { ThreadOptions } from "../lib/run/session.ts";
import {
  drawTokens,
  equalTokens,
  logitsError,
  type PrecisionLoss,
} from "./precision_loss.ts";
import { withScratch } from "./throughput/scratch.ts";

const UVIT = {
  block_num_heads: 12,
  block_out_channels: 768,
  codebook_size: 8192,
  cond_embed_dim: 768,
  encoder_hidden_size: 768,
  hidden_size: 1024,
  in_channels: 768,
  intermediate_size: 2816,
  layer_norm_eps: 1e-6,
  ln_elementwise_affine: true,
  micro_cond_embed_dim: 1280,
  micro_cond_encode_dim: 256,
  num_attention_heads: 16,
  num_hidden_layers: 22,
  num_res_blocks: 3,
  use_bias: false,
  vocab_size: 8256,
};

const VQ = {
  act_fn: "silu",
  block_out_channels: [128, 256, 256, 512, 768],
  down_block_types: Array(5).fill("DownEncoderBlock2D"),
  in_channels: 3,
  latent_channels: 64,
  layers_per_block: 2,
  lookup_from_codebook: true,
  mid_block_add_attention: false,
  norm_num_groups: 32,
  norm_type: "group",
  num_vq_embeddings: 8192,
  out_channels: 3,
  up_block_types: Array(5).fill("UpDecoderBlock2D"),
  vq_embed_dim: null,
};

const TEXT = {
  model_type: "clip_text_model",
  eos_token_id: 2,
  hidden_act: "quick_gelu",
  hidden_size: 768,
  intermediate_size: 3072,
  layer_norm_eps: 1e-5,
  max_position_embeddings: 77,
  num_attention_heads: 12,
  num_hidden_layers: 12,
  projection_dim: 768,
  vocab_size: 49408,
};

/** The published configurations, by the catalogue's names. */
export const AMUSED_JSON: Readonly<Record<string, AmusedJson>> = {
  "amused-256": {
    transformer: {
      ...UVIT,
      downsample: false,
      upsample: false,
      sample_size: 16,
    },
    vqvae: VQ,
    text: TEXT,
  },
  "amused-512": {
    transformer: { ...UVIT, downsample: true, upsample: true, sample_size: 32 },
    vqvae: VQ,
    text: TEXT,
  },
};

/** How a pipeline is run. */
export interface AmusedRunOptions extends ThreadOptions {
  readonly steps: number;
  readonly lowMemory: boolean;
  /** Of the weights and products; float32 by default. */
  readonly precision?: Precision;
  /** Of its tokenizer. */
  readonly merges: readonly string[];
  /** Folder for the weights, which are removed again; a temporary one. */
  readonly folder?: string;
  readonly onPart?: (part: string) => void;
}

/** What a run took. */
export interface AmusedFigures {
  readonly parameters: number;
  /** From the folder to sessions that are ready, the second time, in seconds. */
  readonly load: number;
  /** From the folder to the end of the first step. */
  readonly firstStep: number;
  /** Reading the prompt and the empty text. */
  readonly text: number;
  /** Each step, guided; the first one too. */
  readonly steps: readonly number[];
  /** Drawing the tokens. */
  readonly picture: number;
  /**
   * The most memory that was resident until the picture was drawn, in MB: what
   * the process allocated and the pages of files that it had mapped. With
   * few bits it has made its copy of the weights by then.
   */
  readonly peakMb: number;
  /** What the precision changes, if it is not float32. */
  readonly loss?: PrecisionLoss;
}

/** Bytes of all float32 parameters, and a little more. */
const DISK = 3.7e9;

/** The copy in another precision takes at most as much of that again. */
const COPY = 0.55;

const PROMPT = "a bear riding a bicycle";

/**
 * Writes a pipeline with random weights, loads it and draws a picture.
 * @throws Error if the disk has no room for the weights
 */
export async function runAmused(
  json: AmusedJson,
  options: AmusedRunOptions,
): Promise<AmusedFigures> {
  const { steps, lowMemory, merges, folder: parent } = options;
  const { precision = "fp32", onPart = () => {} } = options;
  const { threads, device } = options;
  const bytes = DISK * (precision === "fp32" ? 1 : 1 + COPY);
  return await withScratch(parent, bytes, async (folder) => {
    onPart("writing random weights");
    const parameters = await writeRandomAmused(folder, json, merges);
    const cache = join(folder, "cache");
    const run = { precision, cache, threads, device };
    const open = async () => {
      const model = await loadAmused(folder, { lowMemory, ...run });
      await openMuse(model, { steps });
      return model;
    };
    // The first time copies are made, and a virtual machine finds memory.
    onPart(precision === "fp32" ? "loading" : `making a copy in ${precision}`);
    await (await open()).release();
    onPart("loading again");
    const began = performance.now();
    const since = () => (performance.now() - began) / 1000;
    const model = await open();
    const load = since();
    const times: number[] = [];
    let firstStep = 0;
    onPart("drawing");
    const { seconds, tokens } = await generate(
      model,
      [PROMPT],
      { steps, seed: 0 },
      (state) => {
        if (times.length === 0) firstStep = since();
        times.push(state.seconds);
      },
    ).finally(() => model.release());
    const { text, picture } = seconds;
    const peakMb = peakMemory();
    const figures = {
      parameters,
      load,
      firstStep,
      text,
      steps: times,
      picture,
    };
    if (precision === "fp32") return { ...figures, peakMb };
    onPart("drawing in float32");
    const loss = await precisionLoss(folder, tokens, { ...options, run });
    return { ...figures, peakMb, loss };
  });
}

/** Draws the same in float32, and compares logits of half of its tokens. */
async function precisionLoss(
  folder: string,
  found: Int32Array,
  { steps, lowMemory, run }: AmusedRunOptions & { readonly run: RunOptions },
): Promise<PrecisionLoss> {
  const { threads, device } = run;
  const model = await loadAmused(folder, { lowMemory, threads, device });
  const draw = async () => {
    const tokens = await drawTokens(model, PROMPT, steps);
    return { tokens, text: await encodeText(model.encoder, [PROMPT]) };
  };
  const { tokens, text } = await draw().finally(() => model.release());
  const { codes, grid } = model.base.config;
  const [height, width] = grid.map((side) => side * AMUSED_TOKEN);
  const logits = await logitsError({
    ...await amusedLogits(folder, grid, text.length),
    feeds: {
      tokens: tokens.map((id, i) => i % 2 ? codes : id),
      states: text.states,
      pooled: text.pooled!,
      micro: Float32Array.of(width, height, 0, 0, 6),
    },
  }, run);
  return { logits, tokens: equalTokens(found, tokens) };
}
