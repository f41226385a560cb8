import assert from "node:assert/strict";
import { add, input, parameter } from "../graph/ops.ts";
import { f32ToBf16, f32ToF16 } from "./half.ts";
import { loadWeights, readWeightsF32 } from "./load_weights.ts";
import {
  readSafetensorsHeader,
  type SafetensorsEntry,
  writeSafetensors,
} from "./safetensors.ts";
import { withFolder } from "./temp_folder.ts";
import { createSession } from "./session.ts";

const DATA = Float32Array.of(1, -2, 0.5, 4);
const shape = [2, 2];
const F32 = { name: "x", dtype: "F32", shape, data: DATA } as const;
const INT8: SafetensorsEntry[] = [
  { name: "x", dtype: "I8", shape, data: Int8Array.of(127, -64, 0, 2) },
  {
    name: "x.scale",
    dtype: "F16",
    shape: [2, 1],
    data: f32ToF16(Float32Array.of(0.5, 2)),
  },
];
const FROM_INT8 = Float32Array.of(63.5, -32, 0, 4);

/** Writes a file, and links to it from another folder. */
async function withFile(
  entries: readonly SafetensorsEntry[],
  use: (path: string, link: string) => Promise<void>,
) {
  await withFolder(async (folder) => {
    const path = `${folder}/x.safetensors`;
    const link = `${folder}/links/x.safetensors`;
    await writeSafetensors(path, entries);
    await Deno.mkdir(`${folder}/links`);
    await Deno.symlink("../x.safetensors", link);
    await use(path, link);
  });
}

/** What a session sees of the parameter x, by adding zeros to it. */
async function valueOf(path: string): Promise<unknown> {
  const sum = add(parameter("x", shape), input("zeros", shape));
  const session = await createSession({ sum }, await loadWeights(path));
  const { sum: { data } } = await session.run({ zeros: new Float32Array(4) });
  await session.release();
  return data;
}

const FILES: Record<string, [SafetensorsEntry[], Float32Array]> = {
  float32: [[F32], DATA],
  float16: [[{ ...F32, dtype: "F16", data: f32ToF16(DATA) }], DATA],
  bfloat16: [[{ ...F32, dtype: "BF16", data: f32ToBf16(DATA) }], DATA],
  int8: [INT8, FROM_INT8],
  "int8 beside float32": [[...INT8, { ...F32, name: "y" }], FROM_INT8],
};

for (const [what, [entries, wanted]] of Object.entries(FILES)) {
  Deno.test(`loadWeights() gives a session ${what} weights`, async () => {
    await withFile(entries, async (path, link) => {
      assert.deepEqual(await valueOf(path), wanted);
      assert.deepEqual(await valueOf(link), wanted);
    });
  });

  Deno.test(`readWeightsF32() reads ${what} weights`, async () => {
    await withFile(entries, async (path) => {
      const weights = await readWeightsF32(await readSafetensorsHeader(path));
      assert.deepEqual(weights.get("x"), { shape, data: wanted });
      assert.ok(!weights.has("x.scale"));
    });
  });
}

Deno.test("loadWeights() leaves integers out", async () => {
  const ids = { name: "ids", dtype: "I32", shape: [1], data: Int32Array.of(1) };
  await withFile([F32, ids as SafetensorsEntry], async (path) => {
    assert.deepEqual([...(await loadWeights(path)).keys()], ["x"]);
  });
});

Deno.test("loadWeights() widens int8 into memory where it is asked to", async () => {
  await withFile([...INT8, { ...F32, name: "y" }], async (path) => {
    const weights = await loadWeights(path, { widen: true });
    const wide = await readWeightsF32(await readSafetensorsHeader(path));
    assert.deepEqual([...weights.keys()].sort(), [...wide.keys()].sort());
    for (const [name, weight] of weights) {
      assert.deepEqual(weight, { kind: "memory", ...wide.get(name) });
    }
  });
});

Deno.test("loadWeights() leaves files without int8 where they are", async () => {
  await withFile([F32], async (path) => {
    const weights = await loadWeights(path, { widen: true });
    assert.deepEqual([...weights.values()].map(({ kind }) => kind), ["file"]);
  });
});

const SCALES: Record<string, [Partial<SafetensorsEntry> | null, RegExp]> = {
  none: [null, /"x" is int8 \[2,2\] and "x.scale" is missing/],
  "three for two rows": [
    { shape: [3], data: new Uint16Array(3) },
    /"x.scale" is F16 \[3\], wanted F16 and as many/,
  ],
  "more than values": [
    { shape: [8], data: new Uint16Array(8) },
    /"x.scale" is F16 \[8\]/,
  ],
  "no one": [{ shape: [0], data: new Uint16Array(0) }, /is F16 \[0\]/],
  "float32 ones": [
    { dtype: "F32", data: new Float32Array(2) },
    /"x.scale" is F32 \[2,1\]/,
  ],
};

for (const [what, [change, message]] of Object.entries(SCALES)) {
  Deno.test(`int8 weights are refused with scales: ${what}`, async () => {
    const [x, scale] = INT8;
    const scales = change ? [{ ...scale, ...change } as SafetensorsEntry] : [];
    await withFile([x, ...scales], async (path) => {
      await assert.rejects(loadWeights(path), message);
      const header = await readSafetensorsHeader(path);
      await assert.rejects(readWeightsF32(header), message);
    });
  });
}
