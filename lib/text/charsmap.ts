/**
 * The replacements of characters that SentencePiece compiles into a model: its
 * form of NFKC with the spaces and control characters made one. The table is a
 * double array of 32-bit units (as in the Darts library), which leads from the
 * bytes of a text to a place among strings that end with a zero.
 */

/** Longer clusters of letters and marks are looked up one by one. */
const MOST_CLUSTER_BYTES = 5;

const PREFIX = 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Reads a table, `precompiled_charsmap`.
 *
 * @returns what replaces the characters of a text. As the fast tokenizers do
 * it, a cluster of letters and marks of few bytes is replaced as a whole, even
 * if the table knows only its start; SentencePiece itself takes the longest
 * stretch that the table knows.
 * @throws if the table is damaged
 */
export function charsmapNormalizer(
  table: Uint8Array,
): (text: string) => string {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const size = table.length < PREFIX ? NaN : view.getUint32(0, true);
  const start = PREFIX + size;
  if (!(size > 0 && size % 4 === 0 && start <= table.length)) {
    throw new Error(
      `reading a table of characters: its ${table.length} bytes announce ` +
        `units of ${size}; it is damaged, fetch the tokenizer again`,
    );
  }
  const units = Uint32Array.from(
    { length: size / 4 },
    (_, i) => view.getUint32(PREFIX + 4 * i, true),
  );
  const strings = table.subarray(start);
  const replacement = (part: string): string | undefined => {
    const place = findPrefix(units, encoder.encode(part));
    if (place === undefined) return undefined;
    const end = strings.indexOf(0, place);
    return decoder.decode(
      strings.subarray(place, end < 0 ? undefined : end),
    );
  };
  const clusters = new Intl.Segmenter("und", { granularity: "grapheme" });
  return (text) => {
    let normal = "";
    for (const { segment } of clusters.segment(text)) {
      const bytes = encoder.encode(segment).length;
      const whole = bytes <= MOST_CLUSTER_BYTES
        ? replacement(segment)
        : undefined;
      if (whole !== undefined) normal += whole;
      else for (const one of segment) normal += replacement(one) ?? one;
    }
    return normal;
  };
}

/** The value of the shortest key that the bytes start with. */
function findPrefix(
  units: Uint32Array,
  bytes: Uint8Array,
): number | undefined {
  let place = stepOf(units[0]);
  for (const byte of bytes) {
    place ^= byte;
    const unit = units[place];
    if (byte === 0 || (unit & 0x800000ff) !== byte) return undefined;
    place ^= stepOf(unit);
    const hasValue = (unit >>> 8 & 1) === 1;
    if (hasValue) return units[place] & 0x7fffffff;
  }
  return undefined;
}

/** How far the followers of a unit are. */
function stepOf(unit: number): number {
  return unit >>> 10 << ((unit & 0x200) >>> 6);
}
