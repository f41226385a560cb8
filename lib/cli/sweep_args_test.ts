import assert from "node:assert/strict";
import { DEFAULTS } from "../muse/options.ts";
import { assertRefused } from "./assert_refused.ts";
import { commonOf, readRequest, USAGE } from "./sweep_args.ts";

const values = (args: string[]) =>
  readRequest(args)!.cells.map((cell) => cell.values);

Deno.test("readRequest() of a sweep makes the grid of all values", () => {
  const request = readRequest(
    "--over steps,sampler --sampler".split(" ").concat(
      "halton hybrid:0.25",
      "--steps",
      "4 8",
      "--temperature",
      "0.9",
    ),
  )!;
  assert.deepEqual(request.axes, ["steps", "sampler"]);
  assert.deepEqual(
    request.cells.map((cell) => cell.values.join(" ")),
    ["4 halton", "4 hybrid:0.25", "8 halton", "8 hybrid:0.25"],
  );
  const { seed: _, ...settings } = DEFAULTS;
  assert.deepEqual(request.cells[3].settings, {
    ...settings,
    steps: 8,
    temperature: 0.9,
    superresSteps: 0,
    sampler: { kind: "hybrid", explore: 0.25 },
  });
  assert.deepEqual(commonOf(request.axes, request.cells), {
    schedule: "cosine",
    guidance: "0.4",
    temperature: "0.9",
    "choice-temperature": "3",
    "superres-steps": "0",
  });
  assert.deepEqual(
    [request.scenes, request.seed, request.out, request.model],
    [64, 0, "out/sweep", "mini"],
  );
});

Deno.test("readRequest() of a sweep has values for every axis", () => {
  const axes = USAGE.match(/what varies: ([\s\S]*?)\n {2}--AXIS/)![1]
    .split(/,\s+/);
  assert(axes.length >= 9);
  for (const axis of axes) {
    const [first, ...others] = values(["--over", axis]);
    assert(first.length === 1 && others.length >= 2, axis);
  }
  assert.deepEqual(values(["--over", "steps"]).flat(), [
    ...["4", "8", "12", "16", "24"],
  ]);
});

Deno.test("readRequest() of a sweep takes lists, and what they change", () => {
  const request = readRequest(
    ["--over", "schedule", "--schedule", "cosine 0.7,0.3,0 Cosine"],
  )!;
  assert.deepEqual(
    request.cells.map(({ values, settings }) => [values[0], settings.steps]),
    [["cosine", 12], ["0.7,0.3,0", 3]],
  );
  const { axes, cells } = request;
  assert.equal(commonOf(axes, cells).steps, undefined);
});

Deno.test("readRequest() of a sweep super-resolves only if it is told to", () => {
  const steps = (...args: string[]) =>
    readRequest(["--over", "steps", ...args])!.cells[0].settings.superresSteps;
  assert.equal(steps(), 0);
  assert.equal(steps("--no-superres"), 0);
  assert.equal(steps("--superres-steps", "4"), 4);
  assert.equal(steps("--superres-guidance", "2"), undefined);
});

Deno.test("readRequest() of a sweep tells every mistake in one sentence", () => {
  const wrong: [string[], RegExp][] = [
    [[], /say what varies: --over steps, schedule/],
    [["--over", " , "], /say what varies/],
    [["--over", "step"], /no axis "step"; did you mean "steps"\?/],
    [["--over", "model"], /there are steps, schedule/],
    [["--over", "steps", "--steps", "4 0"], /--steps .* not "0"/],
    [["--over", "steps", "--guidance", "0 4"], /add guidance to --over/],
    [["--over", "steps", "4"], /sweep takes no "4"; .* need quotes/],
    [["--over", "steps", "--scenes", "0"], /--scenes .* from 1/],
    [["--over", "steps", "--out", " "], /--out is empty/],
    [["--over", "steps", "--schedule", "0.5,0"], /--schedule lists 2 steps/],
    [["--over", "steps", "--count", "2"], /no option --count/],
  ];
  assertRefused(readRequest, wrong);
});

Deno.test("readRequest() of a sweep gives nothing when asked for help", () => {
  assert.equal(readRequest(["--help"]), undefined);
  const widest = Math.max(...USAGE.split("\n").map((line) => line.length));
  assert.ok(widest <= 80, `${widest} columns`);
});
