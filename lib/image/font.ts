/**
 * A small pixel font for captions, because a bare machine has no fonts and a
 * picture should look the same everywhere. ASCII only.
 */

import type { Picture } from "./picture.ts";

/**
 * Each glyph is up to nine rows from the top, five bits a row written as one
 * base-32 digit; the seventh row stands on the baseline.
 */
const GLYPHS: Readonly<Record<string, string>> = {
  "!": "4444404",
  '"': "aaa0000",
  "#": "aavavaa",
  "$": "4fke5u4",
  "%": "op248j3",
  "&": "cik8lid",
  "'": "4400000",
  "(": "2488842",
  ")": "8422248",
  "*": "04lel40",
  "+": "044v440",
  ",": "000000448",
  "-": "000e000",
  ".": "00000cc",
  "/": "01248g0",
  ":": "0cc0cc0",
  ";": "0cc0448",
  "<": "248g842",
  "=": "00v0v00",
  ">": "8421248",
  "?": "eh12404",
  "@": "eh1dlle",
  "[": "e88888e",
  "\\": "0g84210",
  "]": "e22222e",
  "^": "4ah0000",
  "_": "000000v",
  "`": "8420000",
  "{": "2448442",
  "|": "4444444",
  "}": "8442448",
  "~": "08l2000",
  "0": "ehjlphe",
  "1": "4c4444e",
  "2": "eh1248v",
  "3": "v2421he",
  "4": "26aiv22",
  "5": "vgu11he",
  "6": "68guhhe",
  "7": "v124888",
  "8": "ehhehhe",
  "9": "ehhf12c",
  A: "ehhvhhh",
  B: "uhhuhhu",
  C: "ehggghe",
  D: "uhhhhhu",
  E: "vgguggv",
  F: "vgguggg",
  G: "ehgnhhf",
  H: "hhhvhhh",
  I: "e44444e",
  J: "72222ic",
  K: "hikokih",
  L: "ggggggv",
  M: "hrllhhh",
  N: "hhpljhh",
  O: "ehhhhhe",
  P: "uhhuggg",
  Q: "ehhhlid",
  R: "uhhukih",
  S: "fgge11u",
  T: "v444444",
  U: "hhhhhhe",
  V: "hhhhha4",
  W: "hhhllla",
  X: "hha4ahh",
  Y: "hhha444",
  Z: "v1248gv",
  a: "00e1fhf",
  b: "ggmphhu",
  c: "00egghe",
  d: "11djhhf",
  e: "00ehvge",
  f: "698s888",
  g: "00fhhhf1e",
  h: "ggmphhh",
  i: "40c444e",
  j: "2062222ic",
  k: "ggikoki",
  l: "c44444e",
  m: "00qllll",
  n: "00mphhh",
  o: "00ehhhe",
  p: "00uhhhugg",
  q: "00fhhhf11",
  r: "00mpggg",
  s: "00fge1u",
  t: "88s8896",
  u: "00hhhjd",
  v: "00hhha4",
  w: "00hhlla",
  x: "00ha4ah",
  y: "00hhhhf1e",
  z: "00v248v",
};

/** Pixels from one line of text to the next, at scale 1. */
export const LINE_HEIGHT = 11;
const SPACE_WIDTH = 3;

interface Glyph {
  readonly width: number;
  /** Bits of each row, the leftmost column at bit `width - 1`. */
  readonly rows: readonly number[];
}

/** Glyphs cut to the columns they use, so that text sets proportionally. */
const FONT = new Map<string, Glyph>(
  Object.entries(GLYPHS).map(([char, digits]) => {
    const rows = [...digits].map((digit) => parseInt(digit, 32));
    const used = rows.reduce((all, row) => all | row);
    const low = Math.log2(used & -used);
    const width = 32 - Math.clz32(used) - low;
    return [char, { width, rows: rows.map((row) => row >> low) }];
  }),
);
const UNKNOWN = FONT.get("?")!;

function glyphOf(char: string): Glyph {
  return char === " "
    ? { width: SPACE_WIDTH, rows: [] }
    : FONT.get(char) ?? UNKNOWN;
}

/** The width of a line of text in pixels, at scale 1. */
export function textWidth(text: string): number {
  return [...text].reduce((sum, char) => sum + glyphOf(char).width + 1, 0);
}

/**
 * Breaks a text into lines of at most `width` pixels at scale 1. A word that
 * is wider on its own is broken; what goes beyond `most` lines ends in "...".
 */
export function wrapText(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (line !== "" && textWidth(`${line} ${word}`) > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
    while (textWidth(line) > width && line.length > 1) {
      let fits = line.length - 1;
      while (fits > 1 && textWidth(line.slice(0, fits)) > width) fits--;
      lines.push(line.slice(0, fits));
      line = line.slice(fits);
    }
  }
  if (line !== "") lines.push(line);
  if (lines.length <= most) return lines;
  let last = lines[most - 1];
  while (last !== "" && textWidth(`${last}...`) > width) {
    last = last.slice(0, -1);
  }
  return [...lines.slice(0, most - 1), `${last}...`];
}

/** Draws a line of text with its top left corner at (x, y), cut at the edges. */
export function drawText(
  picture: Picture,
  x: number,
  y: number,
  text: string,
  scale: number,
  rgb: readonly [number, number, number],
): void {
  let left = x;
  for (const char of text) {
    const { width, rows } = glyphOf(char);
    rows.forEach((bits, row) => {
      for (let column = 0; column < width; column++) {
        if ((bits >> (width - 1 - column)) & 1) {
          fillSquare(
            picture,
            left + column * scale,
            y + row * scale,
            scale,
            rgb,
          );
        }
      }
    });
    left += (width + 1) * scale;
  }
}

function fillSquare(
  { width, height, data }: Picture,
  x: number,
  y: number,
  side: number,
  rgb: readonly [number, number, number],
): void {
  for (let row = y; row < Math.min(y + side, height); row++) {
    for (let column = x; column < Math.min(x + side, width); column++) {
      if (row >= 0 && column >= 0) data.set(rgb, (row * width + column) * 3);
    }
  }
}
