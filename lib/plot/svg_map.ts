/** Maps of tokens, pictures, and what their colours mean, as SVG. */

import {
  type MapScale,
  mapScaleOf,
  type PicturePanel,
  type TokenMap,
} from "./panel.ts";
import { AXIS, css, paintOf, QUIET_INK } from "./style.ts";
import { type Box, fitted, rect, round, short, text } from "./svg.ts";

/** Height of the title above a map. */
export const MAP_TITLE = 22;
/** Lightness is told apart in so many steps. */
const LEVELS = 40;
/** Width of a letter, about. */
const LETTER = 7;
const RAMP_WIDTH = 120;

/** Letters of the name of a row. */
const LONGEST_NAME = 40;

/** What the names of a map's rows and columns take, in pixels. */
export function namesSize({ rows = [], columns = [] }: TokenMap) {
  const longest = Math.max(0, ...rows.map(({ length }) => length));
  return {
    left: longest > 0 ? LETTER * Math.min(longest, LONGEST_NAME) + 8 : 0,
    below: columns.length > 0 ? 16 : 0,
  };
}

/**
 * A map in a square below its title, with the names of its rows to the left of
 * the square. `url` is of the picture beneath.
 */
export function mapSvg(
  map: TokenMap,
  side: number,
  url: string | undefined,
): string {
  const { grid: [rows, columns], values } = map;
  const scale = mapScaleOf(map);
  const box = fit(columns, rows, side);
  const [width, height] = [box.width / columns, box.height / rows];
  const cells = new Map<string, string>();
  for (let i = 0; i < rows * columns; i++) {
    if (!Number.isFinite(values[i])) continue;
    const fill = css(paintOf(scale, levelled(scale, values[i])));
    const x = round(box.left + (i % columns) * width);
    const y = round(box.top + Math.floor(i / columns) * height);
    const cell = `M${x} ${y}h${round(width)}v${round(height)}` +
      `h${-round(width)}z`;
    cells.set(fill, (cells.get(fill) ?? "") + cell);
  }
  const paths = [...cells].map(([fill, path]) =>
    `<path d="${path}" fill="${fill}"/>`
  );
  return [
    mapTitle(map.title, side),
    ...url ? [imageSvg(url, box)] : [],
    `<g shape-rendering="crispEdges">${paths.join("")}</g>`,
    rect(box, `fill="none" stroke="${AXIS}" stroke-width="0.5"`),
    ...namesSvg(map, box),
  ].join("");
}

function namesSvg(map: TokenMap, box: Box): string[] {
  const { grid: [rows, columns] } = map;
  const [width, height] = [box.width / columns, box.height / rows];
  const beside = map.rows?.map((name, i) => {
    const y = box.top + (i + 0.5) * height + 4;
    return text(-6, y, fitted(name, LONGEST_NAME), `text-anchor="end"`);
  });
  const below = map.columns?.map((name, i) =>
    text(
      (i + 0.5) * width,
      box.top + box.height + 14,
      fitted(name, Math.floor(width / LETTER)),
      `text-anchor="middle"`,
    )
  );
  return [...beside ?? [], ...below ?? []];
}

/** A picture in a square below its title. */
export function pictureSvg(
  { title, picture }: PicturePanel,
  side: number,
  url: string,
): string {
  const box = fit(picture.width, picture.height, side);
  return mapTitle(title, side) + imageSvg(url, box);
}

/** Of numbers between two, the nearest of a few: so that paths are few. */
function levelled({ scale }: MapScale, value: number): number {
  if ("states" in scale) return value;
  const width = scale.to - scale.from || 1;
  const level = Math.round(LEVELS * (value - scale.from) / width);
  return scale.from + level * width / LEVELS;
}

function mapTitle(title: string, side: number): string {
  return text(0, 14, fitted(title, Math.floor(side / LETTER)));
}

function imageSvg(url: string, { left, top, width, height }: Box): string {
  return `<image x="${round(left)}" y="${round(top)}" ` +
    `width="${round(width)}" height="${round(height)}" ` +
    `preserveAspectRatio="none" style="image-rendering:pixelated" ` +
    `href="${url}"/>`;
}

/** The largest box of a form in a square, below the title. */
function fit(columns: number, rows: number, side: number): Box {
  const scale = side / Math.max(columns, rows);
  const [width, height] = [columns * scale, rows * scale];
  return { left: 0, top: MAP_TITLE, width, height };
}

/** What the colours of a map mean, in one line, and how wide that is. */
export function scaleSvg(one: MapScale): { svg: string; width: number } {
  const { scale } = one;
  let x = 0;
  let svg = "";
  const write = (content: string, attributes = "") => {
    svg += text(x, 10, content, attributes);
    x += content.length * LETTER + 8;
  };
  const quiet = `fill="${QUIET_INK}"`;
  write(scale.title);
  if ("states" in scale) {
    scale.states.forEach(({ name }, state) => {
      svg += swatch(one, state, { left: x, top: 0, width: 12, height: 12 });
      x += 17;
      write(name, quiet);
    });
  } else {
    const { from, to } = scale;
    write(short(from), quiet);
    const width = RAMP_WIDTH / LEVELS;
    for (let i = 0; i < LEVELS; i++) {
      const value = from + (i + 0.5) / LEVELS * (to - from);
      svg += swatch(one, value, {
        left: x + i * width,
        top: 1,
        width,
        height: 10,
      });
    }
    x += RAMP_WIDTH + 8;
    write(short(to), quiet);
  }
  return { svg, width: x + 16 };
}

function swatch(scale: MapScale, value: number, box: Box): string {
  return rect(box, `fill="${css(paintOf(scale, value))}"`);
}
