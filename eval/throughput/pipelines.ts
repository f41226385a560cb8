/** Systems that draw. */

import { join } from "node:path";
import { conditionInputs, conditionNodes } from "../../lib/amused/condition.ts";
import { parseUVitConfig } from "../../lib/amused/config.ts";
import { findAmused } from "../../lib/amused/folder.ts";
import { loadAmused } from "../../lib/amused/load.ts";
import { stepOutputs as uVitStep } from "../../lib/amused/model.ts";
import {
  type AmusedJson,
  writeRandomAmused,
} from "../../lib/amused/random_amused.ts";
import { parseClipTextConfig } from "../../lib/clip/config.ts";
import { clipTextTower } from "../../lib/clip/text_tower.ts";
import { input } from "../../lib/graph/ops.ts";
import { embeddedPath, readManifest } from "../../lib/hub/embedded.ts";
import { findCheckpoint } from "../../lib/hub/find.ts";
import { type BaseModel, stepOutputs } from "../../lib/muse/model.ts";
import { loadMuse } from "../../lib/muse/pipeline.ts";
import { bertEncoder, parseBertConfig } from "../../lib/text/bert.ts";
import { readOwnMerges } from "../../lib/text/clip_tokenizer.ts";
import { readJson } from "../../lib/text/read_json.ts";
import { AMUSED_JSON } from "../amused_run.ts";
import { GUIDED, pipelineParts } from "./pipeline_parts.ts";
import type { System, Systems } from "./part.ts";

/** All are measured for one prompt, as somebody draws. */
const PARTS = { text: 1, "base step": 1, "VQGAN decode": 1, picture: 1 };

/** The graph of a step of the base. */
export function baseGraph({ config }: BaseModel) {
  return Object.values(stepOutputs(config, GUIDED));
}

/** The model that comes with the repository, its text encoder a MiniLM. */
export function miniSystem(): System {
  return {
    title: "the model of the repository",
    parts: { ...PARTS, "super-res step": 1 },
    precisions: ["fp32", "int8"],
    bytes: 0,
    async find() {
      const { models } = await readManifest();
      const path = "mini";
      const lacks = models[path].superres ? [] : ["super-res step"] as const;
      return { path, isRandom: false, lacks };
    },
    write: () => Promise.reject(new Error("mini comes with the repository")),
    async open(path, options) {
      const model = await loadMuse(path, options);
      const { models } = await readManifest();
      const folder = embeddedPath(models[path].text);
      const config = parseBertConfig(await readJson(`${folder}/config.json`));
      const { length } = model.encoder;
      const ids = input("ids", ["1B", length], "int32");
      return pipelineParts(model, {
        text: [bertEncoder(config, ids, input("mask", ["1B", length]))],
        step: baseGraph(model.base),
      });
    },
  };
}

/**
 * aMUSEd by a name of the catalogue, else random weights of its sizes.
 *
 * @param name of the catalogue; by default there is only the random one
 * @param merges of the tokenizer of random weights
 */
export function amusedSystem(
  json: AmusedJson,
  { name, merges = readOwnMerges }: {
    readonly name?: string;
    readonly merges?: () => Promise<readonly string[]>;
  } = {},
): System {
  return {
    title: `aMUSEd of ${16 * Number(json.transformer.sample_size)} px`,
    parts: PARTS,
    precisions: ["fp32", "int8"],
    bytes: 5.7e9, // with a copy in fewer bits
    async find() {
      if (name === undefined) return undefined;
      const { folder, missing } = await findCheckpoint(name);
      return missing.length === 0
        ? { path: folder, isRandom: false }
        : undefined;
    },
    async write(folder) {
      await writeRandomAmused(folder, json, await merges());
      return { path: folder, isRandom: true };
    },
    async open(path, options) {
      const model = await loadAmused(path, options);
      const { text, transformer } = await findAmused(path);
      const config = parseClipTextConfig(
        await readJson(join(text, "config.json")),
      );
      const { positions } = config;
      const ids = input("ids", ["1B", positions], "int32");
      const tower = clipTextTower(config, ids);
      const inputs = conditionInputs(transformer, positions);
      const condition = conditionNodes(transformer, inputs);
      const { grid } = model.base.config;
      return pipelineParts(model, {
        text: [tower.states.at(-2)!, tower.embedding],
        step: Object.values(uVitStep(transformer, condition, grid, GUIDED)),
      });
    },
    reference: {
      family: "amused",
      settings: {
        side: parseUVitConfig(json.transformer, "config.json").side,
      },
    },
  };
}

/** aMUSEd in both published sizes. */
export const AMUSED_SYSTEMS: Systems = Object.fromEntries(
  Object.entries(AMUSED_JSON).map(([name, json]) =>
    [name, amusedSystem(json, { name })] as const
  ),
);
