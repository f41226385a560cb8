/** Networks of features over any number of pictures. */

/** How many pictures a network is given at a time. */
export interface FeatureBatches {
  /** 16 by default. Results don't change. */
  readonly batch?: number;
}

/**
 * Runs some pictures at a time and puts the rows behind each other, by name.
 * @throws RangeError for a batch that is no whole number from 1
 */
export async function inBatches<Item, Name extends string>(
  items: readonly Item[],
  widths: Readonly<Record<Name, number>>,
  { batch = 16 }: FeatureBatches,
  run: (
    some: readonly Item[],
  ) => Promise<Readonly<Record<string, { readonly data: ArrayLike<number> }>>>,
): Promise<Record<Name, Float32Array>> {
  checkBatch(batch);
  const names = Object.keys(widths) as Name[];
  const rows = Object.fromEntries(
    names.map((name) => [name, new Float32Array(items.length * widths[name])]),
  ) as Record<Name, Float32Array>;
  for (let done = 0; done < items.length; done += batch) {
    const results = await run(items.slice(done, done + batch));
    for (const name of names) {
      rows[name].set(results[name].data, done * widths[name]);
    }
  }
  return rows;
}

/** @throws RangeError for a batch that is no whole number from 1 */
export function checkBatch(batch: number): number {
  if (Number.isInteger(batch) && batch >= 1) return batch;
  throw new RangeError(
    `Cannot measure ${batch} pictures at a time: wanted a whole number from 1`,
  );
}
