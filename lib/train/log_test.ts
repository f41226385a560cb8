import assert from "node:assert/strict";
import { openLog } from "./log.ts";
import { inFolder } from "./toy_run.ts";

async function readLines(path: string): Promise<Record<string, number>[]> {
  const text = await Deno.readTextFile(path);
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test(
  "openLog() writes means over the steps since the line before",
  inFolder(async (folder) => {
    const path = `${folder}/log.jsonl`;
    const log = await openLog(path, 0);
    log.add({ loss: 1, other: 5 });
    log.add({ loss: 2.5, other: 5 });
    const line = await log.write(2, 0.1);
    assert.deepEqual(line.numbers, { loss: 1.75, other: 5 });
    log.add({ loss: 1 / 3 });
    log.add({ loss: 1 / 3, late: 4 }); // counted from where it begins
    await log.write(4, 0.05);
    const [first, second] = await readLines(path);
    const { secondsPerStep, ...rest } = first;
    assert.deepEqual(rest, {
      step: 2,
      learningRate: 0.1,
      loss: 1.75,
      other: 5,
    });
    assert.ok(secondsPerStep >= 0);
    assert.equal(second.loss, 0.333333);
    assert.equal(second.late, 4);
    assert.equal("other" in second, false);
  }),
);

Deno.test(
  "openLog() goes on with the window of a checkpoint",
  inFolder(async (folder) => {
    const path = `${folder}/log.jsonl`;
    const whole = await openLog(path, 0);
    const before = await openLog(path, 0);
    for (const loss of [0.1, 0.7]) {
      whole.add({ loss });
      before.add({ loss });
    }
    const kept = JSON.parse(JSON.stringify(before.window()));
    const after = await openLog(path, 2, kept);
    whole.add({ loss: 0.3 });
    after.add({ loss: 0.3 });
    const [a, b] = [await whole.write(3, 1), await after.write(3, 1)];
    assert.deepEqual(a.numbers, b.numbers);
    assert.deepEqual(after.window(), {});
  }),
);

Deno.test(
  "openLog() drops the lines of steps that are done again",
  inFolder(async (folder) => {
    const path = `${folder}/log.jsonl`;
    await Deno.writeTextFile(
      path,
      '{"step":5,"loss":3}\n{"step":10,"loss":2}\n{"step":15,"loss":1}\n{"st',
    );
    const log = await openLog(path, 10);
    log.add({ loss: 7 });
    await log.write(11, 1);
    assert.deepEqual((await readLines(path)).map(({ step }) => step), [
      5,
      10,
      11,
    ]);
  }),
);

Deno.test(
  "openLog() takes notes besides the steps",
  inFolder(async (folder) => {
    const log = await openLog(`${folder}/log.jsonl`, 0);
    log.add({ loss: 3 });
    log.note({ validationPsnr: 20 });
    log.add({ loss: 1 });
    const { numbers } = await log.write(2, 0.1);
    assert.deepEqual(numbers, { loss: 2, validationPsnr: 20 });
    assert.deepEqual(log.window(), {});
  }),
);
