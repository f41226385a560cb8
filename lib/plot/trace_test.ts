import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import sharp from "sharp";
import { decodeImage } from "../image/decode.ts";
import { createPicture } from "../image/picture.ts";
import { decode } from "../muse/decode.ts";
import { blankTokens, startDecode } from "../muse/decode_state.ts";
import { CODES, tablePredict } from "../muse/decode_table.ts";
import { TOKEN_COLOURS } from "./token_maps.ts";
import {
  stepNumbers,
  stepPictures,
  type Trace,
  type TraceStage,
  traceStep,
} from "./trace.ts";
import { traceGif } from "./trace_gif.ts";
import { traceHtml } from "./trace_html.ts";

const PROMPT = `a "fox" <b>&</b></script>, 狐`;
const STEPS = 5;
const SIDE = 32; // 4x4 tokens of 8 pixels

/** A decode by a table; each guess is one grey, darker step by step. */
async function tableStage(
  name: string,
  grid: number,
  side: number,
  first?: Int32Array,
): Promise<TraceStage> {
  const length = grid ** 2;
  const start = startDecode({
    tokens: first ?? blankTokens(2, length, CODES),
    length,
    maskId: CODES,
    seed: 3,
    schedule: "cosine",
    steps: STEPS,
  });
  const { predict } = tablePredict(length);
  const options = {
    guidance: { kind: "linear", from: 0, to: 4 },
    temperature: 1,
    choiceTemperature: 2,
  } as const;
  const steps = [];
  for await (const state of decode(start, predict, options)) {
    const grey = new Uint8Array(side * side * 3).fill(200 - 20 * state.step);
    steps.push(traceStep(state, createPicture(side, side, grey)));
  }
  return { name, grid: [grid, grid], steps };
}

const base = await tableStage("base", 4, SIDE);
const trace: Trace = {
  prompt: PROMPT,
  settings: { seed: "3" },
  stages: [base],
};
// Of the larger tokens, those of the upper half are given.
const given = Int32Array.from({ length: 64 }, (_, i) => i < 32 ? 1 : CODES);
const cascade: Trace = {
  ...trace,
  stages: [base, await tableStage("super-resolution", 8, 2 * SIDE, given)],
};

Deno.test("stepNumbers() counts every token once over all steps", () => {
  const numbers = base.steps.map(stepNumbers);
  assert.equal(numbers.reduce((sum, { found }) => sum + found, 0), 16);
  let unknown = 16;
  for (const step of numbers) {
    assert.equal(step.unknown, unknown -= step.found);
    assert.ok(step.meanConfidence > 0 && step.meanConfidence <= 1);
  }
  assert.equal(unknown, 0);
});

Deno.test("stepPictures() covers what is unknown, and nothing in the end", () => {
  for (const step of base.steps) {
    const { found, guess, tokens } = stepPictures(step, base.grid);
    step.mask.forEach((unknown, token) => {
      const x = (token % 4) * 8;
      const y = Math.floor(token / 4) * 8;
      const at = (data: Uint8Array) => data[(y * SIDE + x) * 3];
      assert.equal(at(found.data) !== at(guess.data), unknown === 1);
      const colour = unknown ? "unknown" : step.chosen[token] && "found";
      assert.equal(at(tokens.data), TOKEN_COLOURS[colour || "known"][0]);
    });
  }
  const last = stepPictures(base.steps[STEPS - 1], base.grid);
  assert.deepEqual(last.found, last.guess);
});

Deno.test("traceGif() has a frame for every step and rests on the last", async () => {
  const gif = traceGif(trace);
  const { pages, delay, loop, width } = await sharp(gif, { animated: true })
    .metadata();
  assert.equal(pages, STEPS);
  assert.deepEqual(delay, [600, 600, 600, 600, 3000]);
  assert.equal(loop, 0, "for ever");
  assert.equal(width, 2 * (6 + 4 * (SIDE + 6)));
  const frame = (page: number) => sharp(gif, { page }).raw().toBuffer();
  assert.notDeepEqual(await frame(0), await frame(4));
  assert.deepEqual(traceGif(trace), gif);
});

Deno.test("traceGif() shows stages of other sizes in frames of one", async () => {
  const gif = traceGif(cascade);
  const { pages, width, delay } = await sharp(gif, { animated: true })
    .metadata();
  assert.equal(pages, 2 * STEPS);
  assert.equal(delay?.at(-1), 3000);
  assert.equal(width, 2 * (6 + 4 * (2 * SIDE + 6)));
  // Large pictures are not enlarged, their letters are.
  const large = await tableStage("base", 4, 200);
  const frame = sharp(traceGif({ ...trace, stages: [large] }));
  const size = await frame.metadata();
  assert.equal(size.width, 6 + 4 * (200 + 6));
  assert.equal(size.height, 2 * (2 * 11) + 6 + 6 + 200 + 2 * 14 + 6);
});

Deno.test("traceHtml() needs nothing outside of itself", async () => {
  const html = await traceHtml(trace);
  assert.match(html, /Content-Security-Policy" content="default-src 'none'/);
  const rest = html.replace(/data:image\/png;base64,[\w+/=]+/g, "DATA");
  const links = /https?:|\/\/\w|@import|<link|url\(|src="(?!DATA")/;
  assert.ok(!links.test(rest), links.exec(rest)?.[0] ?? "");
});

Deno.test("traceHtml() shows the prompt as it is, whatever is in it", async () => {
  const html = await traceHtml(trace);
  const title = /<h1>(.*)<\/h1>/.exec(html)![1];
  assert.doesNotMatch(title, /[<>"]/);
  const back = title.replace(
    /&#(\d+);/g,
    (_, code) => String.fromCharCode(Number(code)),
  );
  assert.equal(back, PROMPT);
  assert.equal(html.match(/<script/g)!.length, 2);
  assert.equal(html.match(/<\/script>/g)!.length, 2);
});

Deno.test("traceHtml() carries every step's pictures and numbers", async () => {
  const html = await traceHtml(cascade);
  const json = /id="data">(.*)<\/script>/.exec(html)![1];
  const data: {
    stages: object[];
    steps: {
      stage: number;
      pictures: Record<string, string>;
      mask: number[];
    }[];
  } = JSON.parse(json);
  const grids = { base: [4, 4], "super-resolution": [8, 8] };
  assert.deepEqual(
    data.stages,
    Object.entries(grids).map(([name, grid]) => ({
      name,
      grid,
      length: STEPS,
    })),
  );
  assert.equal(data.steps.length, 2 * STEPS);
  for (const [i, { stage, pictures, mask }] of data.steps.entries()) {
    const { steps, grid } = cascade.stages[stage];
    const step = steps[i % STEPS];
    assert.equal(stage, Math.floor(i / STEPS));
    assert.deepEqual(mask, [...step.mask]);
    const wanted = Object.entries(stepPictures(step, grid));
    for (const [name, picture] of wanted) {
      const bytes = Uint8Array.fromBase64(pictures[name].split(",")[1]);
      assert.deepEqual(await decodeImage(bytes), picture, name);
    }
  }
  assert.equal(html.match(/<tr data-step=/g)!.length, 2 * STEPS);
  assert.deepEqual(
    html.match(/(?<=rowgroup">)[^<]+/g),
    ["base, 4 x 4 tokens", "super-resolution, 8 x 8 tokens"],
  );
  assert.match(html, /decode in 5 and 5 steps<\/title>/);
});

Deno.test("the page's script opens the last step and follows the keys", async () => {
  const page = await openPage(trace);
  assert.equal(page.place(), "step 5 of 5");
  page.press("ArrowLeft");
  assert.equal(page.place(), "step 4 of 5");
  page.press("ArrowRight");
  page.press("ArrowRight");
  assert.equal(page.place(), "step 5 of 5");
  page.press(" ");
  assert.equal(page.place(), "step 1 of 5");
  page.tick();
  assert.equal(page.place(), "step 2 of 5");
});

Deno.test("the page's script goes from one stage to the next, with the token under the pointer", async () => {
  const page = await openPage(cascade);
  assert.equal(page.place(), "super-resolution, step 5 of 5");
  page.point(0.99, 0.1); // the upper right
  assert.match(page.token(), /^Row 1, column 8: token 1, .* 1\.000, given$/);
  page.point(0.1, 0.99);
  const [, larger] = cascade.stages;
  const at = 56; // row 8, column 1
  const found = larger.steps.findIndex(({ chosen }) => chosen[at]) + 1;
  assert.match(page.token(), new RegExp(`^Row 8, column 1.* step ${found}$`));
  for (let i = 0; i < 5; i++) page.press("ArrowLeft");
  assert.equal(page.place(), "base, step 5 of 5");
  const low = base.steps.findIndex(({ chosen }) => chosen[12]) + 1;
  const [{ confidence, predicted }] = base.steps.slice(-1);
  assert.equal(
    page.token(),
    `Row 4, column 1: token ${predicted[12]}, confidence ` +
      `${confidence[12].toFixed(3)}, found in step ${low}`,
  );
  for (let i = 0; i < 5; i++) page.press("ArrowLeft");
  assert.equal(page.place(), "base, step 1 of 5");
  const early = base.steps[0].mask[12] ? "unknown, guess" : "token";
  assert.match(page.token(), new RegExp(`${early} .* step ${low}$`));
});

/** The page of a trace, with its script run. */
async function openPage(shown: Trace) {
  const html = await traceHtml(shown);
  const count = shown.stages.flatMap(({ steps }) => steps).length;
  const page = fakePage(/id="data">(.*)<\/script>/.exec(html)![1], count);
  runInNewContext(html.match(/<script>([^]*)<\/script>/)![1], page.globals);
  return page;
}

/** As much of a browser as the script looks at. */
function fakePage(data: string, steps: number) {
  type Handler = (event: object) => void;
  const handlers = new Map<string, Handler>();
  let tick = () => {};
  const addEventListener = (name: string, handler: Handler) =>
    handlers.set(name, handler);
  const element = () => ({
    textContent: "",
    value: String(steps),
    src: "",
    setAttribute() {},
    removeAttribute() {},
    addEventListener() {},
  });
  const elements = new Map([["data", { ...element(), textContent: data }]]);
  function getElementById(id: string) {
    if (!elements.has(id)) elements.set(id, element());
    return elements.get(id)!;
  }
  const frame = {
    addEventListener,
    getBoundingClientRect: () => ({ left: 0, top: 0, width: 100, height: 100 }),
  };
  return {
    globals: {
      document: {
        getElementById,
        querySelectorAll: (name: string) => name === ".frame" ? [frame] : [],
        addEventListener,
      },
      location: { hash: "" },
      setInterval: (f: () => void) => (tick = f, 1),
      clearInterval() {},
    },
    place: () => getElementById("place").textContent,
    token: () => getElementById("token").textContent,
    press: (key: string) =>
      handlers.get("keydown")!({ key, preventDefault() {} }),
    point: (x: number, y: number) =>
      handlers.get("pointermove")!({
        currentTarget: frame,
        clientX: 100 * x,
        clientY: 100 * y,
      }),
    tick: () => tick(),
  };
}
