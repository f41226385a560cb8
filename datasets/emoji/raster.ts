/** From the published art to square RGBA sprites; the one place with sharp. */

import flat from "@iconify-json/fluent-emoji-flat/icons.json" with {
  type: "json",
};
import chars from "@iconify-json/fluent-emoji-flat/chars.json" with {
  type: "json",
};
// Imported so that the package is installed; its pictures are read below.
import "@lobehub/fluent-emoji-3d/package.json" with { type: "json" };
import sharp from "sharp";
import type { Kind } from "./kinds.ts";
import type { Style } from "./scene.ts";

const bodies: Record<string, { readonly body: string } | undefined> =
  flat.icons;
const parents: Record<string, { readonly parent: string } | undefined> =
  flat.aliases;

/** Icon name of the flat style by code points without FE0F. */
const flatNames = new Map(
  Object.entries(chars).map(([code, name]) => [bareCode(code), name]),
);

function bareCode(code: string): string {
  return code.split("-").filter((hex) => hex !== "fe0f").join("-");
}

/** The published picture of a kind: a WebP file, or an SVG drawing. */
const sources: Record<Style, (kind: Kind) => Promise<Uint8Array>> = {
  "3d": (kind) => readFluent3d(kind),
  "flat": (kind) => {
    const name = flatNames.get(kind.code) ?? "";
    const icon = bodies[name] ?? bodies[parents[name]?.parent ?? ""];
    if (!icon) return Promise.reject(missing(kind, "flat"));
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" ` +
      `height="512" viewBox="0 0 32 32">${icon.body}</svg>`;
    return Promise.resolve(new TextEncoder().encode(svg));
  },
};

async function readFluent3d(kind: Kind): Promise<Uint8Array> {
  // The files' names carry FE0F where the full emoji has it.
  const full = [...kind.emoji].map((c) => c.codePointAt(0)!.toString(16));
  for (const code of [full.join("-"), kind.code, `${kind.code}-fe0f`]) {
    const url = import.meta.resolve(
      `@lobehub/fluent-emoji-3d/assets/${code}.webp`,
    );
    try {
      return await Deno.readFile(new URL(url));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw missing(kind, "3d");
}

function missing(kind: Kind, style: Style): Error {
  return new Error(
    `The art of style "${style}" has no picture of ${kind.emoji} ` +
      `(${kind.id}, ${kind.code}).`,
  );
}

/** What is fainter than this does not count as part of an object. */
const FAINT = 8;

/**
 * The kind's picture, cropped to what is visible, scaled to fill a square of
 * `side` pixels less `margin` on every side, centred: RGBA, not premultiplied,
 * side*side*4 bytes.
 */
export async function rasterize(
  kind: Kind,
  style: Style,
  side: number,
  margin: number,
): Promise<Uint8Array> {
  const source = await sources[style](kind);
  const { data, info } = await sharp(source).ensureAlpha().raw()
    .toBuffer({ resolveWithObject: true });
  const crop = visibleBox(data, info.width, info.height);
  if (!crop) throw missing(kind, style);
  const raw = { width: info.width, height: info.height, channels: 4 } as const;
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  const inner = side - 2 * margin;
  return await sharp(data, { raw }).extract(crop)
    .resize(inner, inner, { fit: "contain", background: clear })
    .extend({
      top: margin,
      bottom: margin,
      left: margin,
      right: margin,
      background: clear,
    })
    .raw().toBuffer();
}

/** The smallest rectangle that holds every visible pixel. */
function visibleBox(rgba: Uint8Array, width: number, height: number) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (rgba[(y * width + x) * 4 + 3] < FAINT) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0
    ? null
    : { left, top, width: right - left + 1, height: bottom - top + 1 };
}
