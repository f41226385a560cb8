import assert from "node:assert/strict";
import fc from "fast-check";
import { grad } from "../graph/grad.ts";
import * as g from "../graph/ops.ts";
import { printGraph } from "../graph/print.ts";
import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import { assertClose } from "./assert_close.ts";
import { interpret } from "./interpret.ts";
import { opCases } from "./op_cases.ts";
import { buildCase, type OpCase } from "./op_leaves.ts";
import { randomCases } from "./random_graphs.ts";
import { createRng } from "./random.ts";
import { createSession } from "./session.ts";

type Outputs = Readonly<Record<string, Node>>;
type Feeds = Readonly<Record<string, Values>>;

/** Runs the outputs on both engines, for each of the feeds. */
async function assertAgreement(
  outputs: Outputs,
  runs: readonly Feeds[],
  tolerance: number,
): Promise<void> {
  const session = await createSession(outputs, undefined, { threads: 1 });
  try {
    for (const feeds of runs) {
      const fast = await session.run(feeds);
      const checked = interpret(outputs, feeds);
      for (const [name, { data, shape, dtype }] of Object.entries(fast)) {
        const tensor = checked[name];
        assert.deepEqual([...shape], tensor.shape);
        assert.equal(dtype, tensor.dtype);
        assertClose(
          data,
          tensor.dataSync(),
          tolerance,
          () => `is ${name} on ONNX Runtime, of\n${printGraph(outputs)}`,
        );
        tensor.dispose();
      }
    }
  } finally {
    await session.release();
  }
}

/** Values of a case's leaves for a batch of 1 and one of 3. */
function drawRuns(opCase: OpCase, ...key: (string | number)[]): Feeds[] {
  const rng = createRng(...key);
  return [1, 3].map((batch) => buildCase(opCase, batch, rng).feeds);
}

for (const [kind, cases] of Object.entries(opCases)) {
  Deno.test(`${kind} gives the same on both engines`, async () => {
    for (const opCase of cases) {
      const { output } = buildCase(opCase, 1, createRng());
      await assertAgreement({ output }, drawRuns(opCase, kind), 1e-5);
    }
  });
}

const SAME_EVERY_TIME = { seed: 2301, numRuns: 100 };

Deno.test("random graphs give the same on both engines", async () => {
  const property = fc.asyncProperty(
    randomCases("any"),
    fc.nat(),
    async (drawn, key) => {
      const { output, leaves } = buildCase(drawn, 1, createRng());
      // The leaves are outputs too, since one of them tells the batch.
      const outputs = { output, ...Object.fromEntries(leaves) };
      await assertAgreement(outputs, drawRuns(drawn, key), 1e-4);
    },
  );
  await fc.assert(property, SAME_EVERY_TIME);
});

Deno.test("gradients of random graphs agree on both engines", async () => {
  const property = fc.asyncProperty(
    randomCases("smooth"),
    fc.nat(),
    async (drawn, key) => {
      const { output, leaves } = buildCase(drawn, 1, createRng());
      const [da, db, dc] = grad(g.mean(output), [...leaves.values()]);
      const outputs = { da, db, dc, ...Object.fromEntries(leaves) };
      await assertAgreement(outputs, drawRuns(drawn, key), 1e-4);
    },
  );
  await fc.assert(property, SAME_EVERY_TIME);
});
