import assert from "node:assert/strict";
import type { z } from "zod";
import { leaves } from "../graph/node.ts";
import { embeddedPath } from "../hub/embedded.ts";
import { readConfig } from "./config_form.ts";
import { MUSE_CONFIGS } from "./config.ts";
import { networkShapes } from "./shapes.ts";
import { tokenizerGraph } from "./tokenizer.ts";

/** The configuration of a stage of mini. */
function mini<Form extends z.ZodType>(form: Form, stage: string) {
  return readConfig(form, stage, embeddedPath(`mini/${stage}.json`));
}

Deno.test("networkShapes() lists a network's parameters, but no discriminator", async () => {
  const { network, training } = await mini(MUSE_CONFIGS.tokenizer, "tokenizer");
  const shapes = networkShapes("tokenizer", network);
  assert.deepEqual(shapes.get("quantize.embedding.weight"), [
    network.codes,
    network.codeWidth,
  ]);
  const { losses } = tokenizerGraph(network, training.losses, 1, {
    start: 0,
    weight: 1,
    network: { stem: 4, channels: [8] },
  });
  const trained = leaves(losses.map(({ value }) => value), "parameter")
    .map(({ op: { name } }) => name)
    .filter((name) => !name.startsWith("discriminator."));
  assert.deepEqual([...shapes.keys()].sort(), trained.sort());
  const superres = (await mini(MUSE_CONFIGS.superres, "superres")).network;
  const high = networkShapes("superres", superres);
  assert.deepEqual(high.get("low_embedding.weight"), [
    superres.lowCodes,
    superres.width,
  ]);
  const base = (await mini(MUSE_CONFIGS.base, "base")).network;
  const low = networkShapes("base", base);
  assert.deepEqual(low.get("token_embedding.weight"), [
    base.codes + 1,
    base.width,
  ]);
});
