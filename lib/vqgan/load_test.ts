import assert from "node:assert/strict";
import { leaves } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { createRng } from "../run/random.ts";
import { type SafetensorsEntry, writeSafetensors } from "../run/safetensors.ts";
import { gridSize, type VqganConfig } from "./config.ts";
import { loadTokenizer } from "./load.ts";
import { pictures, tokens } from "./network.ts";

const CONFIG: VqganConfig = {
  imageSize: 8,
  stem: 2,
  channels: [4],
  encoderBlocks: 1,
  decoderBlocks: 1,
  middleBlocks: 0,
  groups: 2,
  codeWidth: 3,
  codes: 8,
  normalizeCodes: true,
  localEncoder: false,
  decoderWidening: 1,
};
const METADATA = { stage: "tokenizer", network: JSON.stringify(CONFIG) };

function randomTensors(): SafetensorsEntry[] {
  const rng = createRng("load");
  const count = gridSize(CONFIG) ** 2;
  const outputs = [
    tokens(CONFIG, input("pictures", [1, 3, 8, 8])),
    pictures(CONFIG, input("ids", [1, count], "int32"), gridSize(CONFIG)),
  ];
  // Both directions read the codes.
  const shapes = new Map(
    leaves(outputs, "parameter").map(({ op, shape }) => [op.name, shape]),
  );
  return [...shapes].map(([name, shape]) => ({
    name,
    dtype: "F32",
    shape: shape as number[],
    data: Float32Array.from(
      { length: (shape as number[]).reduce((a, b) => a * b, 1) },
      () => rng.normal(),
    ),
  }));
}

Deno.test("loadTokenizer() loads what it should, and names what it should not", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tokenizer.safetensors`;
  const tensors = randomTensors();
  try {
    await writeSafetensors(path, tensors, METADATA);
    const tokenizer = await loadTokenizer(path);
    assert.deepEqual(tokenizer.config, CONFIG);
    const ids = await tokenizer.encode(new Float32Array(3 * 64));
    assert.equal((await tokenizer.decode(ids)).length, 3 * 64);
    await tokenizer.release();

    const odd: [SafetensorsEntry[], Record<string, string>, RegExp][] = [
      [tensors, {}, /doesn't say of which stage/],
      [tensors, { ...METADATA, stage: "base" }, /says it is a base/],
      [
        tensors,
        { ...METADATA, network: "{}" },
        /tokenizer\.safetensors: "imageSize" of its network is undefined/,
      ],
      [tensors.slice(1), METADATA, /1 missing:/],
      [
        [...tensors, { ...tensors[0], name: "other" }],
        METADATA,
        /1 unexpected:\n {2}other/,
      ],
    ];
    for (const [some, metadata, message] of odd) {
      await writeSafetensors(path, some, metadata);
      await assert.rejects(loadTokenizer(path), message);
    }
    await Deno.writeFile(path, (await Deno.readFile(path)).slice(0, 500));
    await assert.rejects(loadTokenizer(path), /tokenizer\.safetensors/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
