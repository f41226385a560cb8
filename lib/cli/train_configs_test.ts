import assert from "node:assert/strict";
import { embeddedPath } from "../hub/embedded.ts";
import { parseConfig, readConfig } from "../train/config_form.ts";
import { inFolder } from "../train/toy_run.ts";
import { CONFIGS, type StageName } from "./train_configs.ts";

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
    const config = await readConfig(CONFIGS[stage], stage, FILES[stage]);
    assert.deepEqual(config, JSONS[stage]);
  }
});

Deno.test("parseConfig() takes a distribution of masking rates", () => {
  for (const maskRates of ["linear", { fixed: 0.5 }]) {
    const json = structuredClone(JSONS.base);
    json.training.maskRates = maskRates;
    const { training } = parseConfig(CONFIGS.base, "base", json, "");
    assert.deepEqual(training.maskRates, maskRates);
  }
});

Deno.test("parseConfig() names the fields that are wrong, all at once", () => {
  type Section = "network" | "training";
  const cases: [StageName, Section, Record<string, unknown>, RegExp][] = [
    ["base", "network", { heads: undefined }, /network\.heads: found nothing/],
    [
      "base",
      "network",
      { heads: 3, rotary: false, width: 64 },
      /network\.heads: found 3, wanted a divisor of the width 64; correct that$/,
    ],
    [
      "base",
      "network",
      { heads: 64, rotary: true, width: 64 },
      /network\.heads: found 64, wanted a divisor of a quarter of the width/,
    ],
    ["base", "network", { grid: [16] }, /network\.grid: found \[16\]/],
    [
      "base",
      "network",
      { depth: 3, layers: 0 },
      /network\.layers: .*; network\.depth: found 3, wanted no more fields/,
    ],
    [
      "base",
      "training",
      { batch: 0, textDropout: 2, seed: 1.5, floor: "0" },
      /training\.seed: found 1\.5, wanted a whole number; training\.batch: found 0, wanted more than 0; training\.floor: found "0", wanted a number; training\.textDropout: found 2, wanted at most 1; correct/,
    ],
    [
      "base",
      "training",
      { depth: 3 },
      /training: found depth, wanted no field of/,
    ],
    [
      "base",
      "training",
      { maskRates: "even" },
      /training\.maskRates: found "even", wanted "\w+" or .* or an object/,
    ],
    [
      "base",
      "training",
      { maskRates: { fixed: 0 } },
      /training\.maskRates\.fixed: found 0, wanted more than 0;/,
    ],
    [
      "superres",
      "network",
      { heads: 3, block: [5, 8] },
      /network\.heads: found 3, wanted an even .*network\.block: found \[5,8\]/,
    ],
    ["base", "training", { averaging: 1 }, /averaging: .* less than 1/],
    ["base", "training", { optimizer: {} }, /training\.optimizer\.beta1: /],
    [
      "tokenizer",
      "network",
      { imageSize: 129 },
      /network\.imageSize: found 129, wanted a multiple of the 8 pixels/,
    ],
    [
      "tokenizer",
      "network",
      { channels: [96, 200] },
      /network\.channels: found \[96,200\], wanted multiples of its 16 groups/,
    ],
    [
      "decoder",
      "network",
      { decoderWidening: 1.3 },
      /network\.decoderWidening: found 1\.3, .* makes whole numbers/,
    ],
    ["decoder", "training", { losses: {} }, /training\.losses\.absolute: /],
    ["tokenizer", "network", { channels: [] }, /network\.channels: /],
    ["tokenizer", "network", { unitPixels: true }, /network\.unitPixels: /],
    ["tokenizer", "training", { reviveWindow: -1 }, /training\.reviveWindow: /],
    ["tokenizer", "training", {
      adversarial: {
        start: 0,
        weight: 1,
        network: { stem: 1, channels: [4, 12] },
      },
    }, /adversarial\.network\.channels: found \[4,12\], .* the 8 groups/],
    ["tokenizer", "training", {
      adversarial: {
        start: 0,
        weight: 1,
        network: { stem: 48, channels: [8, 8] },
      },
    }, /adversarial\.network\.stem: found 48, .* 128 pixels; this makes 96/],
    ["judge", "network", { blocks: [1] }, /network\.blocks: found \[1\], /],
    ["judge", "training", { rebuilt: 2 }, /training\.rebuilt: found 2, /],
  ];
  for (const [stage, section, change, message] of cases) {
    const json = structuredClone(JSONS[stage]);
    Object.assign(json[section], change);
    assert.throws(
      () => parseConfig(CONFIGS[stage], stage, json, "a.json"),
      (error: Error) => {
        assert.match(error.message, /^Cannot train \w+ with a\.json: /);
        assert.match(error.message, message);
        return true;
      },
    );
  }
  assert.throws(
    () => parseConfig(CONFIGS.base, "base", 4, "a.json"),
    /a\.json: found 4, wanted an object; correct that$/,
  );
  const { training } = JSONS.tokenizer;
  for (const network of [null, undefined, []]) {
    assert.throws(
      () =>
        parseConfig(CONFIGS.tokenizer, "tokenizer", { network, training }, ""),
      /: network: found (?:null|nothing|\[\]), wanted an object with the sizes/,
    );
  }
});

Deno.test(
  "readConfig() names a file that is missing or not JSON",
  inFolder(async (folder) => {
    const path = `${folder}/config.json`;
    await assert.rejects(
      readConfig(CONFIGS.base, "base", path),
      /configuration .*config\.json/,
    );
    await Deno.writeTextFile(path, "{");
    await assert.rejects(
      readConfig(CONFIGS.base, "base", path),
      /Cannot train base with .*config\.json: it is not JSON .*; correct that$/,
    );
  }),
);
