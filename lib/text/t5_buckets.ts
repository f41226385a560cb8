/** Kinds of distances, as T5's attention tells them apart. */

/**
 * For every pair of text ids, [reader, read] in [T,T], the kind of their
 * distance: half of the kinds are for ids before the reader and half for those
 * after it; of each half, the first half are single distances and the others
 * grow logarithmically.
 *
 * @param farthest the distance from which on all are of one kind
 */
export function positionBuckets(
  length: number,
  buckets: number,
  farthest: number,
): Int32Array {
  const half = Math.floor(buckets / 2);
  const single = Math.floor(half / 2);
  const kinds = Array.from(
    { length },
    (_, distance) =>
      distance < single
        ? distance
        : Math.min(half - 1, largeKind(distance, half, single, farthest)),
  );
  return Int32Array.from({ length: length ** 2 }, (_, i) => {
    const distance = i % length - Math.floor(i / length);
    return kinds[Math.abs(distance)] + (distance > 0 ? half : 0);
  });
}

/** Rounded to float32 where the reference rounds: powers are on the edge. */
function largeKind(
  distance: number,
  half: number,
  single: number,
  farthest: number,
): number {
  const { fround, log, trunc } = Math;
  const logarithm = fround(log(fround(distance / single)));
  const share = fround(logarithm / fround(log(farthest / single)));
  return single + trunc(fround(share * (half - single)));
}
