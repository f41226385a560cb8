/** Style and script of the page that shows a drawing. */

export const TRACE_STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#26262b, #dedee2);
  --quiet: light-dark(#5f5f69, #a2a2ac);
  --line: light-dark(#d8d8de, #3d3d45);
  --now: light-dark(#e9eef4, #2a3442);
}
body {
  font: 15px/1.45 system-ui, sans-serif;
  color: var(--ink);
  background: light-dark(#fff, #17171a);
  margin: 0;
}
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.25rem; font-weight: 600; margin: 0 0 1rem; overflow-wrap: anywhere; }
.controls { display: flex; align-items: center; gap: 0.8rem; margin-bottom: 1rem; }
.controls input { flex: 1; min-width: 5rem; accent-color: #4a7aa8; }
button {
  font: inherit; color: inherit; background: none; width: 5rem;
  padding: 0.25rem 0; border: 1px solid var(--line); border-radius: 4px;
  cursor: pointer;
}
output { font-variant-numeric: tabular-nums; min-width: 13rem; text-align: right; }
:focus-visible { outline: 2px solid #4a7aa8; outline-offset: 2px; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1rem; }
figure { margin: 0; }
.frame { position: relative; line-height: 0; border: 1px solid var(--line); }
.frame img { width: 100%; image-rendering: pixelated; }
.cell { position: absolute; box-sizing: border-box; border: 2px solid #d1495b; pointer-events: none; }
figcaption { font-size: 0.85rem; color: var(--quiet); margin-top: 0.4rem; }
figcaption b { display: block; color: var(--ink); font-weight: 600; }
.swatch { display: inline-block; width: 0.75em; height: 0.75em; margin-right: 0.3em; border: 1px solid var(--line); }
.ramp { display: inline-block; width: 5em; height: 0.7em; border: 1px solid var(--line); }
#token { font-variant-numeric: tabular-nums; color: var(--quiet); min-height: 1.5em; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
caption { text-align: left; font-size: 0.85rem; color: var(--quiet); padding-bottom: 0.4rem; }
th, td { text-align: right; padding: 0.15rem 0.6rem; border-bottom: 1px solid var(--line); }
th { font-weight: 600; font-size: 0.85rem; }
tr[data-step] { cursor: pointer; }
.stage { text-align: left; padding-top: 0.8rem; }
tr[aria-current] { background: var(--now); }
dl { display: flex; flex-wrap: wrap; gap: 0.3rem 1.6rem; font-size: 0.85rem; margin: 1.2rem 0 0; }
dl div { display: flex; gap: 0.4rem; max-width: 100%; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
`;

export const TRACE_SCRIPT = `
"use strict";
const { stages, steps } =
  JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const slider = byId("step");
const play = byId("play");
const panels = Object.keys(steps[0].pictures);
const tableRows = [...document.querySelectorAll("tr[data-step]")];
let timer;
let pointed;

function show(step) {
  const place = Math.min(Math.max(step, 1), steps.length);
  slider.value = place;
  const { stage } = steps[place - 1];
  const { name, length } = stages[stage];
  const before = steps.findIndex((step) => step.stage === stage);
  byId("place").textContent = (stages.length > 1 ? name + ", " : "") +
    "step " + (place - before) + " of " + length;
  for (const name of panels) byId(name).src = steps[place - 1].pictures[name];
  tableRows.forEach((row, i) => {
    if (i + 1 === place) row.setAttribute("aria-current", "step");
    else row.removeAttribute("aria-current");
  });
  describe();
}

function describe() {
  if (pointed === undefined) return;
  const now = slider.value - 1;
  const { stage, predicted, confidence, mask } = steps[now];
  const [rows, columns] = stages[stage].grid;
  const row = Math.floor(pointed.y * rows);
  const column = Math.floor(pointed.x * columns);
  const token = row * columns + column;
  for (const cell of document.querySelectorAll(".cell")) {
    cell.hidden = false;
    cell.style.top = 100 * row / rows + "%";
    cell.style.left = 100 * column / columns + "%";
    cell.style.height = 100 / rows + "%";
    cell.style.width = 100 / columns + "%";
  }
  const before = steps.findIndex((step) => step.stage === stage);
  const isFound = (step, i) => step.stage === stage && step.chosen[token] &&
    (mask[token] ? i > now : i <= now);
  const found = mask[token]
    ? steps.findIndex(isFound)
    : steps.findLastIndex(isFound);
  byId("token").textContent =
    "Row " + (row + 1) + ", column " + (column + 1) +
    (mask[token] ? ": unknown, guess " : ": token ") + predicted[token] +
    ", confidence " + confidence[token].toFixed(3) +
    (found < 0 ? ", given" : ", found in step " + (found - before + 1));
}

function stop() {
  clearInterval(timer);
  timer = undefined;
  play.textContent = "Play";
}

function toggle() {
  if (timer !== undefined) return stop();
  if (Number(slider.value) === steps.length) show(1);
  play.textContent = "Pause";
  timer = setInterval(() => {
    if (Number(slider.value) === steps.length) return stop();
    show(Number(slider.value) + 1);
  }, Math.min(Math.max(6000 / steps.length, 60), 600));
}

function point(event) {
  const box = event.currentTarget.getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width;
  const y = (event.clientY - box.top) / box.height;
  if (x < 0 || x >= 1 || y < 0 || y >= 1) return;
  pointed = { x, y };
  describe();
}

slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
play.addEventListener("click", toggle);
for (const frame of document.querySelectorAll(".frame")) {
  frame.addEventListener("pointermove", point);
  frame.addEventListener("pointerdown", point);
}
for (const row of tableRows) {
  row.addEventListener("click", () => { stop(); show(Number(row.dataset.step)); });
}
const MOVES = { ArrowLeft: -1, ArrowRight: 1 };
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === " " && event.target !== play) {
    toggle();
  } else if (event.key in MOVES && event.target !== slider) {
    stop();
    show(Number(slider.value) + MOVES[event.key]);
  } else {
    return;
  }
  event.preventDefault();
});
show(Number(/^#step=(\\d+)$/.exec(location.hash)?.[1] ?? slider.value));
`;
