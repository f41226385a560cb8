/** Pictures that readers disagree about, against Pillow. */

import assert from "node:assert/strict";
import { readSafetensorsHeader, readTensor } from "../run/safetensors.ts";
import { decodeAsPillow } from "./decode_pillow.ts";

const FIXTURE = await readSafetensorsHeader(
  new URL("testdata/decode_pillow.safetensors", import.meta.url).pathname,
);
const NAMES = [...FIXTURE.tensors.keys()]
  .filter((name) => name.startsWith("file "))
  .map((name) => name.slice("file ".length));

const fileOf = async (name: string) =>
  await readTensor(FIXTURE, `file ${name}`) as Uint8Array;

Deno.test("decodeAsPillow() gives Pillow's pixels", async (test) => {
  for (const name of NAMES) {
    const info = FIXTURE.tensors.get(`pixels ${name}`);
    if (!info) continue;
    await test.step(name, async () => {
      const { width, height, data } = await decodeAsPillow(await fileOf(name));
      assert.deepEqual([height, width, 3], info.shape);
      const wanted = await readTensor(FIXTURE, `pixels ${name}`) as Uint8Array;
      const wrong = data.findIndex((byte, i) => byte !== wanted[i]);
      assert(wrong < 0, `byte ${wrong}: ${data[wrong]}, not ${wanted[wrong]}`);
    });
  }
});

Deno.test("decodeAsPillow() refuses what Pillow refuses", async (test) => {
  const refused = NAMES.filter((name) =>
    !FIXTURE.tensors.has(`pixels ${name}`)
  );
  assert(refused.length >= 9);
  for (const name of refused) {
    await test.step(name, async () => {
      await assert.rejects(
        decodeAsPillow(await fileOf(name)),
        /Decoding \d+ bytes as a picture failed: .* files are understood/s,
      );
    });
  }
});
