/** Premultiplied RGBA squares and their halvings. */

/** Multiplies colour by alpha, so that averages mix only what is visible. */
export function premultiply(rgba: Uint8Array): Uint8Array {
  const out = new Uint8Array(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3];
    for (let c = 0; c < 3; c++) {
      out[i + c] = Math.round(rgba[i + c] * alpha / 255);
    }
    out[i + 3] = alpha;
  }
  return out;
}

/** Averages 2x2 pixels of a premultiplied square of `side` pixels. */
export function halve(rgba: Uint8Array, side: number): Uint8Array {
  const half = side / 2;
  const out = new Uint8Array(half * half * 4);
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      for (let c = 0; c < 4; c++) {
        const i = (2 * y * side + 2 * x) * 4 + c;
        const sum = rgba[i] + rgba[i + 4] +
          rgba[i + side * 4] + rgba[i + side * 4 + 4];
        out[(y * half + x) * 4 + c] = (sum + 2) >> 2;
      }
    }
  }
  return out;
}

/** The mean luminance, 0 to 255, of what a premultiplied picture shows. */
export function meanLuminance(rgba: Uint8Array): number {
  let light = 0;
  let alpha = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    light += luminance(rgba[i], rgba[i + 1], rgba[i + 2]);
    alpha += rgba[i + 3];
  }
  return alpha === 0 ? 0 : 255 * light / alpha;
}

/** Rec. 709 luminance of integer colours, as an integer. */
export function luminance(r: number, g: number, b: number): number {
  return (54 * r + 183 * g + 19 * b + 128) >> 8;
}
