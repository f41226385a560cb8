/**
 * The networks at their full sizes against the names and shapes of what was
 * published, as the reference implementations make them. The files themselves
 * can't be here: of those, sizes and hashes are known.
 */

import assert from "node:assert/strict";
import { amusedNetworks } from "../lib/amused/random_amused.ts";
import {
  isOpenAiClip,
  openAiClipConfig,
  renameOpenAiClip,
} from "../lib/clip/openai.ts";
import { CLIP_SIZES } from "../lib/clip/sizes.ts";
import { clipTextTower } from "../lib/clip/text_tower.ts";
import { clipVisionTower } from "../lib/clip/vision_tower.ts";
import type { Node } from "../lib/graph/node.ts";
import { input, parameter } from "../lib/graph/ops.ts";
import { PUBLISHED } from "../lib/hub/published.ts";
import { checkWeights } from "../lib/run/check_weights.ts";
import type { Weight } from "../lib/run/weights.ts";
import { T5_SIZES, t5Encoder } from "../lib/text/t5.ts";
import { bothDirections } from "../lib/vqgan/model.ts";
import { TAMING_CONFIGS, tamingConfigOf } from "../lib/vqgan/taming_config.ts";
import { tamingNetworks } from "../lib/vqgan/taming_network.ts";
import { AMUSED_JSON } from "./amused_run.ts";
import { dinoNetwork } from "./networks/dino.ts";
import { dinoConfig, type DinoLayout } from "./networks/dino_config.ts";
import { inceptionNetwork } from "./networks/inception.ts";
import { inceptionConfig } from "./networks/load_inception.ts";

type Shapes = Readonly<Record<string, readonly number[]>>;

/** As testdata/make_published_tensors.py describes them. */
const SHAPES: Readonly<Record<string, Shapes>> = await readShapes();

async function readShapes() {
  const path = new URL("testdata/published_tensors.json.gz", import.meta.url);
  const file = await Deno.open(path);
  const gunzip = new DecompressionStream("gzip");
  return await new Response(file.readable.pipeThrough(gunzip)).json();
}

/** Weights of these names and shapes, whose values nobody reads. */
function published(name: string): Map<string, Weight> {
  const data = new Float32Array();
  return new Map(
    Object.entries(SHAPES[name]).map(([tensor, shape]) => (
      [tensor, { kind: "memory", shape, data }] as const
    )),
  );
}

const countOf = (shapes: Shapes) =>
  Object.values(shapes)
    .reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);

/** Parts of both pipelines, with what diffusers counts in them. */
const AMUSED: readonly [string, string, number][] = [
  ["amused-256", "transformer", 603_537_664],
  ["amused-512", "transformer", 608_257_792],
  ["amused-256", "vqvae", 146_244_675],
  ["amused-256", "text_encoder", 123_650_304],
];

for (const [model, part, count] of AMUSED) {
  Deno.test(`${model}'s ${part} has the tensors that diffusers' has`, () => {
    const own = part === "transformer" ? model : "amused";
    const name = `${own}/${part}`;
    assert.equal(countOf(SHAPES[name]), count);
    const networks = amusedNetworks(AMUSED_JSON[model]);
    const [, outputs] = networks.find(([path]) => path.startsWith(part))!;
    checkWeights(name, published(name), outputs);
  });
}

Deno.test("T5's encoders have the tensors of the published models", () => {
  // The decoder is in the files too, and the table of ids by a second name.
  const unused = /^(decoder\.|lm_head\.|encoder\.embed_tokens\.)/;
  for (const [size, config] of Object.entries(T5_SIZES)) {
    const ids = input("ids", ["1B", 8], "int32");
    const states = t5Encoder(config, ids, input("mask", ["1B", 8]));
    const name = `t5-v1_1-${size}`;
    checkWeights(name, published(name), [states], (key) => unused.test(key));
    const shapes = Object.entries(SHAPES[name]);
    const file = PUBLISHED.find((entry) => entry.name === name)!.files
      .find(({ path }) => path === "pytorch_model.bin")!;
    const once = shapes.filter(([key]) => !key.includes("embed_tokens"));
    assert.equal(file.about, 4 * countOf(Object.fromEntries(once)), name);
  }
});

/** Both towers, and the scale that is in their files. */
function towersOf(
  { text, vision }: typeof CLIP_SIZES[string],
  layout: "huggingface" | "openai",
): Node[] {
  const ids = input("ids", ["1B", text.positions], "int32");
  const pixels = input("pixels", ["1B", 3, vision.size, vision.size]);
  return [
    clipTextTower(text, ids, layout).embedding,
    clipVisionTower(vision, pixels, layout).embedding,
    parameter("logit_scale", []),
  ];
}

for (const [size, config] of Object.entries(CLIP_SIZES)) {
  Deno.test(`CLIP ${size} has the tensors of both published layouts`, () => {
    const own = `clip-${size}/huggingface`;
    checkWeights(own, published(own), towersOf(config, "huggingface"));
    const other = `clip-${size}/openai`;
    const weights = published(other);
    // OpenAI's archives have this too.
    const data = Float32Array.of(77);
    weights.set("context_length", { kind: "memory", shape: [], data });
    assert.ok(isOpenAiClip(weights));
    assert.deepEqual(openAiClipConfig(weights), config);
    const renamed = renameOpenAiClip(weights);
    checkWeights(other, renamed, towersOf(config, "openai"));
  });
}

for (const name of Object.keys(SHAPES).filter((n) => n.startsWith("taming"))) {
  Deno.test(`${name} has the tensors of the published model`, () => {
    const weights = published(name);
    const config = tamingConfigOf(weights, name);
    assert.deepEqual(
      config,
      TAMING_CONFIGS[name as keyof typeof TAMING_CONFIGS],
    );
    const outputs = bothDirections(config, tamingNetworks(config));
    checkWeights(name, weights, outputs);
  });
}

Deno.test("FID's Inception has the tensors of the published file", () => {
  const name = "fid-inception";
  const weights = published(name);
  assert.equal(weights.size, 472);
  assert.equal(countOf(SHAPES[name]), 23_885_392);
  const config = inceptionConfig(name, weights);
  const pixels = input("pixels", ["1B", 3, 299, 299]);
  const outputs = Object.values(inceptionNetwork(config, pixels));
  checkWeights(name, weights, outputs);
});

/** Of `dinov2_vitl14_pretrain.pth`. */
const DINO_BYTES = 1_217_586_395;

for (const layout of ["huggingface", "original"] as const) {
  Deno.test(`DINOv2 ViT-L/14 has the tensors of the ${layout} layout`, () => {
    const name = `dinov2-vitl14/${layout}`;
    const weights = published(name);
    const config = dinoConfig(name, weights);
    assert.deepEqual([config.heads, config.grid, config.layers], [16, 37, 24]);
    const pixels = input("pixels", ["1B", 3, 224, 224]);
    const positions: Record<DinoLayout, "transformers" | "original"> = {
      huggingface: "transformers",
      original: "original",
    };
    const network = dinoNetwork(config, pixels, layout, positions[layout]);
    const unused = (key: string) => /mask_token$/.test(key);
    checkWeights(name, weights, [network.features], unused);
    const rest = DINO_BYTES - 4 * countOf(SHAPES[name]);
    assert.ok(rest > 0 && rest < 200_000, `${rest}`);
  });
}
