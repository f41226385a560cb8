import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import sharp from "sharp";
import { decodeImage } from "../image/decode.ts";
import { createPicture } from "../image/picture.ts";
import { decode } from "../muse/decode.ts";
import { blankTokens, startDecode } from "../muse/decode_state.ts";
import { CODES, tablePredict } from "../muse/decode_table.ts";
import { TOKEN_COLOURS } from "./token_maps.ts";
import { stepNumbers, stepPictures, type Trace, traceStep } from "./trace.ts";
import { traceGif } from "./trace_gif.ts";
import { traceHtml } from "./trace_html.ts";

const PROMPT = `a "fox" <b>&</b></script>, 狐`;
const STEPS = 5;
const SIDE = 32; // 4x4 tokens of 8 pixels

/** A decode by a table; each guess is one grey, darker step by step. */
async function tableTrace(): Promise<Trace> {
  const length = 16;
  const start = startDecode({
    tokens: blankTokens(2, length, CODES),
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
    const grey = new Uint8Array(SIDE * SIDE * 3).fill(200 - 20 * state.step);
    steps.push(traceStep(state, createPicture(SIDE, SIDE, grey)));
  }
  return { prompt: PROMPT, settings: { seed: "3" }, grid: [4, 4], steps };
}

const trace = await tableTrace();

Deno.test("stepNumbers() counts every token once over all steps", () => {
  const numbers = trace.steps.map(stepNumbers);
  assert.equal(numbers.reduce((sum, { found }) => sum + found, 0), 16);
  let unknown = 16;
  for (const step of numbers) {
    assert.equal(step.unknown, unknown -= step.found);
    assert.ok(step.meanConfidence > 0 && step.meanConfidence <= 1);
  }
  assert.equal(unknown, 0);
});

Deno.test("stepPictures() covers what is unknown, and nothing in the end", () => {
  for (const step of trace.steps) {
    const { found, guess, tokens } = stepPictures(step, trace.grid);
    step.mask.forEach((unknown, token) => {
      const x = (token % 4) * 8;
      const y = Math.floor(token / 4) * 8;
      const at = (data: Uint8Array) => data[(y * SIDE + x) * 3];
      assert.equal(at(found.data) !== at(guess.data), unknown === 1);
      const colour = unknown ? "unknown" : step.chosen[token] && "found";
      assert.equal(at(tokens.data), TOKEN_COLOURS[colour || "known"][0]);
    });
  }
  const last = stepPictures(trace.steps[STEPS - 1], trace.grid);
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
  const html = await traceHtml(trace);
  const json = /id="data">(.*)<\/script>/.exec(html)![1];
  const data: {
    grid: number[];
    steps: { pictures: Record<string, string>; mask: number[] }[];
  } = JSON.parse(json);
  assert.deepEqual(data.grid, [4, 4]);
  assert.equal(data.steps.length, STEPS);
  for (const [i, { pictures, mask }] of data.steps.entries()) {
    assert.deepEqual(mask, [...trace.steps[i].mask]);
    const wanted = Object.entries(stepPictures(trace.steps[i], trace.grid));
    for (const [name, picture] of wanted) {
      const bytes = Uint8Array.fromBase64(pictures[name].split(",")[1]);
      assert.deepEqual(await decodeImage(bytes), picture, name);
    }
  }
  assert.equal(html.match(/<tr data-step=/g)!.length, STEPS);
});

Deno.test("the page's script opens the last step and follows the keys", async () => {
  const html = await traceHtml(trace);
  const page = fakePage(/id="data">(.*)<\/script>/.exec(html)![1]);
  runInNewContext(html.match(/<script>([^]*)<\/script>/)![1], page.globals);
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

/** As much of a browser as the script looks at. */
function fakePage(data: string) {
  type Handler = (event: object) => void;
  const handlers = new Map<string, Handler>();
  let tick = () => {};
  const element = () => ({
    textContent: "",
    value: "5",
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
  return {
    globals: {
      document: {
        getElementById,
        querySelectorAll: () => [],
        addEventListener: (name: string, handler: Handler) =>
          handlers.set(name, handler),
      },
      location: { hash: "" },
      setInterval: (f: () => void) => (tick = f, 1),
      clearInterval() {},
    },
    place: () => getElementById("place").textContent,
    press: (key: string) =>
      handlers.get("keydown")!({ key, preventDefault() {} }),
    tick: () => tick(),
  };
}
