/** Axes of charts: where values lie, and which are written beside them. */

/** A value that is written at an axis. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** An axis from end to end. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
}

/** The most values that are written at an axis of numbers, about. */
const TICKS = 7;

/** An axis that holds all numbers, with ticks at round ones. */
export function numberScale(values: readonly number[]): Scale {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const width = most - least || Math.abs(most) || 1;
  const margin = 0.06 * width;
  const [from, to] = [least - margin, most + margin];
  const step = roundStep((to - from) / TICKS);
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  const ticks = Array.from({ length: count }, (_, i) => {
    const at = (first + i) * step;
    return { at, text: tickText(at, step) };
  });
  return { from, to, ticks };
}

/** An axis of names, at 0, 1, 2 and so on. */
export function nameScale(names: readonly string[]): Scale {
  return {
    from: -0.5,
    to: names.length - 0.5,
    ticks: names.map((text, at) => ({ at, text })),
  };
}

/** The next of 1, 2, 5, 10, … and their like above or below. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((one) => one * power >= step * 0.999)!;
  return factor * power;
}

/** As many digits as the steps need, and no negative zero. */
function tickText(at: number, step: number): string {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (Math.round(at / step) === 0 ? 0 : at).toFixed(digits);
}
