import assert from "node:assert/strict";
import { leaves } from "../graph/node.ts";
import { embeddedPath } from "../hub/embedded.ts";
import { parseConfig, readConfig, type StageName } from "./config.ts";
import { networkShapes } from "./shapes.ts";
import { tokenizerGraph } from "./tokenizer.ts";
import { inFolder } from "./toy_run.ts";

const FILES = {
  tokenizer: embeddedPath("mini/tokenizer.json"),
  base: embeddedPath("mini/base.json"),
  superres: embeddedPath("mini/superres.json"),
  decoder: embeddedPath("mini/decoder.json"),
  judge: embeddedPath("mini/judge.json"),
};
const JSONS = {
  tokenizer: JSON.parse(Deno.readTextFileSync(FILES.tokenizer)),
  base: JSON.parse(Deno.readTextFileSync(FILES.base)),
  superres: JSON.parse(Deno.readTextFileSync(FILES.superres)),
  decoder: JSON.parse(Deno.readTextFileSync(FILES.decoder)),
  judge: JSON.parse(Deno.readTextFileSync(FILES.judge)),
};

Deno.test("readConfig() reads the configurations of mini as they stand", async () => {
  for (const stage of Object.keys(FILES) as StageName[]) {
    assert.deepEqual(await readConfig(stage, FILES[stage]), JSONS[stage]);
  }
});

Deno.test("parseConfig() takes a distribution of masking rates", () => {
  for (const maskRates of ["linear", { fixed: 0.5 }]) {
    const { network, training } = JSONS.base;
    const json = { network, training: { ...training, maskRates } };
    const { training: { maskRates: found } } = parseConfig("base", json, "");
    assert.deepEqual(found, maskRates);
  }
});

Deno.test("parseConfig() names the fields that are wrong, all at once", () => {
  type Section = "network" | "training";
  const cases: [StageName, Section, Record<string, unknown>, RegExp][] = [
    ["base", "network", { heads: undefined }, /network\.heads: /],
    [
      "base",
      "network",
      { heads: 3, width: 64 },
      /network\.width: found 64, wanted a multiple of 3, the heads/,
    ],
    ["base", "network", { grid: [16] }, /network\.grid/],
    ["base", "network", { depth: 3 }, /network: .*depth/],
    [
      "base",
      "training",
      { batch: 0, textDropout: 2 },
      /training\.batch: .*; training\.textDropout: /,
    ],
    ["base", "training", { maskRates: "even" }, /training\.maskRates/],
    ["base", "training", { maskRates: { fixed: 0 } }, /training\.maskRates/],
    [
      "superres",
      "network",
      { heads: 3, block: [5, 8] },
      /network\.heads: found 3, wanted an even .*network\.block: found 5,8/,
    ],
    ["base", "training", { averaging: 1 }, /training\.averaging: /],
    ["base", "training", { optimizer: {} }, /training\.optimizer\.beta1: /],
    [
      "tokenizer",
      "network",
      { imageSize: 129 },
      /network\.imageSize: found 129, wanted a multiple of 8, the pixels/,
    ],
    [
      "tokenizer",
      "network",
      { channels: [96, 200] },
      /network\.channels\.1: found 200, wanted a multiple of 16, the groups/,
    ],
    [
      "decoder",
      "network",
      { decoderWidening: 1.3 },
      /network\.decoderWidening: found 1\.3, wanted a number that makes whole/,
    ],
    ["decoder", "training", { losses: {} }, /training\.losses\.absolute: /],
    ["tokenizer", "network", { channels: [] }, /network\.channels: /],
    ["tokenizer", "training", { reviveWindow: -1 }, /training\.reviveWindow: /],
    ["tokenizer", "training", {
      adversarial: {
        start: 0,
        weight: 1,
        network: { stem: 1, channels: [4, 12] },
      },
    }, /adversarial\.network\.channels\.1: found 12, wanted a multiple of 8/],
    ["tokenizer", "training", {
      adversarial: {
        start: 0,
        weight: 1,
        network: { stem: 48, channels: [8] },
      },
    }, /adversarial\.network\.stem: found 128, wanted a multiple of 48/],
  ];
  for (const [stage, section, change, message] of cases) {
    const json = structuredClone(JSONS[stage]);
    Object.assign(json[section], change);
    assert.throws(() => parseConfig(stage, json, "a.json"), (error: Error) => {
      assert.match(error.message, /^Cannot train \w+ with a\.json: /);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.throws(() => parseConfig("base", 4, "a.json"), /the file: /);
});

Deno.test(
  "readConfig() names a file that is missing or not JSON",
  inFolder(async (folder) => {
    const path = `${folder}/config.json`;
    await assert.rejects(
      readConfig("base", path),
      /configuration .*config\.json/,
    );
    await Deno.writeTextFile(path, "{");
    await assert.rejects(
      readConfig("base", path),
      /Cannot train base with .*config\.json: it is not JSON/,
    );
  }),
);

Deno.test("networkShapes() lists a network's parameters, but no discriminator", () => {
  const shapes = networkShapes("tokenizer", JSONS.tokenizer.network);
  assert.deepEqual(shapes.get("quantize.embedding.weight"), [
    JSONS.tokenizer.network.codes,
    16,
  ]);
  const { network, training } = JSONS.tokenizer;
  const { losses } = tokenizerGraph(network, training.losses, 1, {
    start: 0,
    weight: 1,
    network: { stem: 4, channels: [8] },
  });
  const trained = leaves(losses.map(({ value }) => value), "parameter")
    .map(({ op: { name } }) => name)
    .filter((name) => !name.startsWith("discriminator."));
  assert.deepEqual([...shapes.keys()].sort(), trained.sort());
  const superres = networkShapes("superres", JSONS.superres.network);
  assert.deepEqual(superres.get("low_embedding.weight"), [
    JSONS.superres.network.lowCodes,
    192,
  ]);
  const base = networkShapes("base", JSONS.base.network);
  assert.deepEqual(base.get("token_embedding.weight"), [
    JSONS.base.network.codes + 1,
    256,
  ]);
});
