import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFiles, writePairs } from "../../datasets/pairs/fixture.ts";
import { locateModel } from "../hub/model_folder.ts";
import { decodeImage } from "../image/decode.ts";
import { withFolder } from "../run/temp_folder.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import { loadCheckpoint } from "../train/checkpoint.ts";
import { runCaught } from "./run_caught.ts";
import { run as draw } from "./generate.ts";
import { run } from "./train.ts";
import { BASE, COMMON, SUPERRES, TOKENIZER } from "./train_fixture.ts";
import { withVariables } from "./with_variables.ts";

const PICTURES = 200;

/** A rate that does not depend on the last step, so that runs can be cut. */
const STEADY = { ...COMMON, floor: 1, warmupSteps: 0, steps: 2 };
const HIGH = { ...TOKENIZER.network, imageSize: 32 };
const { losses: _, reviveEvery: _e, reviveWindow: _w, ...OF_DECODER } =
  TOKENIZER.training;
const CONFIGS: Readonly<Record<string, unknown>> = {
  "tokenizer": {
    ...TOKENIZER,
    training: { ...TOKENIZER.training, ...STEADY },
  },
  "tokenizer-high": {
    network: HIGH,
    training: { ...TOKENIZER.training, ...STEADY },
  },
  "base": { ...BASE, training: { ...BASE.training, ...STEADY } },
  "superres": { ...SUPERRES, training: { ...SUPERRES.training, ...STEADY } },
  "decoder": {
    network: { ...HIGH, decoderBlocks: 2 },
    training: { ...OF_DECODER, ...STEADY, losses: { absolute: 1, squared: 2 } },
  },
};

/** A command line in a folder with data and configurations. */
interface Bench {
  readonly root: string;
  /** Runs `train STAGE` with the folder's configuration and data. */
  train(stage: string, ...args: string[]): ReturnType<typeof runCaught>;
  /** The state and the log of a run, but for what depends on the clock. */
  read(name: string): Promise<unknown>;
}

/** Lends it, with a cache of its own. */
async function withBench(use: (bench: Bench) => Promise<void>): Promise<void> {
  const inCache = (root: string) => async () => {
    await writePairs(join(root, "data"), PICTURES);
    for (const [stage, config] of Object.entries(CONFIGS)) {
      await writeFiles(root, { [`${stage}.json`]: JSON.stringify(config) });
    }
    const runs = join(root, "runs");
    const of = (stage: string) => [
      ...["--config", join(root, `${stage}.json`)],
      ...["--data", join(root, "data")],
    ];
    await use({
      root,
      train: (stage, ...args) =>
        runCaught("train", run, [
          stage,
          ...["--runs", runs],
          ...(args.includes("--export") ? [] : of(stage)),
          ...args,
        ]),
      async read(name) {
        const { state } = await loadCheckpoint(
          join(runs, name, "checkpoint.safetensors"),
        );
        return state;
      },
    });
  };
  await withFolder((root) =>
    withVariables({ XDG_CACHE_HOME: join(root, "cache") }, inCache(root))
  );
}

Deno.test("train --data, all five stages on a folder of 200 pictures", (t) =>
  withBench(async ({ root, train, read }) => {
    const model = join(root, "model");
    const file = (name: string) => join(model, `${name}.safetensors`);
    const own = ["--tokenizer", file("tokenizer")];
    const ownHigh = ["--tokenizer-high", file("tokenizer_high")];
    const both = [...own, ...ownHigh];
    await Deno.mkdir(model);
    const readLine = async (name: string) => {
      const log = join(root, "runs", name, "log.jsonl");
      return JSON.parse((await Deno.readTextFile(log)).trimEnd());
    };
    const done = async (stage: string, ...args: string[]) => {
      const result = await train(stage, ...args);
      assert.equal(result.code, 0, result.err);
      return result;
    };

    await t.step("trains both tokenizers, and keeps a part out", async () => {
      const { out } = await done("tokenizer");
      assert.match(out, /a folder, 200 pictures with 200 captions\n/);
      await done("tokenizer", "--export", file("tokenizer"));
      await done("tokenizer-high");
      await done("tokenizer-high", "--export", file("tokenizer_high"));
      const folder = join(root, "runs/tokenizer");
      const record = JSON.parse(
        await Deno.readTextFile(join(folder, "data.json")),
      );
      assert.equal(record.set, "data");
      assert.equal(record.pairs, PICTURES);
      assert.equal(record.keptOut.length, PICTURES / 20);
      assert.equal(await Deno.readTextFile(join(folder, "left_out.tsv")), "");
      assert.ok((await Deno.stat(join(folder, "0000002.png"))).size > 100);
      const { validationPsnr } = await readLine("tokenizer");
      assert.ok(validationPsnr > 0 && validationPsnr < 40, `${validationPsnr}`);
      const { metadata } = await readSafetensorsHeader(file("tokenizer"));
      assert.equal(JSON.parse(metadata.data).listing, record.listing);
    });

    await t.step(
      "trains base and superres on tokens computed once",
      async () => {
        const first = await done("base", ...own);
        assert.match(first.out, /tokens of pictures of 16 px: computed\n/);
        assert.match(first.out, /states of captions: computed\n/);
        await done("base", "--export", file("base"));
        const second = await done("base", ...own, "--name", "again");
        assert.match(second.out, /of 16 px: found in the cache\n/);
        assert.match(second.out, /states of captions: found in the cache\n/);
        assert.deepEqual(await read("again"), await read("base"));
        const third = await done("superres", ...both);
        assert.match(third.out, /of 16 px: found in the cache\n/);
        assert.match(third.out, /of 32 px: computed\n/);
        await done("superres", "--export", file("superres"));
        // Of 16 codes, by networks that hardly learned.
        for (const stage of ["base", "superres"]) {
          const { validationCrossEntropy: value } = await readLine(stage);
          assert.ok(Math.abs(value - Math.log(16)) < 1, `${stage}: ${value}`);
        }
      },
    );

    await t.step("trains a decoder", async () => {
      await done("decoder", ...ownHigh);
      assert.ok((await readLine("decoder")).validationPsnr > 0);
      await done("decoder", ...ownHigh, "--export", file("decoder"));
    });

    await t.step("draws with what it trained", async () => {
      const out = join(root, "drawn.png");
      const asked = ["a red square", "--model", model, "--out", out];
      const { code, err } = await runCaught("generate", draw, [
        ...asked,
        ...["--steps", "2", "--superres-steps", "2"],
      ]);
      assert.equal(code, 0, err);
      const { width } = await decodeImage(await Deno.readFile(out));
      assert.equal(width, 32);
      const { manifest, parts } = await locateModel(model);
      assert.equal(parts.superres?.tokenizer, file("decoder"));
      assert.equal(manifest.files.length, 5);
    });

    await t.step("goes on bit for bit", async () => {
      const cut = ["--crop", "random", "--flip"];
      const runs: [string, readonly string[]][] = [
        ["tokenizer", cut],
        ["base", own],
        ["superres", both],
      ];
      for (const [stage, args] of runs) {
        const whole = ["--name", `${stage}-whole`, "--steps", "4"];
        const { out } = await done(stage, ...args, ...whole);
        assert.match(out, /^Done: 4 steps/m);
        const parts = ["--name", `${stage}-parts`, "--steps"];
        await done(stage, ...args, ...parts, "1");
        await done(stage, ...args, ...parts, "4", "--resume");
        const states = await Promise.all(
          ["whole", "parts"].map((name) => read(`${stage}-${name}`)),
        );
        assert.deepEqual(states[1], states[0]);
      }
    });

    await t.step(
      "computes tokens anew where pictures are cut by chance",
      async () => {
        const { out } = await done("base", ...own, "--flip", "--name", "flip");
        assert.match(out, /their tokens are computed anew for every batch/);
        assert.doesNotMatch(out, /found in the cache/);
      },
    );

    await t.step("does not take another tokenizer's tokens", async () => {
      const path = join(root, "other.safetensors");
      await done("tokenizer", "--name", "tokenizer-whole", "--export", path);
      const other = ["--tokenizer", path];
      const { out } = await done("base", ...other, "--name", "other");
      assert.match(out, /of 16 px: computed\n[^]*captions: found in the cache/);
      const { code, err } = await train("base", ...other, "--resume");
      assert.equal(code, 1);
      assert.match(err, /learned the tokens of another tokenizer/);
    });

    await t.step("goes on with its own data only", async () => {
      const resume = ["--resume", "--steps", "3"];
      const cases: [string[], RegExp][] = [
        [["--flip"], /other data: flip was false, is true; give the --data it/],
        [["--validation", "0.1"], /data: validation was 0\.05, is 0\.1/],
        [["--data", "emoji"], /set was "data", is "emoji"/],
      ];
      for (const [args, message] of cases) {
        const { code, err } = await train("tokenizer", ...resume, ...args);
        assert.equal(code, 1);
        assert.match(err, message);
      }
      await Deno.rename(join(root, "data"), join(root, "moved"));
      const moved = ["--data", join(root, "moved")];
      await done("tokenizer", ...resume, ...moved);
      await writeFiles(join(root, "moved"), { "0001.txt": "other words" });
      const { err } = await train("tokenizer", ...resume, ...moved);
      assert.match(err, /listing was "[0-9a-f]{64}", is "[0-9a-f]{64}"/);
    });
  }));

Deno.test("train --data names what it leaves out, and trains on the rest", () =>
  withBench(async ({ root, train }) => {
    const data = join(root, "data");
    // Every other one, so that the first batches come upon some.
    for (let i = 0; i < PICTURES; i += 2) {
      const [name] = [...Deno.readDirSync(data)]
        .map((entry) => entry.name)
        .filter((name) => name.startsWith(String(i).padStart(4, "0")))
        .filter((name) => !name.endsWith(".txt"));
      await Deno.truncate(join(data, name), 40);
    }
    await Deno.remove(join(data, "0001.txt"));
    const { code, out, err } = await train("tokenizer", "--steps", "6");
    assert.equal(code, 0, err);
    assert.match(out, /left out are 1:\n {2}0001\.jpeg: no caption beside it/);
    const left = await Deno.readTextFile(
      join(root, "runs/tokenizer/left_out.tsv"),
    );
    assert.match(left, /^0001\.jpeg\tno caption beside it$/m);
    const broken = [...err.matchAll(/^Left out: (\S+): Cannot use/gm)]
      .map(([, name]) => name);
    assert.ok(broken.length > 0);
    for (const name of broken) assert.match(left, RegExp(`^${name}\t`, "m"));
  }));

Deno.test("train says what is wrong with --data before it begins", () =>
  withFolder(async (folder) => {
    const cases: [string[], number, RegExp][] = [
      [["--data", folder], 1, /as a folder: it has no picture with a caption/],
      [["--data", join(folder, "none")], 1, /There is no data set .*none/],
      [["--data", " "], 2, /--data is empty/],
      [["--crop", "random"], 2, /--crop is for --data other than emoji/],
      [["--data", "emoji", "--flip"], 2, /--flip is for --data other than/],
      [["--data", folder, "--crop", "top"], 2, /--crop is centre or random/],
      [["--data", folder, "--validation", "0"], 2, /--validation is a number/],
      [["--data", folder, "--export", "x"], 2, /leave out --data, or train/],
    ];
    for (const [args, code, message] of cases) {
      const here = ["tokenizer", "--runs", join(folder, "runs"), ...args];
      const found = await runCaught("train", run, here);
      assert.equal(found.code, code, found.err);
      assert.match(found.err, message);
    }
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));
