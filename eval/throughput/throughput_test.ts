import assert from "node:assert/strict";
import { CLIP_SIZES } from "../../lib/clip/sizes.ts";
import { clipVisionTower } from "../../lib/clip/vision_tower.ts";
import { countGflop } from "../../lib/graph/products.ts";
import { input } from "../../lib/graph/ops.ts";
import type { Generated } from "../../lib/muse/pipeline.ts";
import { contents, withFolder } from "../../lib/run/temp_folder.ts";
import { inceptionNetwork } from "../networks/inception.ts";
import { runInTurns } from "./measure.ts";
import { measureSystems, planParts } from "./measure_systems.ts";
import { paperSystem } from "./paper_system.ts";
import type { Precision, System } from "./part.ts";
import { openProcess } from "./process_runner.ts";
import { type Job, openHere } from "./runner.ts";
import { TINY_SYSTEMS } from "./tiny_systems.ts";

/** In this process, without the products, which take long. */
async function openTiny(job: Job) {
  const runner = await openHere(TINY_SYSTEMS, job);
  return { ...runner, multiplyGflops: () => Promise.resolve(100) };
}

Deno.test("measureSystems() measures every part of every kind of system", () =>
  withFolder(async (folder) => {
    const heard: string[] = [];
    const precisions: Precision[] = ["fp32", "int4"];
    const rows = await measureSystems({
      ...{ systems: TINY_SYSTEMS, warmUp: 0, runs: 1, folder, precisions },
      batches: [2],
      steps: [3],
      open: openTiny,
      onPart: (part) => heard.push(part),
    });
    assert.deepEqual(
      rows.map(({ system, part, precision }) =>
        `${system} ${part} ${precision}`
      ),
      [
        ...[
          ["amused", "text", "base step", "VQGAN decode", "picture"],
          ["paper", "base step", "super-res step", "VQGAN decode", "picture"],
          ["t5", "text"],
          ["clip", "features", "text features"],
          ["inception", "features"],
        ].flatMap(([system, ...parts]) =>
          precisions.flatMap((precision) =>
            parts.map((part) => `${system} ${part} ${precision}`)
          )
        ),
      ],
    );
    for (const row of rows) {
      const { part, steps, seconds, isRandom, rate, fraction, gflop } = row;
      assert.equal(row.perSecond, 2 / seconds.median);
      assert.equal(seconds.runs, 1);
      assert.ok(seconds.least <= seconds.most && row.load > 0, part);
      assert.ok(isRandom && row.peakMb > 10);
      assert.equal(steps, part === "picture" ? 3 : undefined);
      assert.equal(rate === undefined, part === "picture");
      if (rate === undefined) continue;
      assert.equal(rate, gflop! / seconds.median);
      assert.equal(fraction, rate / 100);
      assert.ok(row.parameters! > 1000);
    }
    // Also weights to be written, and before half of the rows a copy of them
    assert.equal(heard.length, rows.length + 5 + rows.length / 2);
    assert.deepEqual(contents(folder), []);
  }));

Deno.test("paperSystem() draws the base's own pictures where there is no super-resolution", async () => {
  const system = paperSystem("tiny", {
    base: {
      ...{ textWidth: 32, textLength: 4, codes: 16, grid: [8, 8] },
      ...{ width: 32, heads: 2, hidden: 64, layers: 1 },
    },
    tokenizer: {
      ...{ imageSize: 16, stem: 1, channels: [4, 8], groups: 2 },
      ...{ encoderBlocks: 1, decoderBlocks: 1, middleBlocks: 1 },
      ...{ codeWidth: 4, codes: 16, normalizeCodes: false },
    },
  });
  assert.deepEqual(Object.keys(system.parts), [
    ...["base step", "VQGAN decode", "picture"],
  ]);
  await withFolder(async (folder) => {
    const { path, isRandom } = await system.write(folder);
    assert.ok(isRandom);
    const { parts, release } = await system.open(path, { precision: "fp32" });
    const draw = await parts.picture!.prepare({ batch: 1, steps: 2 });
    const { pictures: [picture] } = await draw() as Generated;
    assert.deepEqual([picture.width, picture.height], [16, 16]);
    assert.equal(parts["super-res step"], undefined);
    await release();
    const written = contents(folder).map((name) =>
      Deno.statSync(`${folder}/${name}`).size
    );
    assert.ok(system.bytes > written.reduce((a, b) => a + b));
  });
});

Deno.test("openHere() counts a guided step twice as large as one text", () =>
  withFolder(async (folder) => {
    const { path } = await TINY_SYSTEMS.paper.write(folder);
    const steps = await Promise.all([1, 3].map(async (batch) => {
      const job = { system: "paper", path, precision: "fp32" } as const;
      const runner = await openTiny({
        ...job,
        part: "base step",
        work: { batch },
      });
      await runner.end();
      return runner.about;
    }));
    // 16 tokens of 32 numbers, with text and without: queries, keys, values and
    // outputs of themselves, queries and outputs of the text, and what they read
    const own = 4 * 32 ** 2 + 2 * 16 * 32;
    const text = 2 * 32 ** 2 + 2 * 4 * 32;
    const feedForward = 2 * 32 * 64;
    const head = 32 ** 2 + 32 * 12;
    const token = own + text + feedForward + head;
    assert.equal(steps[0].gflop, 2 * 2 * 16 * token / 1e9);
    assert.equal(steps[1].gflop, 3 * steps[0].gflop!);
    assert.equal(steps[1].parameters, steps[0].parameters);
  }));

Deno.test("countGflop() finds the published operations of the feature networks", () => {
  const pixels = input("pixels", ["1B", 3, 299, 299]);
  const inception = inceptionNetwork({ divisor: 1, classes: 1008 }, pixels);
  // 5.71 billion numbers multiplied and added for a picture
  assert.equal(countGflop([inception["2048"]]).toFixed(1), "11.4");
  const { vision } = CLIP_SIZES["vit-l-14"];
  const { embedding } = clipVisionTower(
    vision,
    input("pixels", ["1B", 3, 224, 224]),
  );
  assert.equal(countGflop([embedding]).toFixed(0), "162");
});

Deno.test("planParts() asks for every batch, and for steps of pictures alone", () => {
  const asked = {
    ...{ batches: [1, 8], steps: [4, 12] },
    precisions: ["fp32"] as const,
  };
  const system: System = TINY_SYSTEMS.paper;
  const plans = planParts(system, { lacks: ["super-res step"] }, asked);
  assert.deepEqual(
    plans.map(({ part, batch, steps }) => `${part} ${batch} ${steps ?? ""}`),
    [
      ...["base step 1 ", "base step 8 ", "VQGAN decode 1 ", "VQGAN decode 8 "],
      ...["picture 1 4", "picture 1 12", "picture 8 4", "picture 8 12"],
    ],
  );
  const usual = planParts(TINY_SYSTEMS.inception, {}, {});
  assert.deepEqual(
    usual.map(({ precision }) => precision),
    TINY_SYSTEMS.inception.precisions,
  );
  const rest = {
    precision: "fp32",
    device: "cpu",
    batch: 8,
    steps: undefined,
  };
  assert.deepEqual(planParts(TINY_SYSTEMS.clip, {}, { precisions: ["fp32"] }), [
    { part: "features", ...rest },
    { part: "text features", ...rest },
  ]);
  const both = planParts(TINY_SYSTEMS.inception, {}, {
    precisions: ["fp16-storage"],
    devices: ["cpu", "webgpu"],
  });
  assert.deepEqual(both.map(({ device }) => device), ["cpu", "webgpu"]);
});

Deno.test("runInTurns() lets each run once before any runs again", async () => {
  const order: string[] = [];
  const runner = (name: string, seconds: readonly number[]) => {
    let run = 0;
    return {
      run() {
        order.push(name);
        return Promise.resolve(seconds[run++]);
      },
    };
  };
  const times = await runInTurns(
    [runner("a", [9, 1, 3]), runner("b", [9, 4, 4])],
    { warmUp: 1, runs: 2 },
  );
  assert.deepEqual(order, ["a", "b", "a", "b", "a", "b"]);
  assert.deepEqual(times, [
    { median: 2, least: 1, most: 3, runs: 2 },
    { median: 4, least: 4, most: 4, runs: 2 },
  ]);
});

/** A program of one line in a process of its own. */
const program = (code: string) =>
  openProcess({ command: Deno.execPath(), args: ["eval", "--quiet", code] });

Deno.test("openProcess() asks a program, which says what it lacks or what went wrong", async () => {
  const about = JSON.stringify({ about: { load: 2 }, versions: { a: "1" } });
  const runner = await program(`
    console.log('${about}');
    const decoder = new TextDecoder();
    for await (const part of Deno.stdin.readable) {
      if (decoder.decode(part) === "run\\n") console.log(0.5);
    }`);
  assert.ok("run" in runner);
  assert.equal(runner.about.load, 2);
  assert.deepEqual(runner.versions, { a: "1" });
  assert.equal(await runner.run(), 0.5);
  assert.equal(await runner.run(), 0.5);
  await runner.end();
  const lacking = await program(`console.log('{"missing":"diffusers"}')`);
  assert.deepEqual(lacking, { missing: "diffusers" });
  await assert.rejects(
    program(`console.log('{"error":"no such part"}')`),
    /^Error: no such part$/,
  );
  await assert.rejects(
    program(`console.error("out of paper"); Deno.exit(3)`),
    /it ended without an answer\nout of paper/,
  );
});
