import assert from "node:assert/strict";
import { grad } from "../graph/grad.ts";
import { leaves } from "../graph/node.ts";
import { div, gelu, input, select, square, sub, sum } from "../graph/ops.ts";
import { embedding, linear } from "../nn/linear.ts";
import { assertClose } from "../run/assert_close.ts";
import { createRng } from "../run/random.ts";
import { createSession } from "../run/session.ts";
import { partsOf, sumOverParts } from "./parts.ts";
import { createTrainState } from "./state.ts";

const BATCH = 6;
const rng = createRng("parts test");

Deno.test("partsOf() cuts into equal parts of at least 1024 rows", () => {
  assert.equal(partsOf(16, 256), 4);
  assert.equal(partsOf(4, 1024), 4);
  assert.equal(partsOf(3, 4096), 3);
  assert.equal(partsOf(12, 300), 3);
  assert.equal(partsOf(17, 256), 1);
  assert.equal(partsOf(16, 64), 1);
  assert.equal(partsOf(1, 4), 1);
});

/** Mean square error of the hidden numbers, and gradients, in parts. */
function graph(parts: number) {
  const samples = BATCH / parts;
  const ids = input("ids", [samples, 2], "int32");
  const hidden = input("hidden", [samples, 2], "bool");
  const target = input("target", [samples, 2, 4]);
  const x = gelu(linear("up", embedding("table", ids, 5, 3), 4));
  const error = sum(square(sub(x, target)), [-1]);
  const sums = sumOverParts({
    error: sum(select(hidden, error, 0)),
    count: sum(select(hidden, 1, 0)),
  }, parts);
  const loss = div(sums.error, sums.count);
  const parameters = leaves([loss], "parameter");
  const gradients = grad(loss, parameters);
  return {
    parameters,
    outputs: {
      loss,
      ...Object.fromEntries(
        parameters.map(({ op }, i) => [op.name, gradients[i]]),
      ),
    },
  };
}

Deno.test("sumOverParts() gives what the whole batch gives, with its gradients", async () => {
  const whole = graph(1);
  const { values } = createTrainState(whole.parameters, rng);
  const feeds = {
    ...Object.fromEntries(values),
    ids: Int32Array.from({ length: 12 }, () => rng.integer(5)),
    hidden: Uint8Array.of(1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1),
    target: Float32Array.from({ length: 48 }, () => rng.normal()),
  };
  const run = async (outputs: typeof whole.outputs) => {
    const session = await createSession(outputs);
    const results = await session.run(feeds);
    await session.release();
    return results;
  };
  const wanted = await run(whole.outputs);
  for (const parts of [2, 3, 6]) {
    const cut = graph(parts);
    assert.equal(cut.parameters.length, whole.parameters.length);
    for (const [name, { data }] of Object.entries(await run(cut.outputs))) {
      assertClose(data, wanted[name].data, 1e-5, () => `${name}/${parts}`);
    }
  }
});
