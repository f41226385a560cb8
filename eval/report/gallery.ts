/** The parts of a report with pictures: a sample, the best and the worst. */

import sharp from "sharp";
import { decodeAsPillow } from "../../lib/image/decode_pillow.ts";
import { imagePath } from "../run/images.ts";
import type { RunScores, Sample } from "../run/record.ts";
import { type Html, markup } from "./html.ts";
import type { ReportedRun } from "./read_report.ts";

/** Pictures of the sample, and of the best and the worst each. */
const SAMPLE = 24;
const EXTREMES = 8;
/** Pixels of the longest side that a page holds. */
const SIDE = 384;
const QUALITY = 86;

type Score = RunScores["scores"][number];

/** Pictures under a title. */
interface Gallery {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** Numbers of samples. */
  readonly places: readonly number[];
}

/** All galleries of a run. */
export async function galleriesPart(run: ReportedRun): Promise<Html[]> {
  const galleries = galleriesOf(run);
  const needed = [...new Set(galleries.flatMap(({ places }) => places))];
  const urls = new Map<number, string | undefined>();
  for (const place of needed) {
    urls.set(place, await thumbnail(imagePath(run, run.samples[place])));
  }
  const pictures = (places: readonly number[]) =>
    places.map((place) =>
      pictureOf(run.samples[place], urls.get(place), told(run, place))
    );
  return galleries.map(({ id, title, about, places }) =>
    markup`
      <section id="${id}">
        <h2>${title}</h2>
        <p>${about}</p>
        <div class="gallery">${pictures(places)}</div>
      </section>
    `
  );
}

function galleriesOf({ samples, scores }: ReportedRun): Gallery[] {
  const count = Math.min(SAMPLE, samples.length);
  const spread = Array.from(
    { length: count },
    (_, i) => Math.floor(i * samples.length / count),
  );
  const sample = {
    id: "sample",
    title: "Pictures",
    about: `${count} of ${samples.length.toLocaleString("en")}, evenly ` +
      `spread over all; nobody chose them.`,
    places: spread,
  };
  const score = scores.find(({ name }) => name.startsWith("clip-score")) ??
    scores[0];
  if (!score || score.values.length !== samples.length) return [sample];
  const { best, worst } = extremes(score);
  return [
    sample,
    {
      id: "best",
      title: "Best",
      about: `The best by ${score.title}.`,
      places: best,
    },
    {
      id: "worst",
      title: "Worst",
      about: `The worst by ${score.title}, the worst first.`,
      places: worst,
    },
  ];
}

/** Places of the highest and the lowest; no picture is in both. */
function extremes({ values, better }: Score) {
  const sign = better === "higher" ? -1 : 1;
  const order = values.map((_, place) => place)
    .sort((a, b) => sign * (values[a] - values[b]) || a - b);
  const count = Math.min(EXTREMES, Math.floor(values.length / 2));
  return {
    best: order.slice(0, count),
    worst: order.toReversed().slice(0, count),
  };
}

/** What is told of a picture besides its caption. */
function told({ samples, scores }: ReportedRun, place: number): string {
  const { id, seed } = samples[place];
  return [
    id,
    `seed ${seed}`,
    ...scores.filter(({ values }) => values.length === samples.length)
      .map(({ title, values }) =>
        `${title} ${Number(values[place].toPrecision(3))}`
      ),
  ].join(" · ");
}

function pictureOf(
  { caption }: Sample,
  url: string | undefined,
  about: string,
): Html {
  return markup`
    <figure>
      ${url === undefined ? MISSING : enlargeable(url, caption)}
      <figcaption>${caption}<small>${about}</small></figcaption>
    </figure>
  `;
}

const MISSING = markup`<div class="missing">not readable</div>`;

function enlargeable(url: string, caption: string): Html {
  return markup`
    <button type="button" aria-label="Enlarge: ${caption}">
      <img loading="lazy" src="${url}" alt="${caption}">
    </button>
  `;
}

/** A picture as it was judged, small; nothing of one that can't be read. */
async function thumbnail(path: string): Promise<string | undefined> {
  try {
    const { width, height, data } = await decodeAsPillow(
      await Deno.readFile(path),
    );
    const small = await sharp(data, { raw: { width, height, channels: 3 } })
      .resize(SIDE, SIDE, { fit: "inside", withoutEnlargement: true })
      .webp({ quality: QUALITY }).toBuffer();
    return `data:image/webp;base64,${new Uint8Array(small).toBase64()}`;
  } catch {
    return undefined; // The page says so in its place.
  }
}
