import assert from "node:assert/strict";
import { join } from "node:path";
import {
  makeZip,
  pickle,
  pickledDict,
  type PickledTensor,
  pickledTensor,
  type ZipForm,
} from "./make_torch_zip.ts";
import { readSafetensorsHeader, readTensor } from "./safetensors.ts";
import { withFolder } from "./temp_folder.ts";
import { isTorchFile, openTorch, type TorchOptions } from "./torch_file.ts";
import { readTorchTensor } from "./torch_read.ts";

const FOLDER = new URL("testdata/torch/", import.meta.url).pathname;

/** Holds a file's tensors against those that Python wrote, bit by bit. */
async function assertSame(
  path: string,
  wanted: string,
  options?: TorchOptions,
): Promise<void> {
  const torch = await openTorch(path, options);
  const { tensors } = await readSafetensorsHeader(wanted);
  assert.deepEqual(
    [...torch.tensors.keys()].sort(),
    [...tensors.keys()].sort(),
  );
  const header = await readSafetensorsHeader(wanted);
  for (const [name, { dtype, shape }] of torch.tensors) {
    const { dtype: type, shape: sizes } = tensors.get(name)!;
    assert.deepEqual([dtype, shape], [type, sizes], name);
    const values = await readTorchTensor(torch, name);
    assert.deepEqual(values, await readTensor(header, name), name);
  }
}

const FIXTURES = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
  .filter((name) => name.endsWith(".safetensors"))
  .map((name) => name.replace(".safetensors", ""));

Deno.test("there are fixtures of every kind", () => {
  assert.ok(FIXTURES.length >= 15, FIXTURES.join());
});

for (const name of FIXTURES) {
  Deno.test(`openTorch() reads what PyTorch saved: ${name}`, async () => {
    const path = join(FOLDER, `${name}.pth`);
    await assertSame(path, join(FOLDER, `${name}.safetensors`));
    assert.ok(await isTorchFile(path));
    assert.ok(!await isTorchFile(join(FOLDER, `${name}.safetensors`)));
  });
}

Deno.test("openTorch() finds the state dict that is named", async () => {
  const path = join(FOLDER, "lightning.pth");
  const stateDict = "optimizer_states/0/state/0";
  const torch = await openTorch(path, { stateDict });
  assert.deepEqual([...torch.tensors.keys()], ["exp_avg"]);
  await assertSame(path, join(FOLDER, "lightning.safetensors"), {
    stateDict: "state_dict",
  });
  await assert.rejects(
    openTorch(path, { stateDict: "model" }),
    /there is no "model" of "model" in it, but "epoch", "global_step", /,
  );
  await assert.rejects(
    openTorch(path, { stateDict: "epoch" }),
    /what is at "epoch" in it, 3, has no named tensors/,
  );
});

/** Opens a file of one tensor "w" whose storage has these bytes. */
async function withTensor<Result>(
  tensor: PickledTensor,
  storage: Uint8Array,
  use: (path: string) => Promise<Result>,
  { order = "little", ...form }: ZipForm & { order?: string } = {},
): Promise<Result> {
  const bytes = await makeZip({
    "a/data.pkl": pickle(pickledDict({ w: pickledTensor(tensor) }), "."),
    "a/byteorder": order,
    "a/data/0": storage,
  }, form);
  return await withFolder(async (folder) => {
    const path = join(folder, "made.pth");
    await Deno.writeFile(path, bytes);
    return await use(path);
  });
}

async function valuesOf(path: string) {
  const torch = await openTorch(path);
  return [...await readTorchTensor(torch, "w")];
}

const ROW = { shape: [3], strides: [1], count: 3 };

Deno.test("openTorch() reads files of machines with the high byte first", async () => {
  const storage = new Uint8Array(12);
  const view = new DataView(storage.buffer);
  [1.5, -2, 3].forEach((value, i) => view.setFloat32(4 * i, value));
  for (const deflated of [false, true]) {
    const form = { order: "big", deflated };
    const values = await withTensor(ROW, storage, valuesOf, form);
    assert.deepEqual(values, [1.5, -2, 3]);
  }
});

Deno.test("openTorch() reads entries with sizes of 64 bits", async () => {
  const storage = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
  for (const deflated of [false, true]) {
    const form = { zip64: true, deflated };
    assert.deepEqual(await withTensor(ROW, storage, valuesOf, form), [1, 2, 3]);
  }
});

Deno.test("openTorch() reads parts of large deflated storages", async () => {
  const numbers = Float32Array.from({ length: 300_000 }, (_, i) => i % 1000);
  const storage = new Uint8Array(numbers.buffer);
  const count = numbers.length;
  const part = { shape: [3], strides: [1], offset: 250_001, count };
  const steps = { shape: [2, 2], strides: [100_000, 7], offset: 5, count };
  const form = { deflated: true };
  const first = await withTensor(part, storage, valuesOf, form);
  assert.deepEqual(first, [1, 2, 3]);
  const second = await withTensor(steps, storage, valuesOf, form);
  assert.deepEqual(second, [5, 12, 5, 12]);
});

Deno.test("openTorch() reads a file of more than 4 GB by range", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "large.pth");
    await writeSparse(path, 5 * 2 ** 30);
    const torch = await openTorch(path);
    assert.deepEqual(torch.tensors.get("w")?.shape, [4]);
    assert.deepEqual([...await readTorchTensor(torch, "w")], [0, 0, 0, 7]);
  });
});

/** A file of the old format whose storage is nearly all a hole on the disk. */
async function writeSparse(path: string, size: number): Promise<void> {
  const count = size / 4;
  const tensor = { shape: [4], strides: [1], offset: count - 4, count };
  const head = pickle(
    [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20],
    [0x6a, 0xa8, 0x50, 0x19],
    ".M\xe9\x03.}.",
    pickledDict({ w: pickledTensor(tensor) }),
    ".]X\x01\x00\x00\x000a.",
  );
  const length = new Uint8Array(new BigUint64Array([BigInt(count)]).buffer);
  using file = await Deno.open(path, { write: true, create: true });
  await file.write(head);
  await file.write(length);
  await file.seek(size - 4, Deno.SeekMode.Current);
  await file.write(new Uint8Array(Float32Array.of(7).buffer));
}

Deno.test("readTorchTensor() names a tensor that isn't there", async () => {
  const torch = await openTorch(join(FOLDER, "zip.pth"));
  await assert.rejects(
    readTorchTensor(torch, "f99"),
    /zip\.pth: there is no tensor "f99" among its 12$/,
  );
});
