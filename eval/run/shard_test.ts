import assert from "node:assert/strict";
import fc from "fast-check";
import { blocksOf } from "./blocks.ts";
import { readShard } from "./shard.ts";

Deno.test("readShard() reads parts, and what arrays of jobs say", () => {
  const read = (text?: string, variables: Record<string, string> = {}) =>
    readShard(text, (name) => variables[name]);
  const slurm = {
    SLURM_ARRAY_TASK_ID: "12",
    SLURM_ARRAY_TASK_MIN: "10",
    SLURM_ARRAY_TASK_COUNT: "4",
  };
  assert.deepEqual(read("2/3"), { index: 2, count: 3 });
  assert.equal(read(), undefined);
  assert.equal(read("1/1", slurm), undefined);
  assert.deepEqual(read(undefined, slurm), { index: 3, count: 4 });
  assert.deepEqual(read("8", slurm), { index: 3, count: 8 });
  const stepped = { ...slurm, SLURM_ARRAY_TASK_STEP: "2" };
  assert.deepEqual(read(undefined, stepped), { index: 2, count: 4 });
  const indexed = { JOB_COMPLETION_INDEX: "0" };
  assert.deepEqual(read("5", indexed), { index: 1, count: 5 });
  assert.throws(() => read(undefined, indexed), /not of how many/);
  assert.throws(() => read("3"), /neither SLURM_ARRAY_TASK_ID nor/);
  assert.throws(() => read("4/3"), /no part 4 of 3/);
  assert.throws(() => read("0/3"), /no part 0 of 3/);
  assert.throws(() => read("a/3"), /not "a\/3"/);
});

Deno.test("blocksOf() gives every picture to one part", () => {
  fc.assert(
    fc.property(
      fc.nat(200),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 5 }),
      (pictures, block, count) => {
        const found = Array.from({ length: count }, (_, i) => {
          const shard = { index: i + 1, count };
          return blocksOf({ block, shard }, pictures);
        }).flat().sort((a, b) => a.start - b.start);
        assert.deepEqual(found, blocksOf({ block }, pictures));
        const indices = found.flatMap(({ start, end }) =>
          Array.from({ length: end - start }, (_, i) => start + i)
        );
        assert.deepEqual(indices, [...Array(pictures).keys()]);
      },
    ),
  );
});
