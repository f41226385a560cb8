import assert from "node:assert/strict";
import { plot } from "./figure.ts";
import { type Display, liveFigure, progressBar } from "./live.ts";
import type { MediaBundle } from "./show.ts";

/** Keeps what a kernel would be told. */
function recorder() {
  const shown: { content: MediaBundle; id: string; update: boolean }[] = [];
  const display: Display = (content, { display_id, update }) => {
    shown.push({ content, id: display_id, update });
  };
  return { shown, display };
}

Deno.test("liveFigure() displays a figure once and then replaces it", async () => {
  const { shown, display } = recorder();
  const live = liveFigure(display);
  for (const y of [1, 2]) {
    await live.update(plot({
      kind: "chart",
      title: `loss ${y}`,
      x: { title: "step" },
      y: { title: "loss" },
      series: [{ name: "", points: [{ x: 0, y }] }],
    }));
  }
  assert.deepEqual(shown.map(({ update }) => update), [false, true]);
  assert.equal(shown[0].id, shown[1].id);
  assert.deepEqual(Object.keys(shown[0].content), ["image/svg+xml"]);
  assert.match(shown[1].content["image/svg+xml"], /loss 2/);
});

Deno.test("progressBar() tells what is done and how long the rest takes", async () => {
  const { shown, display } = recorder();
  let time = 0;
  const bar = progressBar("drawing <16>", 4, { display, now: () => time });
  await bar.update(0);
  time = 50;
  await bar.update(1); // too soon to be shown
  time = 2000;
  await bar.update(2, "step 3");
  time = 2010;
  await bar.update(4);
  const plain = shown.map(({ content }) =>
    content["text/plain"].replace(/^\S+ /, "")
  );
  assert.deepEqual(plain, [
    "drawing <16>: 0 of 4",
    "drawing <16>: 2 of 4, 2.0 s left, step 3",
    "drawing <16>: 4 of 4, 2.0 s",
  ]);
  assert.equal(shown[1].content["text/plain"].split(" ")[0].length, 24);
  assert.match(
    shown[1].content["text/html"],
    /^<progress value="0.5" max="1"><\/progress> drawing &#60;16&#62;:/,
  );
  assert.deepEqual(shown.map(({ update }) => update), [false, true, true]);
});

Deno.test("progressBar() and liveFigure() are silent outside of a notebook", async () => {
  await progressBar("drawing", 2).update(1);
  await liveFigure().update(plot({
    kind: "bars",
    title: "time",
    names: ["a"],
    value: { title: "s" },
    series: [{ name: "", values: [1] }],
  }));
});
