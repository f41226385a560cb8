/** Words into the pieces that are likeliest together (arXiv 1804.10959). */

/** What an unknown character costs below the unlikeliest piece. */
const UNKNOWN_PENALTY = 10;

/** Pieces and the logarithms of their probabilities. */
export interface Unigram {
  /** Ids by piece. */
  readonly ids: ReadonlyMap<string, number>;
  /** Scores by id. */
  readonly scores: readonly number[];
  /** Id of what no piece covers. */
  readonly unknown: number;
}

/**
 * Splits a word into the pieces with the largest sum of scores, of equal ones
 * the first found. Neighbours that no piece covers are one piece together.
 */
export function unigramSplitter(
  { ids, scores, unknown }: Unigram,
): (word: string) => string[] {
  const longest = ids.keys()
    .reduce((most, piece) => Math.max(most, piece.length), 1);
  const unknownScore = scores.reduce((a, b) => Math.min(a, b)) -
    UNKNOWN_PENALTY;
  return (word) => {
    const best = bestPieces(word, longest, (piece) => {
      const id = ids.get(piece);
      return id === undefined ? undefined : scores[id];
    }, unknownScore);
    const pieces: string[] = [];
    let afterUnknown = false;
    for (const piece of best) {
      const isUnknown = (ids.get(piece) ?? unknown) === unknown;
      if (isUnknown && afterUnknown) pieces.push(pieces.pop() + piece);
      else pieces.push(piece);
      afterUnknown = isUnknown;
    }
    return pieces;
  };
}

/** The likeliest path, found from each of its ends backwards (Viterbi). */
function bestPieces(
  word: string,
  longest: number,
  scoreOf: (piece: string) => number | undefined,
  unknownScore: number,
): string[] {
  const total = new Float64Array(word.length + 1);
  const from = new Int32Array(word.length + 1).fill(-1);
  for (let start = 0, size; start < word.length; start += size) {
    size = word.codePointAt(start)! > 0xffff ? 2 : 1;
    let covered = false;
    const reach = (end: number, score: number) => {
      const sum = total[start] + score;
      if (from[end] >= 0 && sum <= total[end]) return;
      [total[end], from[end]] = [sum, start];
    };
    const last = Math.min(word.length, start + longest);
    for (let end = start + size; end <= last; end++) {
      const score = scoreOf(word.slice(start, end));
      if (score === undefined) continue;
      reach(end, score);
      covered ||= end === start + size;
    }
    if (!covered) reach(start + size, unknownScore);
  }
  const pieces: string[] = [];
  for (let end = word.length; end > 0; end = from[end]) {
    pieces.push(word.slice(from[end], end));
  }
  return pieces.reverse();
}
