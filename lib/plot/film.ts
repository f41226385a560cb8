/** Figures that move: the same panels at one moment after another. */

import {
  checkPanels,
  displayed,
  type Figure,
  pictureUrls,
  type PlotOptions,
  titlesOf,
} from "./figure.ts";
import { isSquare, type Panel } from "./panel.ts";
import type { PlotlyFigure, PlotlyFrame, PlotlyPart } from "./plotly.ts";
import { plotlyFigure } from "./plotly_figure.ts";
import { figureSvg } from "./svg_figure.ts";

/** One moment: its name, and what the panels show then. */
export interface Frame {
  /** What the slider says. */
  readonly name: string;
  /** The same kinds in every frame. */
  readonly panels: readonly Panel[];
}

/** Moments that are shown where nothing moves. */
const STILLS = 6;
/** Milliseconds of the whole, and of one moment. */
const WHOLE = 6000;
const SHORTEST = 80;
const LONGEST = 600;
/** Pixels of the slider and the buttons. */
const CONTROLS = 84;

/**
 * Draws panels that change from frame to frame, with a slider and a button that
 * plays them. What can't move, SVG, shows six of the frames below each other
 * in columns; of charts, the last frame alone.
 *
 * @param frames the same kinds of panels, with the same series, in each
 * @throws RangeError if there is no frame, or panels differ in kind
 */
export function animate(
  frames: readonly Frame[],
  options: PlotOptions = {},
): Figure {
  checkFrames(frames);
  const all = frames.flatMap(({ panels }) => panels);
  const last = frames[frames.length - 1];
  const columns = options.columns ?? Math.min(last.panels.length, 4);
  const plotly = async () => {
    const urls = await pictureUrls(all);
    const figures = frames.map(({ panels }) =>
      plotlyFigure(panels, { columns, urls })
    );
    return moving(frames.map(({ name }) => name), figures);
  };
  const svg = async () => {
    if (!last.panels.every(isSquare)) {
      const urls = await pictureUrls(last.panels);
      return figureSvg(last.panels, { columns, urls });
    }
    const stills = stillsOf(frames);
    const panels = last.panels.flatMap((_, i) =>
      stills.map(({ name, panels }, column) => ({
        ...panels[i],
        title: column === 0 ? `${panels[i].title}, ${name}` : name,
      }))
    );
    const urls = await pictureUrls(panels);
    return figureSvg(panels, { columns: stills.length, urls });
  };
  return { ...displayed({ svg, plotly }, titlesOf(last.panels)), svg, plotly };
}

function checkFrames(frames: readonly Frame[]): void {
  if (frames.length === 0) {
    throw new RangeError("Cannot animate: found no frames, wanted one");
  }
  const kinds = ({ panels }: Frame) =>
    panels.map((panel) =>
      "series" in panel ? `${panel.kind} ${panel.series.length}` : panel.kind
    ).join(", ");
  for (const frame of frames) {
    checkPanels(frame.panels);
    if (kinds(frame) === kinds(frames[0])) continue;
    throw new RangeError(
      `Cannot animate: found the panels ${kinds(frame)} in frame ` +
        `"${frame.name}", wanted ${kinds(frames[0])} as in the first`,
    );
  }
}

/** Evenly spread, the first and the last among them. */
function stillsOf(frames: readonly Frame[]): Frame[] {
  if (frames.length <= STILLS) return [...frames];
  return Array.from(
    { length: STILLS },
    (_, i) => frames[Math.round(i * (frames.length - 1) / (STILLS - 1))],
  );
}

/** One figure of several: it begins with the last, which is finished. */
function moving(
  names: readonly string[],
  figures: readonly PlotlyFigure[],
): PlotlyFigure {
  const last = figures[figures.length - 1];
  const { height, margin } = last.layout as {
    readonly height: number;
    readonly margin: { readonly b: number; readonly t: number };
  };
  const plot = height - margin.b - margin.t;
  return {
    ...last,
    layout: {
      ...last.layout,
      height: height + CONTROLS,
      margin: { ...margin, b: margin.b + CONTROLS },
      ...controls(names, -margin.b / plot),
    },
    frames: figures.map(({ data, layout }, i): PlotlyFrame => ({
      name: names[i],
      data: data.map(changing),
      traces: data.map((_, trace) => trace),
      ...hasImages(layout) ? { layout: { images: layout.images } } : {},
    })),
  };
}

function hasImages({ images }: PlotlyPart): boolean {
  return Array.isArray(images) && images.length > 0;
}

/** What of a trace can change from frame to frame. */
function changing({ type, x, y, z, text, source }: PlotlyPart): PlotlyPart {
  const parts = { type, x, y, z, text, source };
  return Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== undefined),
  );
}

function controls(names: readonly string[], y: number): PlotlyPart {
  const duration = Math.round(
    Math.min(Math.max(WHOLE / names.length, SHORTEST), LONGEST),
  );
  const timing = {
    mode: "immediate",
    frame: { duration, redraw: true },
    transition: { duration: 0 },
  };
  const still = { ...timing, frame: { duration: 0, redraw: true } };
  const button = (label: string, args: PlotlyPart["args"]): PlotlyPart => ({
    label,
    method: "animate",
    args,
  });
  return {
    updatemenus: [{
      type: "buttons",
      direction: "left",
      showactive: false,
      x: 0,
      xanchor: "left",
      y,
      yanchor: "top",
      pad: { t: 22, r: 10 },
      buttons: [
        button("Play", [null, timing]),
        button("Pause", [[null], still]),
      ],
    }],
    sliders: [{
      active: names.length - 1,
      x: 1,
      xanchor: "right",
      y,
      yanchor: "top",
      len: 0.74,
      pad: { t: 14 },
      currentvalue: { visible: true, xanchor: "right" },
      transition: { duration: 0 },
      steps: names.map((name) => ({ ...button(name, [[name], still]) })),
    }],
  };
}
