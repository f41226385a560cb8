/** An 8-bit RGB picture. */
export interface Picture {
  /** W, in pixels. */
  readonly width: number;
  /** H, in pixels. */
  readonly height: number;
  /** [H, W, 3], row by row. */
  readonly data: Uint8Array;
}

/** A black picture, or one over the given bytes, whose number is checked. */
export function createPicture(
  width: number,
  height: number,
  data: Uint8Array = new Uint8Array(width * height * 3),
): Picture {
  if (!isSide(width) || !isSide(height)) {
    throw new RangeError(
      `A picture of ${width}x${height} was asked for; sides are whole ` +
        `numbers from 1 to 65535.`,
    );
  }
  if (data.length !== width * height * 3) {
    throw new RangeError(
      `A ${width}x${height} RGB picture takes ${width * height * 3} bytes, ` +
        `but ${data.length} were given.`,
    );
  }
  return { width, height, data };
}

function isSide(side: number): boolean {
  return Number.isInteger(side) && side >= 1 && side <= 65535;
}

/**
 * Writes the picture as planar floats, v / 127.5 - 1: [3, H, W] in -1..1, the
 * layout networks take. `out` may be one sample of a batch.
 */
export function writePlanar(picture: Picture, out: Float32Array): void {
  const { data } = picture;
  const plane = picture.width * picture.height;
  if (out.length !== plane * 3) {
    throw new RangeError(
      `A ${picture.width}x${picture.height} picture fills ${plane * 3} ` +
        `floats, but the array holds ${out.length}.`,
    );
  }
  for (let i = 0, j = 0; i < plane; i++, j += 3) {
    out[i] = data[j] / 127.5 - 1;
    out[plane + i] = data[j + 1] / 127.5 - 1;
    out[2 * plane + i] = data[j + 2] / 127.5 - 1;
  }
}

/** The inverse of {@linkcode writePlanar}: rounds, and clips to 0..255. */
export function fromPlanar(
  values: Float32Array,
  width: number,
  height: number,
): Picture {
  const plane = width * height;
  const picture = createPicture(width, height);
  if (values.length !== plane * 3) {
    throw new RangeError(
      `A ${width}x${height} picture is ${plane * 3} floats, not ` +
        `${values.length}.`,
    );
  }
  const clipped = new Uint8ClampedArray(picture.data.buffer);
  for (let i = 0, j = 0; i < plane; i++, j += 3) {
    clipped[j] = (values[i] + 1) * 127.5;
    clipped[j + 1] = (values[plane + i] + 1) * 127.5;
    clipped[j + 2] = (values[2 * plane + i] + 1) * 127.5;
  }
  return picture;
}

/** The pictures of a batch [B, 3, H, W] in -1..1, one by one. */
export function fromPlanarBatch(
  values: Float32Array,
  width: number,
  height: number,
): Picture[] {
  const size = 3 * width * height;
  return Array.from(
    { length: Math.ceil(values.length / size) },
    (_, i) =>
      fromPlanar(values.subarray(i * size, (i + 1) * size), width, height),
  );
}

/** A picture of floats [H, W, 3] in 0..1: rounds, and clips to 0..255. */
export function fromUnit(
  values: Float32Array,
  width: number,
  height: number,
): Picture {
  const bytes = Uint8ClampedArray.from(values, (value) => value * 255);
  return createPicture(width, height, new Uint8Array(bytes.buffer));
}

/** Pictures of one size as floats [B, H, W, 3] in 0..1. */
export function toUnit(pictures: readonly Picture[]): Float32Array {
  const size = pictures[0].data.length;
  const values = new Float32Array(pictures.length * size);
  pictures.forEach(({ data }, i) => {
    values.set(Float32Array.from(data, (byte) => byte / 255), i * size);
  });
  return values;
}
