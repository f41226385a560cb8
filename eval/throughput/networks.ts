/** Networks that read texts or pictures. */

import { join } from "node:path";
import { type ClipConfig, parseClipConfig } from "../../lib/clip/config.ts";
import { clipTextTower } from "../../lib/clip/text_tower.ts";
import { clipVisionTower } from "../../lib/clip/vision_tower.ts";
import type { Node } from "../../lib/graph/node.ts";
import type { Values } from "../../lib/graph/op.ts";
import { input, parameter } from "../../lib/graph/ops.ts";
import { findCheckpoint } from "../../lib/hub/find.ts";
import { lazySessions } from "../../lib/run/lazy_sessions.ts";
import { loadWeights } from "../../lib/run/load_weights.ts";
import { preciseWeights } from "../../lib/run/precise_weights.ts";
import { createRng } from "../../lib/run/random.ts";
import { writeRandomWeights } from "../../lib/run/random_weights.ts";
import type { Weights } from "../../lib/run/weights.ts";
import { writeRandomT5 } from "../../lib/text/random_t5.ts";
import { readJson } from "../../lib/text/read_json.ts";
import { parseT5Config, type T5Config, t5Encoder } from "../../lib/text/t5.ts";
import { loadTextModel } from "../../lib/text/text_model.ts";
import {
  INCEPTION_SIZE,
  type InceptionConfig,
  inceptionNetwork,
} from "../networks/inception.ts";
import { inceptionConfig } from "../networks/load_inception.ts";
import { writeClipConfig } from "./clip_json.ts";
import type {
  OpenOptions,
  OpenSystem,
  Part,
  Place,
  Precision,
  System,
} from "./part.ts";

/** A network of a graph, and what it is fed for a batch. */
interface Network {
  readonly output: Node;
  readonly feeds: (batch: number) => Readonly<Record<string, Values>>;
}

const normals = (length: number) => {
  const rng = createRng("throughput");
  return Float32Array.from({ length }, () => rng.normal());
};

const textIds = (length: number, vocabulary: number) => {
  const rng = createRng("throughput");
  return Int32Array.from({ length }, () => rng.integer(vocabulary));
};

/** Each network as a part; what turns files into numbers is not measured. */
async function networkParts<Name extends "features" | "text features">(
  networks: Readonly<Record<Name, Network>>,
  weights: Weights,
  options: OpenOptions,
): Promise<OpenSystem> {
  const entries = Object.entries<Network>(networks);
  const outputs = entries.map(([, { output }]) => output);
  const own = await preciseWeights(outputs, weights, options);
  const { threads, device } = options;
  const sessions = lazySessions("network", own, { threads, device });
  const parts = entries.map(([name, { output, feeds }]): [string, Part] => [
    name,
    {
      outputs: [output],
      prepare({ batch }) {
        const fed = feeds(batch);
        return Promise.resolve(() =>
          sessions.run(name, () => ({ output }), fed)
        );
      },
    },
  ]);
  return {
    parts: Object.fromEntries(parts),
    release: () => sessions.release(),
  };
}

/** A checkpoint's folder, or that of its only file, if all of it is here. */
function findWhole(name: string | undefined): () => Promise<Place | undefined> {
  return async () => {
    if (name === undefined) return undefined;
    const { folder, files, missing } = await findCheckpoint(name);
    if (missing.length > 0) return undefined;
    const [first, ...rest] = files.values();
    return { path: rest.length === 0 ? first : folder, isRandom: false };
  };
}

/** Text ids of a prompt, as many as the paper's texts have here. */
const T5_LENGTH = 64;

/**
 * The encoder of a T5.
 * @param name of the catalogue; by default there are only random weights
 */
export function t5System(
  size: string,
  config: T5Config,
  { name, precisions = ["fp32", "int8", "int4"] }: {
    readonly name?: string;
    readonly precisions?: readonly Precision[];
  } = {},
): System {
  const { vocabulary, width, layers, heads, headWidth, hidden } = config;
  const parameters = vocabulary * width +
    layers * width * (4 * heads * headWidth + 3 * hidden);
  return {
    title: `T5 v1.1 ${size}, ${T5_LENGTH} ids`,
    parts: { text: 1 },
    precisions,
    bytes: 4 * parameters, // bfloat16, and copies in fewer bits
    find: findWhole(name),
    async write(path) {
      await writeRandomT5(path, config, { shards: 4 });
      return { path, isRandom: true };
    },
    async open(path, options) {
      const config = parseT5Config(await readJson(join(path, "config.json")));
      const model = await loadTextModel(path, {
        length: T5_LENGTH,
        ...options,
      });
      const shape = ["1B", T5_LENGTH] as const;
      const ids = input("ids", shape, "int32");
      return {
        parts: {
          text: {
            outputs: [t5Encoder(config, ids, input("mask", shape))],
            prepare({ batch }) {
              const ids = textIds(batch * T5_LENGTH, config.vocabulary);
              const mask = new Float32Array(ids.length).fill(1);
              return Promise.resolve(() => model.encode(ids, mask));
            },
          },
        },
        release: () => model.release(),
      };
    },
    reference: { family: "t5", settings: { length: T5_LENGTH } },
  };
}

function clipNodes({ text, vision }: ClipConfig) {
  const ids = input("ids", ["1B", text.positions], "int32");
  const pixels = input("pixels", ["1B", 3, vision.size, vision.size]);
  return {
    texts: clipTextTower(text, ids).embedding,
    pictures: clipVisionTower(vision, pixels).embedding,
  };
}

/** Both towers of a CLIP in the Hugging Face layout. */
export function clipSystem(
  size: string,
  config: ClipConfig,
  name?: string,
): System {
  return {
    title: `CLIP ${size}, pictures of ${config.vision.size} px`,
    parts: { "features": 8, "text features": 8 },
    precisions: ["fp32", "int8"],
    bytes: 2e9,
    find: findWhole(name),
    async write(path) {
      const { texts, pictures } = clipNodes(config);
      const all = [texts, pictures, parameter("logit_scale", [])];
      await writeRandomWeights(join(path, "model.safetensors"), all, "clip");
      await writeClipConfig(join(path, "config.json"), config);
      return { path, isRandom: true };
    },
    async open(path, options) {
      const config = parseClipConfig(await readJson(join(path, "config.json")));
      const { text, vision: { size } } = config;
      const { texts, pictures } = clipNodes(config);
      return await networkParts(
        {
          "features": {
            output: pictures,
            feeds: (batch) => ({ pixels: normals(batch * 3 * size * size) }),
          },
          "text features": {
            output: texts,
            feeds: (batch) => ({
              ids: textIds(batch * text.positions, text.vocabulary),
            }),
          },
        },
        await loadWeights(path),
        options,
      );
    },
    reference: { family: "clip" },
  };
}

/** FID's Inception, of which the features of FID are asked for. */
export function inceptionSystem(
  config: InceptionConfig,
  name?: string,
): System {
  const shape = ["1B", 3, INCEPTION_SIZE, INCEPTION_SIZE] as const;
  const nodes = (config: InceptionConfig) =>
    inceptionNetwork(config, input("pixels", shape));
  return {
    title: `FID's Inception, pictures of ${INCEPTION_SIZE} px`,
    parts: { features: 16 },
    // Its kernels are multiplied by its norms' scales, and not rounded then.
    precisions: ["fp32"],
    bytes: 1e8,
    find: findWhole(name),
    async write(folder) {
      const path = join(folder, "inception.safetensors");
      await writeRandomWeights(path, [nodes(config).logits], "inception");
      return { path, isRandom: true };
    },
    async open(path, options) {
      const weights = await loadWeights(path);
      const output = nodes(inceptionConfig(path, weights))["2048"];
      const pixels = (batch: number) =>
        normals(batch * 3 * INCEPTION_SIZE ** 2);
      const features = {
        output,
        feeds: (batch: number) => ({ pixels: pixels(batch) }),
      };
      return await networkParts({ features }, weights, options);
    },
    reference: { family: "inception" },
  };
}
