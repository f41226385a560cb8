/** Bars to the right of their names as SVG. */

import { barScale } from "./chart_scale.ts";
import type { BarChart } from "./panel.ts";
import { AXIS, colourOf, GRID } from "./style.ts";
import { CHART_SIZE } from "./svg_chart.ts";
import { escapeXml, fitted, rect, round, short, text } from "./svg.ts";

const TOP = 40;
const HEIGHT = 230;
const RIGHT = 420;
/** Width of a letter, about. */
const LETTER = 6.6;
/** Letters of a name to the left of its bars. */
const LONGEST_NAME = 22;
/** What bars take of the height of a name. */
const FILLED = 0.72;
/** Bars of one name don't get thicker than this, in pixels. */
const THICKEST = 44;

/** Bars, as large as a chart; a series' colour is by its name. */
export function barsSvg(chart: BarChart, legend: readonly string[]): string {
  const { names, series, stacked } = chart;
  const longest = Math.max(...names.map(({ length }) => length));
  const left = 24 + LETTER * Math.min(longest, LONGEST_NAME);
  const scale = barScale(stacked ? totals(chart) : series.flatMap(valuesOf));
  const across = (value: number) => left + (RIGHT - left) * scale.place(value);
  const row = HEIGHT / names.length;
  const band = Math.min(FILLED * row, THICKEST);
  const bar = stacked ? band : band / series.length;
  const parts = names.flatMap((name, i) => {
    const top = TOP + (i + 0.5) * row - band / 2;
    let from = 0;
    const bars = series.map(({ name: part, values }, k) => {
      const start = across(stacked ? from : 0);
      const end = across(stacked ? from + values[i] : values[i]);
      from += values[i];
      const told = [name, part, short(values[i])].filter(Boolean).join(": ");
      const box = {
        left: start,
        top: top + (stacked ? 0 : k * bar),
        width: Math.max(end - start, 0),
        height: Math.max(bar - (stacked ? 0 : 1), 1),
      };
      const fill = `fill="${colourOf(legend.indexOf(part))}"`;
      return `<g><title>${escapeXml(told)}</title>${rect(box, fill)}</g>`;
    });
    const shown = fitted(name, LONGEST_NAME);
    const place = TOP + (i + 0.5) * row + 4;
    return [text(left - 8, place, shown, `text-anchor="end"`), ...bars];
  });
  const ticks = scale.ticks.map((tick) => {
    const at = round(across(tick.at));
    return `<path d="M${at} ${TOP}v${HEIGHT}" stroke="${GRID}"/>` +
      text(at, TOP + HEIGHT + 18, tick.text, `text-anchor="middle"`);
  });
  const middle = (left + RIGHT) / 2;
  return [
    text(24, 22, chart.title, `font-weight="600" font-size="13"`),
    ...ticks,
    ...parts,
    `<path d="M${round(left)} ${TOP}v${HEIGHT}" stroke="${AXIS}"/>`,
    text(
      middle,
      CHART_SIZE.height - 14,
      chart.value.title,
      `text-anchor="middle"`,
    ),
  ].join("\n");
}

function valuesOf({ values }: { readonly values: readonly number[] }) {
  return values;
}

/** How long the bars of each name are together. */
function totals({ names, series }: BarChart): number[] {
  return names.map((_, i) =>
    series.reduce((sum, { values }) => sum + values[i], 0)
  );
}
