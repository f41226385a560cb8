/**
 * The known word that was probably meant by another, or undefined when none is
 * near. Of a mistyped one at most a third of the letters, rounded up, may have
 * to change; where there is none, the longest that the other has in it as a
 * word, such as "guidance" in "guidance_scale".
 */
export function nearest(
  word: string,
  known: readonly string[],
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
  return best ?? longestWithin(word, known);
}

/** The end of an error about an unknown name: what was meant, or what there is. */
export function didYouMean(
  name: string,
  known: readonly string[],
  otherwise: string = thereAre(known),
): string {
  const meant = nearest(name, known);
  return meant ? `did you mean "${meant}"?` : otherwise;
}

/** The same for an error that has listed them; "" if nothing was meant. */
export function hint(name: unknown, known: readonly string[]): string {
  const said = typeof name === "string" ? didYouMean(name, known, "") : "";
  return said && `; ${said}`;
}

function thereAre(names: readonly string[]): string {
  const are = names.length > 1 ? "are" : "is";
  return `there ${are} ${names.join(", ") || "none"}.`;
}

/** Other programs' names often say more: guidance_scale, numInferenceSteps. */
function longestWithin(
  word: string,
  known: readonly string[],
): string | undefined {
  const all = ` ${wordsOf(word)} `;
  return known
    .filter((candidate) => all.includes(` ${wordsOf(candidate) || "-"} `))
    .sort((a, b) => b.length - a.length)[0];
}

/** "topK", "top-k" and "top_k" -> "top k". */
function wordsOf(name: string): string {
  return name.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z\d]+/).filter((word) => word !== "").join(" ")
    .toLowerCase();
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
