/**
 * The known word a mistyped one was probably meant to be, or undefined when
 * none is near: more than a third of its letters would have to change.
 */
export function nearest(
  word: string,
  known: Iterable<string>,
): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const changes = countEdits(word.toLowerCase(), candidate.toLowerCase());
    if (changes < least && changes <= Math.ceil(candidate.length / 3)) {
      least = changes;
      best = candidate;
    }
  }
  return best;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn one
 * word into the other (Damerau's distance, restricted form).
 */
function countEdits(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      row[j] = Math.min(
        row[j - 1] + 1,
        rows[i - 1][j] + 1,
        rows[i - 1][j - 1] + (same ? 0 : 1),
      );
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] &&
        from[i - 2] === to[j - 1];
      if (swapped) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[from.length][to.length];
}
