import assert from "node:assert/strict";
import { embeddedPath, measureFile, readManifest } from "../hub/embedded.ts";
import { writeSafetensors } from "../run/safetensors.ts";
import { randomBase, TINY } from "./tiny_base.ts";
import { generate, loadMuse, openMuse } from "./pipeline.ts";

const QUICK = { steps: 2 } as const;

Deno.test("generate() draws each picture by its seed, in a row or from a list", async () => {
  const muse = await loadMuse();
  try {
    await openMuse(muse, { ...QUICK, guidance: undefined });
    const prompts = ["a fox", "a bear", "a fox"];
    const row = await generate(muse, prompts, { ...QUICK, seed: 3 });
    const [first, , last] = row.pictures;
    assert.notDeepEqual(first, last);
    const options = { ...QUICK, seed: [5, 3], guidance: undefined };
    const list = await generate(muse, ["a fox", "a fox"], options);
    assert.deepEqual(list.pictures, [last, first]);
    await assert.rejects(
      generate(muse, prompts, options),
      /found 2 seeds, wanted 3, one for each picture/,
    );
  } finally {
    await muse.release();
  }
});

Deno.test("generate() tells every step of the decode, to the last token", async () => {
  const muse = await loadMuse();
  try {
    const seen: number[] = [];
    const { tokens, seconds } = await generate(
      muse,
      ["a fox"],
      { ...QUICK, guidance: { kind: "constant", scale: 0 } },
      (state) => seen.push(state.mask.reduce((sum, bit) => sum + bit, 0)),
    );
    assert.equal(seen.length, 2);
    assert.ok(seen[0] > 0);
    assert.equal(seen[1], 0);
    assert.ok(tokens.every((id) => id >= 0 && id < muse.base.config.codes));
    assert.ok(seconds.text > 0 && seconds.decode > 0 && seconds.picture > 0);
  } finally {
    await muse.release();
  }
  await muse.release();
  await assert.rejects(
    generate(muse, ["a fox"]),
    /Cannot use the text encoder: it was released; load it again/,
  );
});

Deno.test("loadMuse() names the models there are", async () => {
  await assert.rejects(loadMuse("maxi"), /Cannot load .*"maxi": found .*mini/);
});

Deno.test("loadMuse() refuses parts that are made for other models", async () => {
  const root = await Deno.makeTempDir();
  try {
    const { models: { mini }, files } = await readManifest();
    await Deno.mkdir(`${root}/mini`);
    await Deno.mkdir(`${root}/text`);
    const texts = Array.from(
      Deno.readDirSync(embeddedPath("text")),
      ({ name }) => `text/${name}`,
    );
    for (const path of [mini.tokenizer, ...texts]) {
      await Deno.copyFile(embeddedPath(path), `${root}/${path}`);
    }
    const tensors = [...randomBase()].map(([name, { shape, data }]) => ({
      name,
      dtype: "F32" as const,
      shape,
      data,
    }));
    const path = `${root}/${mini.base}`;
    const metadata = { stage: "base", network: JSON.stringify(TINY) };
    await writeSafetensors(path, tensors, metadata);
    const own = { path: mini.base, ...await measureFile(path) };
    const others = files.filter((file) => file.path !== mini.base);
    await Deno.writeTextFile(
      `${root}/manifest.json`,
      JSON.stringify({ models: { mini }, files: [own, ...others] }),
    );
    await assert.rejects(
      loadMuse("mini", { weights: root }),
      /load the model "mini": .*codes of the tokenizer: 2048, wanted 16; grid/,
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
