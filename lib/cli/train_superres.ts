/** Data and pictures of the super-resolution transformer's training. */

import type { EncodedBatch } from "../../datasets/cached/batches.ts";
import { embeddedPath } from "../hub/embedded.ts";
import { checkSuperresFit } from "../muse/fit.ts";
import { loadTogether } from "../muse/load_together.ts";
import { loadTextEncoder } from "../text/encode.ts";
import type { SuperresRun } from "../train/config.ts";
import { NEIGHBOURS } from "../train/corrupt.ts";
import { drawSuperres } from "../train/draw_superres.ts";
import { superresStage } from "../train/superres_stage.ts";
import { readCodeTable } from "../vqgan/code_table.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import { nearestCodes } from "../vqgan/nearest_codes.ts";
import { encodedSource } from "./train_data.ts";
import { openOver } from "./train_open.ts";
import type { OpenStage, StageContext } from "./train_run.ts";

/** Opens the stage with its tokenizers, text encoder and data. */
export async function openSuperresStage(
  { request, data, hashes, signal }: StageContext,
  { network, training }: SuperresRun,
): Promise<OpenStage> {
  const lowPath = request.tokenizers.tokenizer!;
  const highPath = request.tokenizers["tokenizer-high"]!;
  const parts = [
    loadTokenizer(lowPath),
    loadTokenizer(highPath),
    loadTextEncoder(embeddedPath("text"), { length: network.textLength }),
  ] as const;
  return await loadTogether(parts, async ([low, high, encoder]) => {
    checkSuperresFit("train by this --config", network, {
      low: low.config,
      high: high.config,
      encoder,
    });
    const near = nearestCodes(await readCodeTable(lowPath), NEIGHBOURS);
    const encoded = await data.encoded(training.batch, {
      tokenizers: [low, high],
      hashes: [hashes.tokenizer!, hashes["tokenizer-high"]!],
      encoder,
      signal,
    });
    const named = ({ tokens: [low, high], ...text }: EncodedBatch) => ({
      low,
      tokens: high,
      ...text,
    });
    const source = encodedSource(data, encoded, named);
    return await openOver(
      encoded,
      () =>
        superresStage(
          network,
          training,
          source,
          near,
          async (averages, path) => {
            const shown = named(await encoded.shown());
            await drawSuperres(network, averages, shown, { low, high }, path);
          },
        ),
      [low, high, encoder],
    );
  });
}
