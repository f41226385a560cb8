import assert from "node:assert/strict";
import { join } from "node:path";
import { cacheFolder } from "../run/cache_folder.ts";
import { DEFAULTS } from "../muse/options.ts";
import { assertRefused } from "./assert_refused.ts";
import { readEdit } from "./edit_args.ts";

const { seed: _, ...SETTINGS } = DEFAULTS;

function request(...args: string[]) {
  const command = readEdit(args);
  assert.ok("request" in command);
  return command.request;
}

function help(...args: string[]): string {
  const command = readEdit(args);
  assert.ok("help" in command);
  return command.help;
}

const NOT_PUBLISHED = {
  size: undefined,
  adapters: [],
  lowMemory: false,
  yes: false,
};

Deno.test("readEdit() fills in what isn't said", () => {
  const box = { x: 1, y: 2, width: 30, height: 40 };
  assert.deepEqual(
    request("inpaint", "cat.png", " a red hat ", "--box", "1,2,30,40"),
    {
      out: "out",
      count: 1,
      seed: 0,
      model: "mini",
      weights: undefined,
      batch: 8,
      run: {
        threads: undefined,
        precision: undefined,
        device: undefined,
        texts: join(cacheFolder(), "texts"),
      },
      best: undefined,
      trace: undefined,
      published: NOT_PUBLISHED,
      json: false,
      picture: "cat.png",
      prompt: "a red hat",
      change: {
        kind: "inpaint",
        where: { box },
        composite: true,
        context: undefined,
        whole: false,
        settings: SETTINGS,
      },
    },
  );
});

Deno.test("readEdit() reads the options of each kind", () => {
  const change = (...args: string[]) =>
    request(args[0], "cat.png", "a hat", ...args.slice(1)).change;
  const region = "--context 2 --no-composite --steps 3 --top-k 9".split(" ");
  const drawn = {
    composite: false,
    context: 2,
    whole: false,
    settings: { ...SETTINGS, steps: 3, topK: 9 },
  };
  assert.deepEqual(change("inpaint", "--mask", "m.png", ...region), {
    kind: "inpaint",
    where: { mask: "m.png" },
    ...drawn,
  });
  assert.deepEqual(change("outpaint", "--left", "8", "--top", "3", ...region), {
    kind: "outpaint",
    margins: { left: 8, right: 0, top: 3, bottom: 0 },
    ...drawn,
  });
  assert.deepEqual(change("vary", "--strength", "0.25", "--steps", "3"), {
    kind: "vary",
    strength: 0.25,
    whole: false,
    settings: { ...SETTINGS, steps: 3 },
  });
  const line = "--iterations 4 --share 0.2 --keep-every 2 --guidance 1..3 " +
    "--temperature 2,1,1,0.5 --top-k 9 --top-p 0.9 --negative blurry " +
    "--superres-kept --superres-steps 5 --superres-temperature 0.5";
  assert.deepEqual(change("free", ...line.split(" ")), {
    kind: "free",
    keepEvery: 2,
    superresKept: true,
    settings: {
      iterations: 4,
      share: 0.2,
      guidance: { kind: "linear", from: 1, to: 3 },
      temperature: { steps: [2, 1, 1, 0.5] },
      topK: 9,
      topP: 0.9,
      negative: "blurry",
      superresSteps: 5,
      superres: { temperature: 0.5 },
    },
  });
  for (const kind of ["vary", "free"]) {
    assert.equal(change(kind, "--no-superres").settings.superresSteps, 0);
  }
  const vary = ["vary", "cat.png", "a hat"];
  const traced = request(...vary, "--trace", "t.GIF");
  assert.deepEqual(traced.trace, { path: "t.GIF", format: "gif" });
  const { best } = request(...vary, "--best-of", "4", "--score", "agreement");
  assert.deepEqual(best, { count: 4, score: "agreement" });
});

Deno.test("readEdit() has the paper's settings for edits without a mask", () => {
  assert.deepEqual(request("free", "cat.png", "a hat").change, {
    kind: "free",
    keepEvery: undefined,
    superresKept: false,
    settings: {
      iterations: 100,
      share: 0.08,
      guidance: { kind: "constant", scale: 4 },
      temperature: 1,
      topK: 3,
    },
  });
  const vary = request("vary", "cat.png", "a hat").change;
  assert.ok(vary.kind === "vary" && vary.strength === 0.5);
});

Deno.test("readEdit() explains all kinds, and each", () => {
  const texts = [help("--help"), help("-h")];
  for (const kind of ["inpaint", "outpaint", "free", "vary"]) {
    assert.ok(texts[0].includes(`  ${kind} `));
    texts.push(help(kind, "--help"), help(kind, "cat.png", "--help"));
  }
  assert.match(texts[2], /white where the picture is\n/);
  for (const text of texts) {
    const widest = Math.max(...text.split("\n").map((line) => line.length));
    assert.ok(widest <= 80, `${widest} columns`);
  }
});

Deno.test("readEdit() tells every mistake in one sentence", () => {
  const inpaint = ["inpaint", "cat.png", "a hat"];
  const outpaint = ["outpaint", "cat.png", "a hat"];
  const free = ["free", "cat.png", "a hat"];
  const wrong: [string[], RegExp][] = [
    [[], /say how to edit: inpaint, outpaint, free, vary/],
    [["inpant"], /there is no edit "inpant"; did you mean "inpaint"\?/],
    [["zzz"], /there is no edit "zzz"; there are inpaint,/],
    [["inpaint"], /a picture is missing/],
    [["inpaint", "cat.png"], /a prompt is missing/],
    [["inpaint", "cat.png", " "], /the prompt is empty/],
    [["vary", "cat.png", "a", "hat"], /needs quotes: "a hat"/],
    [inpaint, /by --mask or by --box, one of them/],
    [[...inpaint, "--mask", "m", "--box", "0,0,1,1"], /--box, one of them/],
    [[...inpaint, "--mask", ""], /--mask is empty/],
    [[...inpaint, "--box", "1,2,3"], /--box is X,Y,WIDTH,HEIGHT .* "1,2,3"/],
    [[...inpaint, "--box", "1,2,3,0"], /--box is X,Y/],
    [[...inpaint, "--box", "1,2,3,4.5"], /--box is X,Y/],
    [[...inpaint, "--box", "-1,2,3,4"], /--box is X,Y/],
    [[...inpaint, "--box", "a,2,3,4"], /"a" is not a number/],
    [
      [...inpaint, "--box", "0,0,9,9", "--context", "0.5"],
      /--context is a num/,
    ],
    [[...inpaint, "--left", "3"], /no option --left/],
    [outpaint, /how many pixels to draw: by --left, --right, --top or/],
    [[...outpaint, "--left", "0"], /how many pixels to draw/],
    [[...outpaint, "--left", "-3"], /--left is a whole number from 0/],
    [[...outpaint, "--right", "70000"], /--right is a whole number from 0/],
    [["vary", "c.png", "x", "--strength", "1.1"], /--strength .* from 0 to 1,/],
    [[...free, "--steps", "3"], /no option --steps/],
    [[...free, "--iterations", "0"], /--iterations is a whole number from 1/],
    [[...free, "--share", "0"], /--share is a number above 0/],
    [[...free, "--keep-every", "0"], /--keep-every is a whole number from 1/],
    [
      [...free, "--guidance", "1,2"],
      /--guidance lists 2 iterations, but .*100/,
    ],
    [[...free, "--temperature", "1,2"], /--temperature lists 2 iterations/],
    [
      [...free, "--guidance", "0", "--negative", "x"],
      /--negative needs a --guidance above 0/,
    ],
    [[...free, "--superres-kept"], /--superres-kept needs --keep-every/],
    [
      [...free, "--keep-every", "9", "--superres-kept", "--no-superres"],
      /--superres-kept or --no-superres, not both/,
    ],
    [
      [...free, "--superres-steps", "3", "--no-superres"],
      /--superres-steps or --no-superres, not both/,
    ],
    [[...free, "--trace", "t.png"], /--trace is an \.html or \.gif file/],
    [[...free, "--trace", "t.gif", "--count", "2"], /shows one picture/],
    [[...free, "--count", "0"], /--count .* from 1 to 1024/],
    [[...free, "--seed", "9007199254740991"], /--seed .* too large/],
    [
      [...free, "--seed", "900719925474099", "--best-of", "99"],
      /--seed .* too large/,
    ],
    [[...free, "--score", "likelihood"], /add --best-of/],
  ];
  assertRefused(readEdit, wrong);
});

Deno.test("readEdit() lets aMUSEd alone see a picture whole", () => {
  const args = ["cat.png", "a hat", "--whole"];
  const of = (...more: string[]) => [...args, "--model", "amused-256", ...more];
  const inside = ["--box", "0,0,9,9"];
  const drawn = request("inpaint", ...of(...inside)).change;
  assert.ok(drawn.kind === "inpaint" && drawn.whole);
  assert.equal(drawn.settings.schedule, "linear32");
  const varied = request("vary", ...of()).change;
  assert.ok(varied.kind === "vary" && varied.whole);
  assert.equal(varied.settings.schedule, "cosine32");
  const wrong: [string[], RegExp][] = [
    [args, /--whole is for aMUSEd's models/],
    [[...args, "--model", "muse-cc3m"], /--whole is for aMUSEd's models/],
    [of("--size", "64x64"), /leave out --size/],
  ];
  for (const [words, message] of wrong) {
    assert.throws(() => request("vary", ...words), message);
  }
  assert.throws(
    () => request("inpaint", ...of(...inside, "--context", "2")),
    /leave out --context/,
  );
});
