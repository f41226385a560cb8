import assert from "node:assert/strict";
import { join } from "node:path";
import { withLock } from "../hub/lock.ts";
import { loadBaseModel } from "../muse/model.ts";
import { loadWeights, readWeightsF32 } from "../run/load_weights.ts";
import { scaleName } from "../run/quantize.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import { contents } from "../run/temp_folder.ts";
import { loadCheckpoint, saveCheckpoint } from "../train/checkpoint.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import { BASE, command, sha256, TOKENIZER, type } from "./train_fixture.ts";

/** Types a command that trains, and Ctrl-C when the output has the text. */
async function interruptAt(text: string, cwd: string, ...args: string[]) {
  const child = (await command(args, cwd)).spawn();
  let out = "";
  let sent = false;
  for await (
    const part of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    out += part;
    if (!sent && out.includes(text)) {
      child.kill("SIGINT");
      sent = true;
    }
  }
  await child.stderr.cancel();
  return { code: (await child.status).code, out };
}

/** A run's log without what depends on the clock. */
async function readLog(folder: string): Promise<Record<string, number>[]> {
  const text = await Deno.readTextFile(join(folder, "log.jsonl"));
  return text.trimEnd().split("\n").map((line) => {
    const { secondsPerStep: _, ...rest } = JSON.parse(line);
    return rest;
  });
}

Deno.test("train, as a user calls it", async (t) => {
  const cwd = await Deno.makeTempDir();
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(join(cwd, name), JSON.stringify(value));
  await write("tokenizer.json", TOKENIZER);
  await write("base.json", BASE);
  const train = (...args: string[]) => type(cwd, "train", ...args);
  const here = ["--runs", "runs"];
  const exportTo = (stage: string, file: string, ...args: string[]) =>
    train(stage, ...here, "--export", file, ...args);
  const tokenizer = ["tokenizer", "--config", "tokenizer.json", ...here];
  const base = ["base", "--config", "base.json", ...here];

  await t.step("says what is wrong before it begins", async () => {
    await write("odd.json", {
      ...BASE,
      network: { ...BASE.network, heads: 3, depth: 1 },
    });
    const cases: [string[], number, RegExp][] = [
      [["text"], 2, /stages are tokenizer, .* and judge, not "text"/],
      [[...tokenizer, "--steps", "0"], 2, /--steps is a whole number from 1/],
      [
        [...base, "--config", "odd.json"],
        1,
        /odd\.json: network\.heads: .*depth/,
      ],
      [[...base, "--config", "no.json"], 2, /no file no\.json, .*--config/],
      [[...base, "--init", "/nope"], 2, /no file \/nope, which --init names/],
      [[...base, "--tokenizer", "no"], 2, /no file no, which --tokenizer/],
      [
        [...tokenizer, "--tokenizer", "x"],
        2,
        /for the stages base, superres and judge/,
      ],
      [
        [...base, "--tokenizer-high", "x"],
        2,
        /is for the stages superres and decoder\./,
      ],
      [["superres", "--tokenizer-high", "x"], 2, /no file x, which --tokeni/],
      [[...tokenizer, "--int8"], 2, /--int8 says how to --export/],
      [
        ["tokenizer", "--export", "a.safetensors", "--resume"],
        2,
        /--export writes .* trains no further; leave out --resume, or/,
      ],
      [
        ["base", "--steps", "9", "--export", "a.safetensors"],
        2,
        /leave out --steps, or train first/,
      ],
      [
        ["base", "--init", "b.safetensors", "--export", "a.safetensors"],
        2,
        /leave out --init, or/,
      ],
      [[...base, "--tokenizer", "base.json"], 1, /base\.json/],
      [
        [...tokenizer, "--export", "a.safetensors"],
        2,
        /leave out --config, or/,
      ],
      [
        ["base", ...here, "--tokenizer", "x", "--export", "a.safetensors"],
        2,
        /leave out --tokenizer, or/,
      ],
      [
        ["superres", "--tokenizer-high=x", "--export", "a.safetensors"],
        2,
        /leave out --tokenizer-high, or/,
      ],
      [["tokenizer", ...here, "--export", "a"], 1, /train first/],
      [[...tokenizer, "--runs="], 2, /--runs is empty/],
      [[...tokenizer, "--name", " "], 2, /--name is empty/],
      [[...tokenizer, "--runs", "base.json"], 1, /base\.json is not a folder/],
    ];
    for (const [args, code, message] of cases) {
      const found = await train(...args);
      assert.equal(found.code, code, found.err);
      assert.match(found.err, /^train: /);
      assert.match(found.err, message);
      assert.doesNotMatch(found.err, /^ +at /m);
    }
    assert.ok(!contents(cwd).includes("runs"), "no run was begun");
  });

  await t.step("leaves a folder alone where another process trains", () => {
    const runs = join(cwd, "taken");
    const first = join(runs, "tokenizer", ".lock");
    return withLock(first, assert.fail, async () => {
      const part = join(runs, "tokenizer", "checkpoint.safetensors.1.part");
      await Deno.writeTextFile(part, "being saved");
      const { code, err } = await train(...tokenizer, "--runs", "taken");
      assert.equal(code, 1);
      assert.match(
        err,
        /train in taken\/tokenizer: another process does; wait/,
      );
      assert.equal(await Deno.readTextFile(part), "being saved");
    });
  });

  await t.step("goes on after Ctrl-C as if there had been none", async () => {
    const whole = await train(...tokenizer, "--name", "whole");
    assert.equal(whole.code, 0, whole.err);
    assert.match(whole.out, /^Done: 60 steps, in runs\/whole$/);
    const part = await interruptAt("from step 0", cwd, "train", ...tokenizer);
    assert.equal(part.code, 130);
    assert.match(part.out, /Stopped after step \d+; .*--resume goes on/);
    const again = await train(...tokenizer);
    assert.equal(again.code, 1);
    assert.match(again.err, /holds a checkpoint of step \d+; .*--resume/);
    const rest = await train(...tokenizer, "--resume");
    assert.equal(rest.code, 0, rest.err);
    const log = await readLog(join(cwd, "runs/tokenizer"));
    assert.deepEqual(log, await readLog(join(cwd, "runs/whole")));
    assert.deepEqual(log.map(({ step }) => step), [25, 50, 60]);
    const picture = await Deno.stat(join(cwd, "runs/tokenizer/0000060.png"));
    assert.ok(picture.size > 100);
  });

  await t.step("goes on with its own configuration only", async () => {
    const wider = { ...TOKENIZER.network, channels: [16] };
    const training = { ...TOKENIZER.training, batch: 4, steps: 61 };
    await write("wider.json", { ...TOKENIZER, network: wider });
    await write("longer.json", { ...TOKENIZER, training });
    const resume = (...args: string[]) =>
      train(...tokenizer, "--resume", ...args);
    const cases: [string[], RegExp][] = [
      [["--config", "wider.json"], /: network\.channels was \[8\], is \[16\];/],
      [
        ["--config", "longer.json"],
        /: training\.batch was 2, is 4, training\.steps was 60, is 61; give/,
      ],
      [
        ["--config", "longer.json", "--steps", "61"],
        /: training\.batch was 2, is 4; give the --config it began with/,
      ],
      [["--init", "tokenizer.json"], /step 60 and not tokenizer\.json/],
    ];
    for (const [args, message] of cases) {
      const found = await resume(...args);
      assert.equal(found.code, 1);
      assert.match(found.err, message);
    }
    const longer = await resume("--steps", "61");
    assert.match(longer.out, /^Done: 61 steps/, longer.err);
    const other = await train(...base, "--name", "tokenizer", "--resume");
    assert.match(other.err, /is of the stage tokenizer, not base/);
  });

  await t.step("exports weights that load, and starts from them", async () => {
    const exported = await exportTo("tokenizer", "t.safetensors");
    assert.equal(exported.code, 0, exported.err);
    assert.match(exported.out, /^Wrote t\.safetensors: step 61 of /);
    const { metadata } = await readSafetensorsHeader(
      join(cwd, "t.safetensors"),
    );
    assert.deepEqual(JSON.parse(metadata.network), TOKENIZER.network);
    assert.deepEqual(JSON.parse(metadata.config), TOKENIZER);
    assert.equal(metadata.tokenizer, undefined);
    await (await loadTokenizer(join(cwd, "t.safetensors"))).release();
    // A discriminator may join weights that were trained without one.
    const network = { stem: 2, channels: [8, 8] };
    const adversarial = { start: 0, weight: 0.1, network };
    const training = { ...TOKENIZER.training, adversarial };
    await write("judged.json", { ...TOKENIZER, training });
    const judged = ["--config", "judged.json", "--init", "t.safetensors"];
    const started = await train(
      ...tokenizer,
      ...judged,
      ...["--name", "judged", "--steps", "2"],
    );
    assert.equal(started.code, 0, started.err);
    const odd = ["--config", "wider.json", "--init", "t.safetensors"];
    const refused = await train(...tokenizer, ...odd, "--name", "odd");
    assert.equal(refused.code, 1);
    assert.match(refused.err, /encoder\.conv_in\.bias is \[8\], wanted \[16\]/);
  });

  await t.step("trains a base transformer on an own tokenizer", async () => {
    const own = ["--tokenizer", "t.safetensors"];
    const trained = await train(...base, ...own);
    assert.equal(trained.code, 0, trained.err);
    const picture = await Deno.stat(join(cwd, "runs/base/0000003.png"));
    assert.ok(picture.size > 1000);
    const exported = await exportTo("base", "b.safetensors");
    assert.equal(exported.code, 0, exported.err);
    await (await loadBaseModel(join(cwd, "b.safetensors"))).release();
    await assert.rejects(
      loadTokenizer(join(cwd, "b.safetensors")),
      /its metadata says it is a base/,
    );
    await write("grid.json", {
      ...BASE,
      network: { ...BASE.network, grid: [8, 4], textWidth: 4 },
    });
    const odd = await train(
      ...base,
      ...own,
      "--config",
      "grid.json",
      "--name",
      "g",
    );
    assert.equal(odd.code, 1);
    assert.match(odd.err, /grid of the tokenizer: 4x4, wanted 8x4/);
  });

  await t.step("goes on with its own tokenizer only", async () => {
    const shorter = ["--name", "judged"];
    const exported = await exportTo("tokenizer", "u.safetensors", ...shorter);
    assert.equal(exported.code, 0, exported.err);
    const resume = [...base, "--resume", "--steps", "4"];
    const other = await train(...resume, "--tokenizer", "u.safetensors");
    assert.equal(other.code, 1);
    assert.match(other.err, /tokens of another tokenizer than u\.safetensors/);
    // An older run's checkpoint doesn't say which, and is taken on trust.
    const path = join(cwd, "runs/base/checkpoint.safetensors");
    const { state, extra, metadata } = await loadCheckpoint(path);
    const { tokenizer: hash, ...older } = metadata;
    assert.equal(hash, await sha256(join(cwd, "t.safetensors")));
    await saveCheckpoint(path, state, extra, older);
    const trusted = await train(...resume, "--tokenizer", "u.safetensors");
    assert.match(trusted.out, /^Done: 4 steps/, trusted.err);
  });

  await t.step("exports matrices as int8", async () => {
    const exported = await exportTo("base", "i.safetensors", "--int8");
    assert.equal(exported.code, 0, exported.err);
    const path = join(cwd, "i.safetensors");
    const { tensors, metadata } = await readSafetensorsHeader(path);
    assert.deepEqual(JSON.parse(metadata.config), BASE);
    assert.match(metadata.tokenizer, /^[0-9a-f]{64}$/);
    const plain = await exportTo("base", "b.safetensors");
    assert.equal(plain.code, 0, plain.err);
    const halves = await readSafetensorsHeader(join(cwd, "b.safetensors"));
    let matrices = 0;
    for (const [name, { shape, dtype }] of halves.tensors) {
      assert.equal(dtype, "F16");
      const isMatrix = shape.length === 2 && shape[1] % 32 === 0;
      assert.equal(tensors.get(name)?.dtype, isMatrix ? "I8" : "F16", name);
      assert.equal(
        tensors.get(scaleName(name))?.dtype,
        isMatrix ? "F16" : undefined,
      );
      if (isMatrix) matrices++;
    }
    assert.equal(tensors.size, halves.tensors.size + matrices);
    assert.ok(matrices > 0);
    const [wide, exact] = [
      await loadWeights(path, { widen: true }),
      await readWeightsF32(halves),
    ];
    assert.deepEqual([...wide.keys()].sort(), [...exact.keys()].sort());
    for (const [name, { shape, data }] of exact) {
      const weight = wide.get(name)!;
      assert.ok(weight.kind === "memory");
      assert.deepEqual(weight.shape, shape);
      const most = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      weight.data.forEach((value, i) => {
        assert.ok(Math.abs(value - data[i]) <= most / 127, name);
      });
    }
    await (await loadBaseModel(path)).release();
  });

  await Deno.remove(cwd, { recursive: true });
});
