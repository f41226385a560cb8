/** Open VQGANs against their reference implementations, on both engines. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { leaves } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { assertWithin } from "../run/assert_close.ts";
import { compute } from "../run/compute.ts";
import { loadWeights } from "../run/load_weights.ts";
import { randomWeights, weightEntries } from "../run/random_weights.ts";
import {
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
  type SafetensorsEntry,
  writeSafetensors,
} from "../run/safetensors.ts";
import { withFolder } from "../run/temp_folder.ts";
import { torchAsSafetensors } from "../run/torch_convert.ts";
import { loadTokenizer } from "./load.ts";
import { bothDirections } from "./model.ts";
import {
  TAMING_CONFIGS,
  type TamingConfig,
  tamingConfigOf,
} from "./taming_config.ts";
import { loadTaming } from "./taming_load.ts";
import { tamingLatents, tamingNetworks } from "./taming_network.ts";

const TESTDATA = new URL("testdata", import.meta.url).pathname;
const HEADER = await readSafetensorsHeader(
  join(TESTDATA, "taming.safetensors"),
);
const RECORDED = await readTensorsF32(HEADER);

const TAMING: TamingConfig = {
  ...TAMING_CONFIGS["taming-f16-1024"],
  imageSize: 16,
  channels: [8, 8, 16],
  groups: 4,
  encoderBlocks: 1,
  decoderBlocks: 2,
  attention: [2],
  codeWidth: 6,
  latentWidth: 8,
  codes: 24,
};

const SMALLER = { ...TAMING, channels: [8, 16], latentWidth: 6, codeWidth: 6 };

/** What `testdata/make_taming.py` wrote, by the file. */
const TINY: Readonly<Record<string, TamingConfig>> = {
  "taming.ckpt": TAMING,
  "gumbel.ckpt": { ...SMALLER, attention: [1], gumbel: true },
  "maskgit.bin": {
    ...SMALLER,
    layout: "maskgit",
    encoderBlocks: 2,
    attention: [],
    unitPixels: true,
  },
  "mage.ckpt": {
    ...SMALLER,
    layout: "mage",
    decoderBlocks: 1,
    attention: [],
    unitPixels: true,
  },
};

/** Recorded inputs and outputs of a file. */
async function recordedOf(file: string, unit: boolean | undefined) {
  const [name] = file.split(".");
  const found = (part: string) => RECORDED.get(`${name}/${part}`)!;
  // Ours takes and gives -1..1.
  const own = (values: Float32Array) =>
    unit ? values.map((value) => 2 * value - 1) : values;
  return {
    size: found("pictures").shape.slice(2) as [number, number],
    grid: found("latents").shape.slice(2) as [number, number],
    pictures: own(found("pictures").data),
    latents: found("latents").data,
    rebuilt: own(found("rebuilt").data),
    ids: await readTensor(HEADER, `${name}/ids`) as Int32Array,
  };
}

for (const [file, config] of Object.entries(TINY)) {
  Deno.test(`tamingNetworks() give what the reference gives, ${file}`, async () => {
    const weights = await loadWeights(join(TESTDATA, file));
    const wanted = await recordedOf(file, config.unitPixels);
    const networks = tamingNetworks(config);
    const source = input("pictures", ["1B", 3, ...wanted.size]);
    const [height, width] = wanted.grid;
    const ids = input("ids", ["1B", height * width], "int32");
    const graph = {
      latents: tamingLatents(config, source),
      tokens: networks.tokens(source),
      rebuilt: networks.pictures(ids, height),
    };
    assert.ok(new Set(wanted.ids).size > 6);
    const feeds = { pictures: wanted.pictures, ids: wanted.ids };
    for (const by of ["onnxruntime", "tensorflow"] as const) {
      const found = await compute(graph, feeds, { weights, by });
      assertWithin(found.latents.dataSync(), wanted.latents, 1e-4);
      assert.deepEqual([...found.tokens.dataSync()], [...wanted.ids], by);
      assertWithin(found.rebuilt.dataSync(), wanted.rebuilt, 1e-4);
      Object.values(found).forEach((tensor) => tensor.dispose());
    }
  });

  Deno.test(`loadTaming() reads it as published and as safetensors, ${file}`, () =>
    withFolder(async (cache) => {
      const path = join(TESTDATA, file);
      const wanted = await recordedOf(file, config.unitPixels);
      for (const same of [path, await torchAsSafetensors(path, { cache })]) {
        const tokenizer = await loadTaming(same, { config });
        const ids = await tokenizer.encode(wanted.pictures, wanted.size);
        assert.deepEqual(ids, wanted.ids);
        const rebuilt = await tokenizer.decode(ids, wanted.grid);
        assertWithin(rebuilt, wanted.rebuilt, 1e-4);
        await tokenizer.release();
      }
    }));
}

/** The parameters of both directions, with their shapes. */
function shapesOf(config: TamingConfig) {
  const outputs = bothDirections(config, tamingNetworks(config));
  return new Map(
    leaves(outputs, "parameter").map(({ op: { name }, shape }) => (
      [name, { shape: shape as readonly number[] }] as const
    )),
  );
}

for (const [name, config] of Object.entries(TAMING_CONFIGS)) {
  Deno.test(`tamingConfigOf() tells ${name} by its tensors`, () => {
    assert.deepEqual(tamingConfigOf(shapesOf(config), name), config);
  });
}

Deno.test("MAGE's VQGAN has as many parameters as its file has room for", () => {
  const shapes = [...shapesOf(TAMING_CONFIGS["mage-vqgan"]).values()];
  const count = shapes.reduce(
    (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );
  const rest = 218_130_007 - 4 * count; // its bytes on the hub
  assert.ok(rest > 0 && rest < 100_000, `${rest}`);
});

Deno.test("loadTokenizer() knows an open VQGAN, and names what is wrong", () =>
  withFolder(async (folder) => {
    const path = join(folder, "model.safetensors");
    const config = { ...TAMING, channels: [32], groups: 32, attention: [0] };
    const own = { ...config, imageSize: 256 };
    const outputs = bothDirections(config, tamingNetworks(config));
    const tensors = weightEntries(randomWeights("open", outputs, 0.1));
    await writeSafetensors(path, tensors);
    const tokenizer = await loadTokenizer(folder);
    assert.deepEqual(tokenizer.config, own);
    const pixels = new Float32Array(3 * 16);
    const ids = await tokenizer.encode(pixels, [4, 4]);
    assert.equal((await tokenizer.decode(ids, [4, 4])).length, pixels.length);
    await tokenizer.release();

    const without = (name: string): SafetensorsEntry[] =>
      tensors.filter((tensor) => tensor.name !== name);
    const wrongs: [SafetensorsEntry[], RegExp][] = [
      [without("quantize.embedding.weight"), /"quantize.embedding.weight"/],
      [without("decoder.mid.attn_1.q.bias"), /1 missing:\n {2}decoder.mid/],
    ];
    for (const [some, message] of wrongs) {
      await writeSafetensors(path, some);
      await assert.rejects(loadTokenizer(path), message);
    }
    await assert.rejects(loadTokenizer(TESTDATA), /gumbel.ckpt, mage.ckpt, /);
    await assert.rejects(
      loadTokenizer(join(TESTDATA, "mage.ckpt")),
      /mage\.ckpt: "encoder.down.0.block.0.conv1.weight" .* multiple of 32/,
    );
  }));
