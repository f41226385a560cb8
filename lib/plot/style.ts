/**
 * One style for all figures: dark ink on white, quiet axes, colours that people
 * with any colour vision tell apart.
 */

import { confidenceColour, type Rgb } from "./token_maps.ts";
import type { MapScale } from "./panel.ts";

export const INK = "#26262b";
export const QUIET_INK = "#5f5f69";
export const AXIS = "#9a9aa4";
export const GRID = "#e3e3e8";
export const PAPER = "#ffffff";
export const FONT = "system-ui, 'DejaVu Sans', sans-serif";

/** Okabe and Ito's, without their yellow, which is too pale for lines. */
const COLOURS: readonly string[] = ["#0072b2", "#d55e00", "#009e73"]
  .concat("#cc79a7", "#e69f00", "#56b4e9", "#000000", "#7a5195");

/** The colour of a series by its place in the legend; they repeat. */
export function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length];
}

/** Whether marks are squares: from the place on where colours repeat. */
export function isSecondRound(index: number): boolean {
  return Math.floor(index / COLOURS.length) % 2 === 1;
}

/** What lies over a picture where nothing looks: night. */
const VEIL: Rgb = [14, 20, 34];
const VEIL_OPACITY = 0.84;

/** A colour and how much of it is seen, 0..1. */
export interface Paint {
  readonly colour: Rgb;
  readonly opacity: number;
}

/** The colour of a value on the scale of a map. */
export function paintOf({ scale, isVeil }: MapScale, value: number): Paint {
  if ("states" in scale) {
    const { states } = scale;
    const place = Math.min(Math.max(Math.round(value), 0), states.length - 1);
    return { colour: states[place].colour, opacity: 1 };
  }
  const { from, to } = scale;
  const share = Math.min(Math.max((value - from) / (to - from || 1), 0), 1);
  return isVeil
    ? { colour: VEIL, opacity: VEIL_OPACITY * (1 - share) }
    : { colour: confidenceColour(share), opacity: 1 };
}

/** A colour as CSS, SVG and Plotly write it. */
export function css({ colour, opacity }: Paint): string {
  return opacity === 1
    ? `rgb(${colour.join(",")})`
    : `rgba(${colour.join(",")},${Number(opacity.toFixed(3))})`;
}
