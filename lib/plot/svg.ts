/** The few forms that SVG figures are made of. */

import { colourOf, isSecondRound } from "./style.ts";

/** A rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A line of text at a place, escaped. */
export function text(
  x: number,
  y: number,
  content: string,
  attributes = "",
): string {
  return `<text x="${round(x)}" y="${round(y)}"${
    attributes && ` ${attributes}`
  }>${escapeXml(content)}</text>`;
}

/** A point of a series; squares from the place on where colours repeat. */
export function mark(index: number, x: number, y: number): string {
  const fill = colourOf(index);
  const [left, top] = [round(x), round(y)];
  return isSecondRound(index)
    ? `<rect x="${round(x - 3.5)}" y="${round(y - 3.5)}" width="7" ` +
      `height="7" fill="${fill}"/>`
    : `<circle cx="${left}" cy="${top}" r="4" fill="${fill}"/>`;
}

/** A filled rectangle. */
export function rect(
  { left, top, width, height }: Box,
  attributes: string,
): string {
  return `<rect x="${round(left)}" y="${round(top)}" ` +
    `width="${round(width)}" height="${round(height)}" ${attributes}/>`;
}

/** A number as people read it: four digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Pixels, to a tenth. */
export function round(pixels: number): number {
  return Math.round(10 * pixels) / 10;
}

/** Text as it may stand in XML, between tags and in quotes. */
export function escapeXml(content: string): string {
  return content
    // What XML knows no way to write.
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "\ufffd")
    .replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Text that fits into so many letters, cut with an ellipsis. */
export function fitted(content: string, letters: number): string {
  return content.length > letters
    ? `${content.slice(0, Math.max(1, letters - 1))}…`
    : content;
}
