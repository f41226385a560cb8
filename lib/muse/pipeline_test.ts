import assert from "node:assert/strict";
import { embeddedPath, measureFile, readManifest } from "../hub/embedded.ts";
import { writeSafetensors } from "../run/safetensors.ts";
import type { BaseConfig } from "./config.ts";
import { weightEntries } from "../run/random_weights.ts";
import { withFolder } from "../run/temp_folder.ts";
import { gridSize, type VqganConfig } from "../vqgan/config.ts";
import { randomVqgan, TINY_VQGAN } from "../vqgan/tiny_vqgan.ts";
import type { SuperresConfig } from "./superres_config.ts";
import { randomBase, TINY } from "./tiny_base.ts";
import { randomSuperres, TINY_SUPERRES } from "./tiny_superres.ts";
import { VARIANTS } from "./option_variants.ts";
import {
  generate,
  type GenerateOptions,
  loadMuse,
  openMuse,
} from "./pipeline.ts";
import { PRESETS } from "./presets.ts";

/** Super-resolution has its own tests. */
const QUICK = { steps: 2, superresSteps: 0 } as const;

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

Deno.test("generate() finds the same tokens by mini's weights in every batch, on 1 thread and on 2", async () => {
  const prompts = ["a fox", "three green apples", "a cat on a blue background"];
  const found: Int32Array[] = [];
  for (const threads of [1, 2]) {
    const muse = await loadMuse("mini", { threads });
    try {
      const three = await generate(muse, prompts, { ...QUICK, seed: 7 });
      const last = await generate(muse, prompts.slice(2), {
        ...QUICK,
        seed: 9,
      });
      const { length } = last.tokens;
      assert.deepEqual(last.tokens, three.tokens.slice(2 * length));
      assert.deepEqual(last.pictures[0], three.pictures[2]);
      found.push(three.tokens);
    } finally {
      await muse.release();
    }
  }
  assert.deepEqual(found[0], found[1]);
});

Deno.test("generate() draws another picture by each option of the decode", async () => {
  const muse = await loadMuse();
  try {
    const options: Partial<GenerateOptions>[] = [
      {},
      { schedule: { fractions: [0.9, 0.5, 0] } },
      { temperature: { from: 2, to: 0.5 } },
      { topK: 8 },
      ...VARIANTS,
    ];
    const drawn = new Set<string>();
    // Less sure than by default, and of a hard prompt, so that every option has
    // something to change.
    const prompt = "a purple bicycle and three saxophones";
    for (const one of options) {
      const settings = { steps: 3, temperature: 1.5, ...one };
      const { tokens } = await generate(muse, [prompt], settings);
      assert.ok(tokens.every((id) => id >= 0 && id < muse.base.config.codes));
      drawn.add(tokens.join());
    }
    assert.equal(drawn.size, options.length);
    await assert.rejects(
      generate(muse, ["a fox"], { ...PRESETS.autonat8, steps: 3 }),
      /by explicit fractions: found 8 fractions for 3 steps/,
    );
  } finally {
    await muse.release();
  }
});

Deno.test("generate() draws the best of several by a score that is passed in", async () => {
  const muse = await loadMuse();
  try {
    const prompts = ["a fox", "a bear"];
    const scored: number[] = [];
    const steps: number[][] = [];
    const best = await generate(muse, prompts, {
      ...QUICK,
      seed: 2,
      bestOf: {
        count: 2,
        score({ tokens, pictures }) {
          assert.equal(tokens.length, 2 * 256);
          scored.push(pictures.length);
          return scored.length === 1 ? [1, 0] : [0, 1];
        },
      },
    }, (state) => steps.push([...state.seeds]));
    assert.deepEqual(scored, [2, 2]);
    assert.deepEqual(best.seeds, [4, 7]);
    assert.deepEqual(best.scores, [1, 1]);
    assert.deepEqual(steps, [[4, 7], [4, 7]], "the candidates' are not heard");
    const wanted = await generate(muse, prompts, { ...QUICK, seed: [4, 7] });
    assert.deepEqual(best.pictures, wanted.pictures);
    assert.equal(wanted.scores, undefined);
  } finally {
    await muse.release();
  }
});

Deno.test("loadMuse() names the models there are", async () => {
  await assert.rejects(loadMuse("maxi"), /Cannot load .*"maxi": found .*mini/);
});

/**
 * Runs with a folder of mini's parts in which the base transformer is a random
 * one of that network.
 */
async function withBase(
  network: BaseConfig,
  metadata: Record<string, string>,
  test: (root: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (root) => {
    const { models: { mini: all }, files } = await readManifest();
    const { superres: _, ...mini } = all;
    await Deno.mkdir(`${root}/mini`);
    await Deno.symlink(embeddedPath("text"), `${root}/text`);
    const { tokenizer, base } = mini;
    await Deno.symlink(embeddedPath(tokenizer), `${root}/${tokenizer}`);
    const tensors = weightEntries(randomBase(network));
    const path = `${root}/${base}`;
    const stage = { stage: "base", network: JSON.stringify(network) };
    await writeSafetensors(path, tensors, { ...stage, ...metadata });
    const own = { path: base, ...await measureFile(path) };
    const others = files.filter(({ path }) =>
      path !== base && (path === tokenizer || path.startsWith("text/"))
    );
    await Deno.writeTextFile(
      `${root}/manifest.json`,
      JSON.stringify({ models: { mini }, files: [own, ...others] }),
    );
    await test(root);
  });
}

/** A base that fits mini's other parts. */
async function fittingBase(): Promise<BaseConfig> {
  const { tokenizer, encoder, release } = await loadMuse();
  await release();
  const { codes } = tokenizer.config;
  const side = gridSize(tokenizer.config);
  const { width: textWidth, length: textLength } = encoder;
  return { ...TINY, textWidth, textLength, codes, grid: [side, side] };
}

/** Adds random super-resolution to a model; returns its network. */
async function addSuperres(
  root: string,
  { textWidth, textLength, codes, grid: [side] }: BaseConfig,
  change: Partial<SuperresConfig> = {},
): Promise<void> {
  const high: VqganConfig = {
    ...TINY_VQGAN,
    imageSize: 4 * side,
    channels: [4],
    codes: 32,
  };
  const network: SuperresConfig = {
    ...TINY_SUPERRES,
    textWidth,
    textLength,
    lowCodes: codes,
    lowGrid: [side, side],
    codes: 32,
    grid: [2 * side, 2 * side],
    block: [side / 2, side / 2],
    ...change,
  };
  const parts = [
    ["tokenizer_high", "tokenizer", high, randomVqgan(high)],
    ["superres", "superres", network, randomSuperres(network)],
  ] as const;
  const path = `${root}/manifest.json`;
  const manifest = JSON.parse(await Deno.readTextFile(path));
  for (const [name, stage, config, weights] of parts) {
    const file = `mini/${name}.safetensors`;
    const metadata = { stage, network: JSON.stringify(config) };
    await writeSafetensors(
      `${root}/${file}`,
      weightEntries(weights),
      metadata,
    );
    manifest.files.push({
      path: file,
      ...await measureFile(`${root}/${file}`),
    });
  }
  manifest.models.mini.superres = {
    tokenizer: "mini/tokenizer_high.safetensors",
    transformer: "mini/superres.safetensors",
  };
  await Deno.writeTextFile(path, JSON.stringify(manifest));
}

Deno.test("loadMuse() loads super-resolution where the model has it, or leaves it", async () => {
  const base = await fittingBase();
  await withBase(base, {}, async (root) => {
    await addSuperres(root, base);
    const muse = await loadMuse("mini", { weights: root });
    try {
      await openMuse(muse, { steps: 2 });
      const drawn = await generate(muse, ["a fox"], { steps: 2 });
      const [{ width }] = drawn.pictures;
      assert.equal(width, muse.superres?.tokenizer.config.imageSize);
      assert.equal(drawn.superresTokens?.length, 4 * drawn.tokens.length);
      assert.ok(drawn.seconds.superres! > 0);
    } finally {
      await muse.release();
    }
    await assert.rejects(
      muse.superres!.model.open({ guided: false, truncated: false }),
      /Cannot use the super-resolution transformer: it was released/,
    );
    const options = { weights: root, superres: false };
    const small = await loadMuse("mini", options);
    assert.equal(small.superres, undefined);
    assert.equal(small.hash, muse.hash);
    await small.release();
  });
});

Deno.test("loadMuse() refuses super-resolution that is made for other parts", async () => {
  const base = await fittingBase();
  await withBase(base, {}, async (root) => {
    await addSuperres(root, base, { lowCodes: 7 });
    await assert.rejects(
      loadMuse("mini", { weights: root }),
      /super-resolution transformer is .*codes of the base .*, wanted 7\)/,
    );
  });
});

Deno.test("loadMuse() refuses parts that are made for other models", () =>
  withBase(TINY, {}, async (root) => {
    await assert.rejects(
      loadMuse("mini", { weights: root }),
      /load the model "mini": .*codes of the tokenizer: \d+, wanted 16; grid/,
    );
  }));

Deno.test("loadMuse() refuses another tokenizer than the base transformer's own", async () => {
  const { models: { mini }, files } = await readManifest();
  const { sha256 } = files.find(({ path }) => path === mini.tokenizer)!;
  const right = await fittingBase();
  await withBase(right, { tokenizer: sha256 }, async (root) => {
    await (await loadMuse("mini", { weights: root })).release();
  });
  const other = sha256.replace(/^..../, "0123");
  await withBase(right, { tokenizer: other }, async (root) => {
    await assert.rejects(
      loadMuse("mini", { weights: root }),
      ({ message }: Error) => {
        assert.match(message, /^Cannot load the model "mini": .*base\.safet/);
        assert.match(message, /base --tokenizer .*tokenizer\.safetensors`$/);
        assert.ok(message.includes(`SHA-256 ${other.slice(0, 12)}…`), message);
        assert.ok(message.includes(`has ${sha256.slice(0, 12)}…`), message);
        return true;
      },
    );
  });
});
