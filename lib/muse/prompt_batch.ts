/** The text of a batch, checked and put together for the network. */

/** What a transformer says of the texts it reads. */
export interface TextSizes {
  /** Text tokens T. */
  readonly textLength: number;
  /** Width E of their states. */
  readonly textWidth: number;
}

/** States of a batch of prompts. */
export interface PromptStates {
  /** [B,T,E] */
  readonly states: Float32Array;
  /** [B,T] */
  readonly mask: Float32Array;
  /** [B,P], for networks that read one vector for a whole text too. */
  readonly pooled?: Float32Array;
}

/**
 * How many prompts there are.
 * @throws RangeError if states or mask don't fit the network or each other
 */
export function countPrompts(
  { textLength, textWidth }: TextSizes,
  { states, mask }: PromptStates,
): number {
  const count = mask.length / textLength;
  const whole = Number.isInteger(count) && count > 0;
  if (whole && states.length === mask.length * textWidth) return count;
  throw new RangeError(
    `Cannot read the prompts: found ${states.length} numbers of states and ` +
      `a mask of ${mask.length}, wanted states [B,${textLength},` +
      `${textWidth}] and a mask [B,${textLength}] of at least one prompt`,
  );
}

/**
 * The prompts, then as many negative ones; a single one is for them all.
 * @throws RangeError if their numbers differ otherwise
 */
export function joinPrompts(
  sizes: TextSizes,
  prompts: PromptStates,
  negative: PromptStates,
): PromptStates {
  const wanted = countPrompts(sizes, prompts);
  const found = countPrompts(sizes, negative);
  if (found !== wanted && found !== 1) {
    throw new RangeError(
      `Cannot lead ${wanted} prompts away from ${found} negative ones: ` +
        `wanted one for each, or one for all`,
    );
  }
  const { pooled } = prompts;
  return {
    states: join(prompts.states, negative.states),
    mask: join(prompts.mask, negative.mask),
    ...(pooled && { pooled: join(pooled, negative.pooled!) }),
  };
}

/** The first, then the second as often as fills as much again. */
function join(first: Float32Array, second: Float32Array): Float32Array {
  const size = first.length;
  const joined = new Float32Array(2 * size);
  joined.set(first);
  for (let at = size; at < 2 * size; at += second.length) {
    joined.set(second, at);
  }
  return joined;
}
