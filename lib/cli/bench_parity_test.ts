import assert from "node:assert/strict";
import { join } from "node:path";
import { tinyFolder } from "../amused/parity.ts";
import { contents, withFolder } from "../run/temp_folder.ts";
import { run } from "./bench_parity.ts";
import { runCaught } from "./run_caught.ts";

/** The tiny pipeline's configurations, under a published name. */
async function tinyPipelines() {
  const read = async (path: string) =>
    JSON.parse(await Deno.readTextFile(join(tinyFolder("tiny-512"), path)));
  const json = {
    "amused-512": {
      transformer: {
        ...await read("transformer/config.json"),
        ...{ hidden_size: 64, intermediate_size: 96 }, // which int8 serves
      },
      vqvae: await read("vqvae/config.json"),
      text: await read("text_encoder/config.json"),
    },
  };
  return { json, merges: () => Promise.resolve(["b e", "be a", "r </w>"]) };
}

Deno.test("bench parity measures a pipeline, and leaves nothing behind", () =>
  withFolder(async (folder) => {
    const pipelines = await tinyPipelines();
    const bench = (...args: string[]) =>
      runCaught("bench", (all) => run(all, pipelines), [
        ...["--model", "amused-512", "--steps", "2", "--folder", folder],
        ...args,
      ]);
    const { code, out, err } = await bench("--json", "--low-memory");
    assert.equal(code, 0, err);
    const figures = JSON.parse(out);
    assert.equal(figures.steps.length, 2);
    assert.ok(figures.firstStep >= figures.load);
    assert.ok(figures.parameters > 50_000);
    assert.ok(figures.lowMemory);
    const int8 = JSON.parse((await bench("--json", "--precision=int8")).out);
    assert.equal(int8.precision, "int8");
    assert.ok(int8.loss.logits > 1e-4 && int8.loss.logits < 0.1);
    assert.ok(int8.loss.tokens > 0.5 && int8.loss.tokens <= 1);
    const text = await bench();
    assert.match(text.out, /step, median +[\d.]+ s\n +VQ decode/);
    assert.deepEqual(contents(folder), []);
  }));
