import assert from "node:assert/strict";
import { join } from "node:path";
import { cacheFolder } from "../run/cache_folder.ts";
import { SCORE_NAMES } from "../../eval/scores.ts";
import { AMUSED_DEFAULTS } from "../amused/options.ts";
import { DEFAULTS, settingsOf } from "../muse/options.ts";
import { PRESETS } from "../muse/presets.ts";
import { assertRefused } from "./assert_refused.ts";
import { readRequest, USAGE } from "./generate_args.ts";
import { guidanceText } from "./guidance_text.ts";
import { scheduleText } from "./schedule_text.ts";

const NOT_PUBLISHED = {
  size: undefined,
  adapters: [],
  lowMemory: false,
  yes: false,
};

Deno.test("readRequest() fills in what isn't said", () => {
  const { seed, ...settings } = DEFAULTS;
  assert.deepEqual(readRequest([" a red apple "]), {
    source: { kind: "prompt", prompt: "a red apple" },
    out: "out",
    count: 1,
    seed,
    settings,
    best: undefined,
    model: "mini",
    weights: undefined,
    batch: 8,
    run: {
      threads: undefined,
      precision: undefined,
      device: undefined,
      texts: join(cacheFolder(), "texts"),
    },
    published: NOT_PUBLISHED,
    sheet: undefined,
    trace: undefined,
    json: false,
  });
});

Deno.test("readRequest() reads every option", () => {
  const line = "--prompts p.jsonl --out there --count 3 --seed 7 " +
    "--steps 2 --schedule 100,0 --guidance 1..3 --temperature 0.5 " +
    "--choice-temperature 2 --sampler hybrid:0.3 --remask cap:0.1 --top-k 9 --top-p 0.9 --negative blurry " +
    "--superres-steps 5 --superres-guidance 1..2 --superres-temperature 0 " +
    "--model maxi --best-of 4 --score agreement --weights here --batch 4 " +
    "--threads 2 --precision int8 --device cuda " +
    "--no-text-cache --sheet s.png --sheet-side 64 --json";
  assert.deepEqual(readRequest(line.split(" ")), {
    source: { kind: "file", path: "p.jsonl" },
    out: "there",
    count: 3,
    seed: 7,
    settings: {
      steps: 2,
      schedule: { counts: [100, 0] },
      guidance: { kind: "linear", from: 1, to: 3 },
      temperature: 0.5,
      choiceTemperature: 2,
      sampler: { kind: "hybrid", explore: 0.3 },
      remask: { kind: "cap", rate: 0.1 },
      topK: 9,
      topP: 0.9,
      negative: "blurry",
      superresSteps: 5,
      superres: {
        guidance: { kind: "linear", from: 1, to: 2 },
        temperature: 0,
      },
    },
    best: { count: 4, score: "agreement" },
    model: "maxi",
    weights: "here",
    batch: 4,
    run: {
      threads: 2,
      precision: "int8",
      device: "cuda",
      texts: undefined,
    },
    published: NOT_PUBLISHED,
    sheet: { path: "s.png", side: 64 },
    trace: undefined,
    json: true,
  });
  const small = readRequest(["a fox", "--no-superres"]);
  assert.equal(small?.settings.superresSteps, 0);
  const traced = readRequest(["a fox", "--trace", "T.GIF"]);
  assert.deepEqual(traced?.trace, { path: "T.GIF", format: "gif" });
});

Deno.test("readRequest() takes its number of steps from what is listed step by step", () => {
  for (
    const [option, list] of [
      ["--schedule", "0.8,0.5,0.2,0"],
      ["--guidance", "0,0,3,3"],
      ["--temperature", "2,1,1,0.5"],
      ["--choice-temperature", "9,2,1,0"],
    ]
  ) {
    const request = readRequest(["a fox", option, list]);
    assert.equal(request?.settings.steps, 4, option);
  }
});

Deno.test("readRequest() names the scores that there are", () => {
  for (const score of SCORE_NAMES) {
    const line = ["a fox", "--best-of", "2", "--score", score];
    assert.deepEqual(readRequest(line)?.best, { count: 2, score });
  }
});

Deno.test("readRequest() scores by a CLIP that is named, or the usual one", () => {
  const line = ["a fox", "--best-of", "2"];
  const score = "clip";
  assert.deepEqual(
    readRequest([...line, "--score", score])?.best,
    { count: 2, score, clip: "clip-vit-base-patch32" },
  );
  for (const named of [["--clip", "here"], ["--score", score, "--clip=here"]]) {
    assert.deepEqual(
      readRequest([...line, ...named])?.best,
      { count: 2, score, clip: "here" },
    );
  }
});

Deno.test("readRequest() starts from a preset, which other options change", () => {
  const line = ["a fox", "--preset", "autonat8"];
  const { seed: _, ...preset } = settingsOf(PRESETS.autonat8);
  assert.deepEqual(readRequest(line)?.settings, preset);
  const changed = readRequest([...line, "--guidance", "3", "--top-k", "50"]);
  assert.deepEqual(changed?.settings, {
    ...preset,
    guidance: { kind: "constant", scale: 3 },
    topK: 50,
  });
});

Deno.test("readRequest() gives nothing when asked for help", () => {
  assert.equal(readRequest(["--help"]), undefined);
  assert.equal(readRequest(["a fox", "-h", "--steps", "0"]), undefined);
  for (
    const value of [
      DEFAULTS.steps,
      scheduleText(DEFAULTS.schedule),
      guidanceText(DEFAULTS.guidance),
      DEFAULTS.choiceTemperature,
    ]
  ) assert.ok(USAGE.includes(`(${value})`), `${value} is a default`);
  const widest = Math.max(...USAGE.split("\n").map((line) => line.length));
  assert.ok(widest <= 80, `${widest} columns`);
});

Deno.test("readRequest() tells every mistake in one sentence", () => {
  const wrong: [string[], RegExp][] = [
    [[], /a prompt is missing, such as "a red apple"/],
    [[""], /the prompt is empty/],
    [["  "], /the prompt is empty/],
    [["a", "red", "apple"], /needs quotes: "a red apple"/],
    [["a fox", "--prompts", "p.txt"], /a prompt or --prompts, not both/],
    [["--prompts", ""], /--prompts is empty/],
    [["a fox", "--steps", "0"], /--steps .* from 1 to 4096, not "0"/],
    [["a fox", "--steps", "1.5"], /--steps .* not "1\.5"/],
    [["a fox", "--steps", "NaN"], /--steps .* not "NaN"/],
    [["a fox", "--count", "0"], /--count .* from 1 to 1024/],
    [["a fox", "--seed", "-1"], /--seed .* from 0 up, not "-1"/],
    [["a fox", "--seed", "9007199254740991"], /--seed .* too large/],
    [["a fox", "--schedule", "cosin"], /did you mean "cosine"/],
    [["a fox", "--schedule", "0.5,0.7,0"], /--schedule: .*never rise/],
    [["a fox", "--schedule", "0.5,0.2"], /--schedule: .*0 as the last/],
    [["a fox", "--schedule", "0.5,0", "--steps", "3"], /lists 2 steps, but/],
    [["a fox", "--guidance", "0,1", "--steps", "3"], /--guidance lists 2 st/],
    [["a fox", "--guidance", "0,1", "--schedule", "9,5,0"], /but .* be 3/],
    [["a fox", "--preset", "autonat8", "--steps", "12"], /lists 8 steps, but/],
    [["a fox", "--preset", "autonat"], /did you mean "autonat8"/],
    [["a fox", "--guidance", "NaN"], /--guidance is a scale like 4/],
    [["a fox", "--guidance", "101"], /--guidance .* from 0 to 100/],
    [["a fox", "--guidance", "cosine:4^0"], /has a power P above 0/],
    [["a fox", "--guidance", "4@0.9..0.1"], /but 0.9 is above 0.1/],
    [["a fox", "--temperature", "-1"], /--temperature .* from 0 to 1000/],
    [["a fox", "--choice-temperature", "hot"], /--choice-temperature is/],
    [["a fox", "--sampler", "halten"], /did you mean "halton"/],
    [["a fox", "--remask", "0.1"], /--remask is cap:RATE or confidence:RATE/],
    [["a fox", "--sheet", "a.jpg"], /--sheet is a \.png file, not "a\.jpg"/],
    [["a fox", "--sheet-side", "9"], /--sheet-side needs a --sheet/],
    [["a fox", "--top-k", "0"], /--top-k .* from 1 up/],
    [["a fox", "--top-p", "0"], /--top-p .* above 0 and up to 1, not "0"/],
    [["a fox", "--top-p", "1.1"], /--top-p .* not "1\.1"/],
    [["a fox", "--negative", " "], /--negative is empty/],
    [["a fox", "--negative", "x", "--guidance", "0"], /needs a --guidance ab/],
    [["a fox", "--best-of", "0"], /--best-of .* from 1 to 1024/],
    [["a fox", "--score", "agreement"], /add --best-of/],
    [["a fox", "--best-of", "2", "--score", "fid"], /likelihood, agreement or/],
    [["a fox", "--clip", "here"], /--clip chooses among .* add --best-of/],
    [["a fox", "--best-of", "2", "--clip", " "], /--clip is empty/],
    [
      ["a fox", "--best-of", "2", "--score", "agreement", "--clip", "here"],
      /--clip is for --score clip, not for agreement/,
    ],
    [["a fox", "--superres-steps", "0"], /--superres-steps .* from 1 to 4096/],
    [["a fox", "--no-superres", "--superres-steps", "2"], /or .*, not both/],
    [
      ["a fox", "--no-superres", "--superres-guidance", "2"],
      /--superres-guidance or --no-superres, not both/,
    ],
    [
      ["a fox", "--superres-guidance", "2@3..1"],
      /--superres-guidance is a number from 0 to 1, not "3"/,
    ],
    [
      ["a fox", "--superres-temperature", "1,0"],
      /--superres-temperature lists 2 steps, but there are to be 8; give --superres-steps, or/,
    ],
    [["a fox", "--batch", "257"], /--batch .* from 1 to 256/],
    [["a fox", "--batch", "some"], /--batch is a whole number from 1 to 256/],
    [["a fox", "--precision", "int7"], /--precision is one of .*, not "int7"/],
    [["a fox", "--device", "tpu"], /--device is one of cpu, .*, not "tpu"/],
    [["a fox", "--threads", "0"], /--threads .* from 1 to 256, not "0"/],
    [["a fox", "--model", ""], /--model is empty/],
    [["a fox", "--out", ""], /--out is empty/],
    [["a fox", "--trace", "t.mp4"], /--trace is an \.html or \.gif file/],
    [["a fox", "--trace", "t.gif", "--count", "2"], /leave out --count/],
    [["a fox", "--step", "3"], /no option --step; did you mean --steps\?/],
  ];
  assertRefused(readRequest, wrong);
});

Deno.test("readRequest() reads what published models take", () => {
  const line =
    "dog --model amused-512-fp16 --size 640x384 --low-memory --yes " +
    "--lora a.safetensors,b.safetensors --lora-scale 0.5,-1 --steps 5";
  const request = readRequest(line.split(" "))!;
  assert.deepEqual(request.published, {
    size: [384, 640],
    adapters: [
      { path: "a.safetensors", scale: 0.5 },
      { path: "b.safetensors", scale: -1 },
    ],
    lowMemory: true,
    yes: true,
  });
  assert.deepEqual(request.settings, { ...AMUSED_DEFAULTS, steps: 5 });
  const wrong: [string, RegExp][] = [
    ["--size 100x64", /multiples of 16/],
    ["--size 64", /WIDTHxHEIGHT/],
    ["--lora-scale 2", /needs a --lora/],
    ["--lora a --lora-scale 1,2", /2 scales for 1 files/],
    ["--preset bst", /did you mean "best"/],
  ];
  for (const [options, message] of wrong) {
    const args = ["dog", "--model", "amused-256", ...options.split(" ")];
    assert.throws(() => readRequest(args), message);
  }
  for (const option of ["--low-memory", "--yes", "--size=64x64", "--lora=a"]) {
    assert.throws(() => readRequest(["dog", option]), /published models/);
  }
  assert.throws(() => readRequest(["dog", "--preset", "best"]), /no preset/);
});
