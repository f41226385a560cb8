/** Style and script of a report's page. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#26262b, #e2e2e6);
  --quiet: light-dark(#5f5f69, #a2a2ac);
  --line: light-dark(#dcdce2, #3a3a42);
  --paper: light-dark(#ffffff, #151518);
  --card: light-dark(#f7f7f9, #1e1e22);
  --ours: light-dark(#fff3dc, #3a2f18);
  --accent: light-dark(#0060a0, #6db5e8);
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body {
  font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); margin: 0; overflow-wrap: anywhere;
}
main, header > * { max-width: 64rem; margin-inline: auto; padding-inline: 1rem; }
header { border-bottom: 1px solid var(--line); padding: 1.6rem 0 0; }
h1 { font-size: 1.6rem; line-height: 1.25; margin-block: 0 0.2rem; }
header p { color: var(--quiet); margin-block: 0 1rem; }
nav { display: flex; gap: 1.2rem; overflow-x: auto; scrollbar-width: none; white-space: nowrap; }
nav a { color: var(--accent); text-decoration: none; padding: 0.5rem 0; }
nav a:hover { text-decoration: underline; }
section { padding-block: 1.6rem 0.4rem; }
h2 { font-size: 1.25rem; margin: 0 0 0.5rem; }
h3 { font-size: 1rem; margin: 0 0 0.3rem; }
section > p { color: var(--quiet); margin: 0 0 0.8rem; }
.cards { display: grid; gap: 0.8rem; grid-template-columns: repeat(auto-fill, minmax(min(15.5rem, 100%), 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.9rem 1rem; }
.card h3 { color: var(--quiet); font-weight: 500; font-size: 0.95rem; }
.value { font-size: 1.9rem; font-weight: 600; line-height: 1.2; margin: 0; font-variant-numeric: tabular-nums; }
.value small { font-size: 0.9rem; font-weight: 400; color: var(--quiet); white-space: nowrap; }
.besides { margin: 0.15rem 0 0; font-size: 0.9rem; }
.note { font-size: 0.85rem; border-left: 3px solid #e69f00; padding-left: 0.6rem; margin: 0.6rem 0 0; }
dl { font-size: 0.82rem; margin: 0.6rem 0 0; }
dl div { display: flex; gap: 0.5rem; padding-block: 0.1rem; }
dt { color: var(--quiet); flex: 0 0 6.5em; }
dd { margin: 0; min-width: 0; }
dl.wide { font-size: 0.9rem; }
dl.wide div { border-top: 1px solid var(--line); padding-block: 0.35rem; }
dl.wide dt { flex-basis: 9em; }
.hash { font: 0.85em ui-monospace, monospace; color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; font-weight: 400; padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { font-size: 0.85rem; color: var(--quiet); white-space: nowrap; }
th small, td small { display: block; font-weight: 400; white-space: normal; color: var(--quiet); font-size: 0.8rem; }
.number { text-align: right; white-space: nowrap; }
.ours { background: var(--ours); }
.ours th, .ours td { font-weight: 600; }
.source, .caveats { font-size: 0.85rem; color: var(--quiet); }
.source { margin: 0.6rem 0 0; }
.caveats { padding-left: 1.2rem; margin: 0.3rem 0 1rem; }
.card details { border: 0; padding: 0; margin-top: 0.3rem; font-size: 0.85rem; color: var(--quiet); }
.card summary { padding: 0.2rem 0; }
.card dl { margin-top: 0.2rem; color: var(--ink); }
#tables details { border-top: 1px solid var(--line); padding-block: 0.2rem; }
summary { cursor: pointer; padding-block: 0.5rem; }
.plot { background: #fff; border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.plot > svg { display: block; margin-inline: auto; }
.gallery { display: grid; gap: 0.8rem; grid-template-columns: repeat(auto-fill, minmax(min(9.5rem, 44%), 1fr)); }
figure { margin: 0; min-width: 0; }
figure button { display: block; width: 100%; padding: 0; border: 0; background: none; cursor: zoom-in; border-radius: 8px; }
figure img, .missing { display: block; width: 100%; border-radius: 8px; border: 1px solid var(--line); }
.missing { aspect-ratio: 1; display: grid; place-items: center; color: var(--quiet); font-size: 0.85rem; }
figcaption { font-size: 0.85rem; line-height: 1.35; margin-top: 0.35rem; }
figcaption small { display: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
dialog { border: 0; border-radius: 12px; padding: 0; color: var(--ink); background: var(--paper); width: min(34rem, 94vw); max-height: 94vh; }
dialog::backdrop { background: rgb(0 0 0 / 0.7); }
dialog img { display: block; width: 100%; max-height: 68vh; object-fit: contain; background: var(--card); }
dialog div { padding: 0.8rem 1rem; }
dialog p { margin: 0 0 0.3rem; }
dialog small { color: var(--quiet); display: block; }
dialog form { display: flex; gap: 0.5rem; padding: 0 1rem 1rem; }
dialog button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.4rem 0.9rem; cursor: pointer; }
dialog button:last-child { margin-left: auto; }
footer { color: var(--quiet); font-size: 0.85rem; padding: 1.5rem 0 2.5rem; }
@media print { nav, dialog { display: none; } .plot, .card, figure { break-inside: avoid; } }
`;

export const SCRIPT = `
"use strict";
const plots = JSON.parse(document.getElementById("plots").textContent);
for (const place of document.querySelectorAll("[data-plot]")) {
  const { data, layout, config } = plots[place.dataset.plot];
  place.replaceChildren();
  Plotly.newPlot(place, data, layout, config);
}

const dialog = document.querySelector("dialog");
const figures = [...document.querySelectorAll("figure")]
  .filter((figure) => figure.querySelector("button"));
let shown = 0;

function show(place) {
  shown = (place + figures.length) % figures.length;
  const figure = figures[shown];
  const { src, alt } = figure.querySelector("img");
  const caption = figure.querySelector("figcaption");
  const image = dialog.querySelector("img");
  image.src = src;
  image.alt = alt;
  dialog.querySelector("p").textContent = caption.firstChild.textContent.trim();
  dialog.querySelector("small").textContent =
    caption.querySelector("small").textContent;
}

figures.forEach((figure, place) => {
  figure.querySelector("button").addEventListener("click", () => {
    show(place);
    dialog.showModal();
  });
});
const MOVES = { previous: -1, next: 1 };
for (const button of dialog.querySelectorAll("button[data-move]")) {
  button.addEventListener("click", () => show(shown + MOVES[button.dataset.move]));
}
const KEYS = { ArrowLeft: -1, ArrowRight: 1 };
dialog.addEventListener("keydown", ({ key }) => {
  if (key in KEYS) show(shown + KEYS[key]);
});
dialog.addEventListener("click", ({ target }) => {
  if (target === dialog) dialog.close();
});
`;
