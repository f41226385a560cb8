import assert from "node:assert/strict";
import fc from "fast-check";
import { B, bindShape, countElements } from "../graph/dim.ts";
import { grad } from "../graph/grad.ts";
import { gradientRules } from "../graph/gradient_rules.ts";
import { type Node, topologicalOrder } from "../graph/node.ts";
import type { OpKind, Values } from "../graph/op.ts";
import * as g from "../graph/ops.ts";
import { printGraph } from "../graph/print.ts";
import { assertClose } from "./assert_close.ts";
import { interpret } from "./interpret.ts";
import { opCases } from "./op_cases.ts";
import { buildCase, type CaseGraph, type OpCase, real } from "./op_leaves.ts";
import { randomCases } from "./random_graphs.ts";
import { createRng, type Rng } from "./random.ts";
import { tf } from "./tf.ts";

const BATCH = 2;
/** Balances the error of a difference with that of float32. */
const STEP = 1 / 256;

/** A scalar that depends on each element of a graph's output differently. */
interface Loss extends CaseGraph {
  readonly loss: Node;
  readonly weights: Float32Array;
}

function addLoss(graph: CaseGraph, rng: Rng): Loss {
  const { output, feeds } = graph;
  const weights = new Float32Array(
    countElements(bindShape(output.shape, BATCH)),
  ).map(() => 2 * rng.uniform() - 1);
  const name = `weights ${Object.keys(feeds).length}`;
  const weighted = g.mul(output, g.input(name, output.shape));
  return {
    ...graph,
    loss: g.sum(weighted),
    weights,
    feeds: { ...feeds, [name]: weights },
  };
}

function floatLeaves({ leaves }: CaseGraph): [string, Node][] {
  return [...leaves].filter(([_, { dtype }]) => dtype === "float32");
}

/** A node's values; the leaves are asked for too, since they tell the batch. */
function evaluate(node: Node, { leaves, feeds }: CaseGraph): Float32Array {
  return tf.tidy(() =>
    interpret({ ...Object.fromEntries(leaves), node }, feeds).node
      .dataSync<"float32">()
  );
}

/** Central differences, with the loss summed in double precision. */
function differences(graph: Loss, name: string): number[] {
  const { output, feeds, weights } = graph;
  const loss = (values: Values) =>
    evaluate(output, { ...graph, feeds: { ...feeds, [name]: values } })
      .reduce((sum, y, i) => sum + y * weights[i], 0);
  return Array.from(feeds[name], (x, i) => {
    const [below, above] = [x - STEP, x + STEP].map((moved) =>
      Float32Array.from(feeds[name]).fill(moved, i, i + 1)
    );
    return (loss(above) - loss(below)) / (above[i] - below[i]);
  });
}

function checkDifferences(graph: Loss, tolerance: number): void {
  for (const [name, leaf] of floatLeaves(graph)) {
    const [gradient] = grad(graph.loss, [leaf]);
    assertClose(
      evaluate(gradient, graph),
      differences(graph, name),
      tolerance,
      () => `for ${name}, in\n${printGraph({ gradient })}`,
    );
  }
}

/** What TensorFlow.js 4.22 computes, but does not differentiate. */
const TENSORFLOW_LACKS = [
  /gradient function not found for StridedSlice/,
  /tile operation is not implemented for rank-6/,
  // It leaves the gradient of a broadcast operand stretched.
  /op (Maximum|Minimum)\. .* does not match the shape of the input/,
];

/** Compares with the library's own gradient; false where it has none. */
function checkTensorFlow(graph: Loss): boolean {
  const { loss, feeds } = graph;
  const used = new Set(topologicalOrder([loss])); // it refuses the others
  const leaves = floatLeaves(graph).filter(([_, leaf]) => used.has(leaf));
  const ours = grad(loss, leaves.map(([_, leaf]) => leaf));
  const differentiate = tf.grads((...tensors) => {
    const fed = leaves.map(([name], i) => [name, tensors[i]]);
    return interpret({ loss }, { ...feeds, ...Object.fromEntries(fed) }).loss;
  });
  return tf.tidy(() => {
    const tensors = leaves.map(([name, { shape }]) =>
      tf.tensor(feeds[name], bindShape(shape, BATCH))
    );
    let theirs: tf.Tensor[];
    try {
      theirs = differentiate(tensors);
    } catch (error) {
      if (TENSORFLOW_LACKS.some((lack) => lack.test(`${error}`))) return false;
      throw error;
    }
    leaves.forEach(([name], i) =>
      assertClose(
        evaluate(ours[i], graph),
        theirs[i].dataSync(),
        1e-4,
        () => `for ${name}, in\n${printGraph({ gradient: ours[i] })}`,
      )
    );
    return true;
  });
}

/** The cases of an operation that have a float to differentiate by. */
function losses(kind: OpKind): Loss[] {
  const rng = createRng("gradient", kind);
  return opCases[kind].map((opCase) => buildCase(opCase, BATCH, rng))
    .filter((graph) => graph.output.dtype === "float32")
    .filter((graph) => floatLeaves(graph).length > 0)
    .map((graph) => addLoss(graph, rng));
}

function isDifferentiable(kind: OpKind): boolean {
  const leaf = ["input", "parameter", "constant"].includes(kind);
  return leaf || typeof gradientRules[kind] === "function";
}

const kinds = Object.keys(opCases) as OpKind[];

for (const kind of kinds.filter(isDifferentiable)) {
  Deno.test(`grad() of ${kind} agrees with finite differences`, () => {
    for (const graph of losses(kind)) checkDifferences(graph, 2e-3);
  });

  Deno.test(`grad() of ${kind} agrees with TensorFlow.js`, () => {
    const compared = losses(kind).filter(checkTensorFlow);
    assert(compared.length > 0);
  });

  Deno.test(`grad() of ${kind} can be differentiated again`, () => {
    const rng = createRng("second", kind);
    for (const graph of losses(kind)) {
      const [[_, leaf]] = floatLeaves(graph);
      const [output] = grad(graph.loss, [leaf]);
      checkDifferences(addLoss({ ...graph, output }, rng), 5e-3);
    }
  });
}

Deno.test("grad() adds up what a shared value gives", () => {
  const rng = createRng("shared");
  const cases: OpCase[] = [
    { build: (x) => g.mul(x, x), leaves: [real(B, 3)] },
    { build: (x) => g.mul(g.add(x, g.sin(x)), x), leaves: [real(B, 3)] },
    {
      build: (x, y) => {
        const shared = g.add(x, y); // read by the sum and by the product
        return g.matmul(g.add(shared, y), g.transpose(g.exp(shared), [1, 0]));
      },
      leaves: [real(2, 3), real(3)],
    },
  ];
  for (const opCase of cases) {
    const graph = addLoss(buildCase(opCase, BATCH, rng), rng);
    checkDifferences(graph, 2e-3);
    assert(checkTensorFlow(graph));
  }
});

Deno.test("grad() of random graphs agrees with TensorFlow.js", () => {
  const property = fc.property(
    randomCases("smooth"),
    fc.nat(),
    (drawn, key) => {
      const rng = createRng(key);
      assert(checkTensorFlow(addLoss(buildCase(drawn, BATCH, rng), rng)));
    },
  );
  fc.assert(property, { seed: 2301, numRuns: 100 });
});

const zeroKinds = kinds.filter((kind) => "zero" in gradientRules[kind])
  .filter((kind) => !isDifferentiable(kind));

for (const kind of zeroKinds) {
  Deno.test(`grad() of ${kind} is zero`, () => {
    const rng = createRng("zero", kind);
    for (const { build, leaves } of opCases[kind]) {
      // Any leaf becomes a float, so that there is one to differentiate by.
      const graph = buildCase(
        {
          build: (...nodes) =>
            g.cast(
              build(...nodes.map((x, i) => g.cast(x, leaves[i].dtype))),
              "float32",
            ),
          leaves: leaves.map((leaf) => ({ ...leaf, dtype: "float32" })),
        },
        BATCH,
        rng,
      );
      const { loss, ...rest } = addLoss(graph, rng);
      for (const [name, leaf] of graph.leaves) {
        const [gradient] = grad(loss, [leaf]);
        assert.deepEqual(gradient.shape, leaf.shape);
        assert(evaluate(gradient, rest).every((x) => x === 0), name);
      }
    }
  });
}
