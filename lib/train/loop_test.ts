import assert from "node:assert/strict";
import { input, matmul, mean, parameter, square, sub } from "../graph/ops.ts";
import { createRng } from "../run/random.ts";
import { findCheckpoint, loadCheckpoint } from "./checkpoint.ts";
import { type Stage, trainLoop } from "./loop.ts";
import { createTrainState } from "./state.ts";
import { createTrainStep, trainsAll } from "./step.ts";
import { inFolder, readLog, runToy } from "./toy_run.ts";

/** Learns a line from points; a test may replace parts of it. */
async function lineStage(changes: Partial<Stage> = {}): Promise<Stage> {
  const weight = parameter("line.weight", [2, 1]);
  const error = sub(matmul(input("x", [8, 2]), weight), input("y", [8, 1]));
  const step = await createTrainStep({
    losses: [{ value: mean(square(error)), trains: trainsAll }],
    outputs: {},
    optimizer: {
      beta1: 0.9,
      beta2: 0.99,
      epsilon: 1e-8,
      weightDecay: 0,
      clipNorm: 1,
    },
    averaging: 0.9,
  });
  return {
    parameters: step.parameters,
    stepAt: () => Promise.resolve(step),
    feeds(number) {
      const rng = createRng("points", number);
      const x = Float32Array.from({ length: 16 }, () => rng.normal());
      const y = Float32Array.from(
        { length: 8 },
        (_, i) => 2 * x[2 * i] - x[2 * i + 1],
      );
      return Promise.resolve({ x, y });
    },
    observe: (_, { loss }) => ({ loss: loss.data[0] }),
    extra: () => new Map([["kept", Float32Array.of(4)]]),
    sample: (state, path) => Deno.writeTextFile(path, String(state.step)),
    close: () => step.release(),
    ...changes,
  };
}

async function names(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
}

Deno.test(
  "trainLoop() logs, draws and keeps a checkpoint",
  inFolder(async (folder) => {
    const run = await runToy(() => lineStage(), {
      folder: `${folder}/new/run`,
      steps: 10,
      logEvery: 4,
      sampleEvery: 5,
    });
    assert.equal(run.done, 10);
    assert.deepEqual(await names(`${folder}/new/run`), [
      "0000005.png",
      "0000010.png",
      "checkpoint.safetensors",
      "log.jsonl",
    ]);
    assert.deepEqual(run.lines.map(({ step }) => step), [4, 8, 10]);
    const mean = run.numbers.slice(4, 8).reduce((sum, n) => sum + n.loss, 0) /
      4;
    assert.equal(run.lines[1].numbers.loss, mean);
    const lines = await readLog(`${folder}/new/run`);
    assert.deepEqual(lines[1], {
      step: 8,
      learningRate: Number(run.lines[1].learningRate.toPrecision(6)),
      loss: Number(mean.toPrecision(6)),
    });
    const { state, extra } = await loadCheckpoint(
      `${folder}/new/run/checkpoint.safetensors`,
    );
    assert.deepEqual(state, run.state);
    assert.deepEqual([...extra], [["kept", Float32Array.of(4)]]);
  }),
);

Deno.test(
  "trainLoop() finds the line",
  inFolder(async (folder) => {
    const { state, numbers } = await runToy(() => lineStage(), {
      folder,
      steps: 150,
      learningRate: 0.1,
    });
    const [a, b] = state.values.get("line.weight")!;
    assert.ok(Math.abs(a - 2) < 0.05 && Math.abs(b + 1) < 0.05, `${a} ${b}`);
    assert.ok(numbers.at(-1)!.loss < 0.01 * numbers[0].loss);
  }),
);

Deno.test(
  "trainLoop() goes on after a stop as if there had been none",
  inFolder(async (folder) => {
    const open = () => lineStage();
    const options = { steps: 11, logEvery: 4 };
    const whole = await runToy(open, { folder: `${folder}/a`, ...options });
    const parts = [];
    for (const stopAfter of [1, 6, undefined]) {
      parts.push(
        await runToy(open, { folder: `${folder}/b`, stopAfter, ...options }),
      );
    }
    assert.deepEqual(parts.map(({ done }) => done), [1, 6, 11]);
    assert.deepEqual(parts.flatMap(({ numbers }) => numbers), whole.numbers);
    assert.deepEqual(parts.at(-1)!.state, whole.state);
    assert.deepEqual(
      await readLog(`${folder}/b`),
      await readLog(`${folder}/a`),
    );
  }),
);

Deno.test(
  "trainLoop() goes on from the last checkpoint of a run that was killed",
  inFolder(async (folder) => {
    const options = { steps: 8, logEvery: 2 };
    const whole = await runToy(() => lineStage(), {
      folder: `${folder}/a`,
      ...options,
    });
    await runToy(() => lineStage(), {
      folder: `${folder}/b`,
      stopAfter: 3,
      ...options,
    });
    const dies = lineStage({
      extra() {
        throw new Error("killed"); // before the checkpoint is written
      },
    });
    await assert.rejects(
      runToy(() => dies, { folder: `${folder}/b`, stopAfter: 7, ...options }),
      /killed/,
    );
    assert.equal((await readLog(`${folder}/b`)).length, 3);
    const rest = await runToy(() => lineStage(), {
      folder: `${folder}/b`,
      ...options,
    });
    assert.deepEqual(rest.numbers, whole.numbers.slice(3));
    assert.deepEqual(
      await readLog(`${folder}/b`),
      await readLog(`${folder}/a`),
    );
  }),
);

Deno.test(
  "trainLoop() writes checkpoints on the way",
  inFolder(async (folder) => {
    const seen: (number | undefined)[] = [];
    const inner = await lineStage();
    const stage: Stage = {
      ...inner,
      async stepAt(number) {
        seen.push((await findCheckpoint(folder))?.state.step);
        return await inner.stepAt(number);
      },
    };
    await trainLoop(
      stage,
      createTrainState(stage.parameters, createRng("often")),
      {
        folder,
        learningRate: { peak: 0.1, warmupSteps: 0, totalSteps: 3, floor: 1 },
        logEvery: 10,
        sampleEvery: 10,
        checkpointSeconds: 0,
        metadata: {},
        signal: new AbortController().signal,
        report: () => {},
      },
    );
    assert.deepEqual(seen, [undefined, 1, 2]);
    await stage.close();
  }),
);

Deno.test(
  "trainLoop() stops at a number that is not finite and keeps the checkpoint",
  inFolder(async (folder) => {
    await runToy(() => lineStage(), { folder, steps: 9, stopAfter: 3 });
    const good = await Deno.readFile(`${folder}/checkpoint.safetensors`);
    const broken = lineStage({
      feeds: () =>
        Promise.resolve({
          x: new Float32Array(16).fill(NaN),
          y: new Float32Array(8),
        }),
    });
    await assert.rejects(
      runToy(() => broken, { folder, steps: 9 }),
      /Cannot train any further: loss is NaN after step 4; .*checkpoint/,
    );
    const left = await Deno.readFile(`${folder}/checkpoint.safetensors`);
    assert.deepEqual(left, good);
  }),
);

Deno.test(
  "trainLoop() refuses the state of another network",
  inFolder(async (folder) => {
    await runToy(() => lineStage(), { folder, steps: 3 });
    const other = parameter("other", [2]);
    const stage = lineStage({
      parameters: [other] as unknown as Stage["parameters"],
    });
    await assert.rejects(
      runToy(() => stage, { folder, steps: 5 }),
      /values\/other has no values, wanted 2\n.*first\/other/s,
    );
  }),
);
