import assert from "node:assert/strict";
import { withFolder } from "../run/temp_folder.ts";
import { trainingTimes } from "./training_time.ts";

Deno.test("trainingTimes() adds up steps, pictures and hours of each log", () =>
  withFolder(async (folder) => {
    assert.deepEqual(await trainingTimes(folder), []);
    const write = (name: string, text: string) =>
      Deno.writeTextFile(`${folder}/${name}`, text);
    const line = (step: number, secondsPerStep: number) =>
      `${JSON.stringify({ step, secondsPerStep, loss: 1 })}\n`;
    await write("b.log.jsonl", line(25, 144) + line(35, 360));
    await write("b.json", JSON.stringify({ training: { batch: 16 } }));
    await write("a.log.jsonl", line(2, 1800));
    await write("other.json", "{}");
    assert.deepEqual(await trainingTimes(folder), [
      { name: "a", steps: 2, pictures: null, hours: 1 },
      { name: "b", steps: 35, pictures: 560, hours: 2 },
    ]);
    await write("a.log.jsonl", `${line(2, 1)}{"step":3}\n`);
    await assert.rejects(
      trainingTimes(folder),
      /a\.log\.jsonl, line 2: wanted/,
    );
  }));
