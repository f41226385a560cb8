/**
 * What a Plotly figure is made of, as far as ours go. Only what Plotly 3 knows
 * is used: Visual Studio Code draws with that.
 */

/** A value of JSON. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A trace or a layout: Plotly's attributes by name. */
export type PlotlyPart = { readonly [key: string]: Json };

/** A moment of an animation. */
export interface PlotlyFrame {
  /** What the slider says. */
  readonly name: string;
  /** New values of traces. */
  readonly data: readonly PlotlyPart[];
  /** The traces that `data` changes. */
  readonly traces: readonly number[];
  /** What changes beside them. */
  readonly layout?: PlotlyPart;
}

/** Content of the type application/vnd.plotly.v1+json. */
export interface PlotlyFigure {
  /** The traces. */
  readonly data: readonly PlotlyPart[];
  /** Axes, titles, sizes. */
  readonly layout: PlotlyPart;
  /** How it answers the pointer. */
  readonly config: PlotlyPart;
  /** Of an animation. */
  readonly frames?: readonly PlotlyFrame[];
}

/** What a panel adds to a figure. */
export interface PlotlyPanel {
  readonly traces: readonly PlotlyPart[];
  /** Its two axes: the layout's `xaxis3` and `yaxis3`, for panel 3. */
  readonly x: PlotlyPart;
  readonly y: PlotlyPart;
  readonly shapes?: readonly PlotlyPart[];
  readonly images?: readonly PlotlyPart[];
  readonly annotations?: readonly PlotlyPart[];
}

/** The name of an axis of panel `index`: x, x2, x3 and so on. */
export function axisName(letter: "x" | "y", index: number): string {
  return index === 0 ? letter : `${letter}${index + 1}`;
}

/** A number with as many digits as can be seen; what isn't one is a gap. */
export function trimmed(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}
