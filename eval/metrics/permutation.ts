/**
 * Permutations as the reference programs draw them, number by number, so that
 * their seeds choose the same subsets here: NumPy's RandomState, which is frozen
 * for good, and PyTorch's randperm() on a CPU. Both draw from MT19937
 * (Matsumoto and Nishimura 1998).
 */

/** Draws permutations of 0..n-1, one after the other. */
export type DrawPermutation = (n: number) => Uint32Array;

/** `RandomState(seed).permutation(n)`, and what `choice()` cuts its start of. */
export function numpyPermutations(seed: number): DrawPermutation {
  const bits = mersenneTwister(seed);
  return (n) => {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const mask = 2 ** (32 - Math.clz32(i)) - 1;
      let j;
      do j = (bits() & mask) >>> 0; while (j > i);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  };
}

/** `torch.randperm(n)` after `torch.manual_seed(seed)`. */
export function torchPermutations(seed: number): DrawPermutation {
  const bits = mersenneTwister(seed);
  return (n) => {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const j = i + bits() % (n - i);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  };
}

const LENGTH = 624;
const MIDDLE = 397;

/** 32 random bits a call. */
function mersenneTwister(seed: number): () => number {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new RangeError(
      `Cannot draw with the seed ${seed}: wanted a whole number from 0 to ` +
        `${2 ** 32 - 1}`,
    );
  }
  const state = new Uint32Array(LENGTH);
  state[0] = seed;
  for (let i = 1; i < LENGTH; i++) {
    const last = state[i - 1] ^ (state[i - 1] >>> 30);
    state[i] = Math.imul(last, 1812433253) + i;
  }
  let at = LENGTH;
  return () => {
    if (at === LENGTH) {
      twist(state);
      at = 0;
    }
    let y = state[at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < LENGTH; i++) {
    const next = state[(i + 1) % LENGTH];
    const joined = (state[i] & 0x80000000) | (next & 0x7fffffff);
    state[i] = state[(i + MIDDLE) % LENGTH] ^ (joined >>> 1) ^
      (joined & 1 ? 0x9908b0df : 0);
  }
}
