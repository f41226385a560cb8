/**
 * What changes while a cell of a notebook runs. A kernel doesn't show what is
 * written to standard output, so content is displayed and then updated.
 */

import type { Figure } from "./figure.ts";
import type { MediaBundle } from "./show.ts";

/** `Deno.jupyter.display`, as far as it is used. */
export type Display = (
  content: MediaBundle,
  options: {
    readonly raw: true;
    readonly display_id: string;
    readonly update: boolean;
  },
) => unknown;

/** The kernel's display; outside of one there is none. */
function kernelDisplay(): Display | undefined {
  try {
    const { jupyter } = Deno as { readonly jupyter?: { display: Display } };
    return jupyter?.display;
  } catch {
    return undefined; // Deno throws where there is no kernel.
  }
}

/** A place in a notebook whose content is replaced. */
function liveOutput(display: Display | undefined) {
  const display_id = crypto.randomUUID();
  let update = false;
  return async (content: MediaBundle) => {
    const options = { raw: true, display_id, update } as const;
    update = true;
    await display?.(content, options);
  };
}

/** A figure that is drawn anew. */
export interface LiveFigure {
  /** Shows the figure in place of the one before. */
  update(figure: Figure): Promise<void>;
}

/**
 * A place for a figure that changes while the cell runs: as SVG, since
 * JupyterLab draws a Plotly figure once and no more. Outside of a notebook it
 * shows nothing.
 *
 * ```ts
 * import { liveFigure, lossChart, plot } from "muselab";
 *
 * const live = liveFigure();
 * const points: { x: number; y: number }[] = [];
 * for (let x = 1; x <= 100; x++) {
 *   points.push({ x, y: 1 / x });
 *   const chart = lossChart([{ name: "toy", points }], "nats a token");
 *   if (x % 10 === 0) await live.update(plot(chart));
 * }
 * ```
 *
 * @param display takes the content; the notebook's kernel by default
 */
export function liveFigure(
  display: Display | undefined = kernelDisplay(),
): LiveFigure {
  const output = liveOutput(display);
  return {
    async update(figure) {
      await output({ "image/svg+xml": await figure.svg() });
    },
  };
}

/** A bar that tells how much of something is done. */
export interface ProgressBar {
  /**
   * Shows that so much is done, and a note beside it. What follows the last
   * update within a tenth of a second isn't shown, unless all is done.
   */
  update(done: number, note?: string): Promise<void>;
}

/** Options of {@linkcode progressBar}. */
export interface ProgressOptions {
  /** Takes the content; the notebook's kernel by default. */
  readonly display?: Display;
  /** Milliseconds; those of the process by default. */
  readonly now?: () => number;
}

/** Milliseconds from one update to the next. */
const PAUSE = 100;
/** Cells of the bar that is written in letters. */
const CELLS = 24;

/**
 * A bar in a notebook, with the time left. Outside of one it shows nothing.
 *
 * ```ts
 * import { progressBar } from "muselab";
 *
 * const bar = progressBar("drawing", 16);
 * for (let done = 1; done <= 16; done++) await bar.update(done);
 * ```
 */
export function progressBar(
  title: string,
  total: number,
  { display = kernelDisplay(), now = () => performance.now() }:
    ProgressOptions = {},
): ProgressBar {
  const output = liveOutput(display);
  const began = now();
  let last = -Infinity;
  return {
    async update(done, note = "") {
      const time = now();
      if (done < total && time - last < PAUSE) return;
      last = time;
      const share = Math.min(Math.max(done / total, 0), 1);
      const told = [
        `${title}: ${done} of ${total}`,
        timeText((time - began) / 1000, share),
        note,
      ].filter(Boolean).join(", ");
      await output(barOf(share, told));
    },
  };
}

function timeText(seconds: number, share: number): string {
  if (share === 0) return "";
  if (share === 1) return clock(seconds);
  return `${clock(seconds * (1 - share) / share)} left`;
}

/** Seconds as people read them. */
function clock(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 120
    ? `${whole} s`
    : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function barOf(share: number, told: string): MediaBundle {
  const full = Math.round(share * CELLS);
  const safe = told.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
  return {
    "text/html": `<progress value="${Number(share.toFixed(4))}" max="1">` +
      `</progress> ${safe}`,
    "text/plain": `${"█".repeat(full)}${"░".repeat(CELLS - full)} ${told}`,
  };
}
