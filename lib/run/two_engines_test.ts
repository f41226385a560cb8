import assert from "node:assert/strict";
import { printGraph } from "../graph/print.ts";
import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import { assertClose } from "./assert_close.ts";
import { interpret } from "./interpret.ts";
import { opCases } from "./op_cases.ts";
import { buildCase } from "./op_leaves.ts";
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

for (const [kind, cases] of Object.entries(opCases)) {
  Deno.test(`${kind} gives the same on both engines`, async () => {
    const rng = createRng(kind);
    for (const opCase of cases) {
      const { output } = buildCase(opCase, 1, rng);
      const runs = [1, 3].map((batch) => buildCase(opCase, batch, rng).feeds);
      await assertAgreement({ output }, runs, 1e-5);
    }
  });
}
