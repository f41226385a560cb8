/** Several things that hold native memory, loaded at the same time. */

/** Something to be released. */
export interface Releasable {
  /** Frees the native memory. */
  release(): Promise<void>;
}

/**
 * Waits for all parts, of which some may be nothing, and then for `finish`. If
 * one of these fails, the parts that are loaded are released, and the first
 * error is thrown.
 */
export async function loadTogether<
  Parts extends readonly (Releasable | undefined)[],
  Whole,
>(
  parts: { readonly [I in keyof Parts]: Promise<Parts[I]> },
  finish: (parts: Parts) => Whole | Promise<Whole>,
): Promise<Whole> {
  try {
    return await finish(await Promise.all(parts) as unknown as Parts);
  } catch (error) {
    for (
      const part of await Promise.allSettled<Releasable | undefined>(parts)
    ) {
      if (part.status === "fulfilled") await part.value?.release();
    }
    throw error;
  }
}
