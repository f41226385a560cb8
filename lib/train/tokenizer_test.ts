import assert from "node:assert/strict";
import { grad } from "../graph/grad.ts";
import { leaves, type Node } from "../graph/node.ts";
import { parameter } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import type { tf } from "../run/tf.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import { createTrainState } from "./state.ts";
import {
  codeUsage,
  countUsage,
  reviveCodes,
  tokenizerGraph,
  usedShare,
} from "./tokenizer.ts";
import { toyPictures } from "./toy_pictures.ts";

const CONFIG: VqganConfig = {
  imageSize: 8,
  stem: 1,
  channels: [4, 4],
  encoderBlocks: 1,
  decoderBlocks: 1,
  middleBlocks: 0,
  groups: 2,
  codeWidth: 3,
  codes: 8,
  normalizeCodes: false,
};
const NOTHING = { absolute: 0, squared: 0, codebook: 0, commitment: 0 };
const TABLE = "quantize.embedding.weight";
const BATCH = 2;

/** Values of some nodes of a graph over generated pictures. */
function evaluate<Name extends string>(
  outputs: Record<Name, Node>,
): Record<Name, Float32Array> {
  const parameters = leaves(Object.values<Node>(outputs), "parameter");
  const { values } = createTrainState(parameters, createRng("tokenizer"));
  // The codes lie apart, as latents do.
  const table = values.get(TABLE);
  const rng = createRng("codes");
  table?.forEach((_, i) => table[i] = rng.normal());
  const results = interpret(outputs, {
    ...Object.fromEntries(values),
    pictures: toyPictures(0, BATCH, CONFIG.imageSize),
  });
  const read = Object.entries<tf.Tensor>(results).map(([name, tensor]) => {
    const data = tensor.dataSync().slice();
    tensor.dispose();
    return [name, data];
  });
  return Object.fromEntries(read);
}

Deno.test("tokenizerGraph() adds up what its weights say", () => {
  const evaluateLoss = (weights: Partial<typeof NOTHING>) => {
    const all = { ...NOTHING, ...weights };
    const { losses, outputs } = tokenizerGraph(CONFIG, all, BATCH);
    const { loss, squaredError } = evaluate({
      loss: losses[0].value,
      squaredError: outputs.squaredError,
    });
    return [loss[0], squaredError[0]];
  };
  const [absolute] = evaluateLoss({ absolute: 1 });
  const [squared, squaredError] = evaluateLoss({ squared: 1 });
  const [codebook] = evaluateLoss({ codebook: 1 });
  const [commitment] = evaluateLoss({ commitment: 1 });
  const [all] = evaluateLoss({
    absolute: 3,
    squared: 2,
    codebook: 1,
    commitment: 0.25,
  });
  assert.ok(absolute > 0 && squared > 0 && codebook > 0);
  assert.equal(squared, squaredError);
  assert.equal(codebook, commitment); // they differ in what they move
  const sum = 3 * absolute + 2 * squared + codebook + 0.25 * commitment;
  assertClose([all], [sum], 1e-5);
});

Deno.test("tokenizerGraph() moves codes by the codebook's loss, latents by the others", () => {
  const results: Record<string, Float32Array> = {};
  for (const part of ["squared", "codebook", "commitment"] as const) {
    const graph = tokenizerGraph(CONFIG, { ...NOTHING, [part]: 1 }, BATCH);
    const parameters = leaves([graph.losses[0].value], "parameter");
    const gradients = grad(graph.losses[0].value, parameters);
    Object.assign(
      results,
      evaluate(Object.fromEntries(
        gradients.map((gradient, i) => [
          `${part} ${parameters[i].op.name}`,
          gradient,
        ]),
      )),
    );
  }
  const moves = (name: string) => results[name].some((g) => g !== 0);
  assert.equal(moves(`codebook ${TABLE}`), true);
  assert.equal(moves("codebook encoder.conv_in.weight"), false);
  assert.equal(moves(`commitment ${TABLE}`), false);
  assert.equal(moves("commitment encoder.conv_in.weight"), true);
  // The picture's error goes straight through to the encoder.
  assert.equal(moves(`squared ${TABLE}`), false);
  assert.equal(moves("squared encoder.conv_in.weight"), true);
  assert.equal(moves("squared decoder.conv_in.weight"), true);
});

Deno.test("tokenizerGraph() sets the discriminator against the tokenizer", () => {
  const adversarial = {
    start: 0,
    weight: 1,
    network: { stem: 1, channels: [8, 8] },
  };
  const { losses, outputs } = tokenizerGraph(
    CONFIG,
    NOTHING,
    BATCH,
    adversarial,
  );
  const [generatorLoss, discriminatorLoss] = losses;
  const parameters = leaves(losses.map(({ value }) => value), "parameter");
  for (const { op: { name } } of parameters) {
    const judges = name.startsWith("discriminator.");
    assert.deepEqual([
      generatorLoss.trains(name),
      discriminatorLoss.trains(name),
    ], [
      !judges,
      judges,
    ]);
  }
  assert.equal(outputs.discriminatorLoss, discriminatorLoss.value);
  const results = evaluate({
    generatorLoss: generatorLoss.value,
    discriminatorLoss: discriminatorLoss.value,
  });
  // Hinge: both hinges are open near a score of 0, and add up to 2.
  const [f, t] = [results.generatorLoss[0], results.discriminatorLoss[0]];
  assert.ok(Math.abs(f) < 2 && t > 0 && t < 4, `${f} ${t}`);
});

Deno.test("usedShare() counts the codes chosen lately, and no others", () => {
  const usage = codeUsage(4, new Map());
  assert.equal(usedShare(usage, 100), 0);
  countUsage(usage, Int32Array.of(0, 0, 1));
  assert.deepEqual([...usage.idle], [0, 0, Infinity, Infinity]);
  countUsage(usage, Int32Array.of(2, 2, 0));
  assert.deepEqual([...usage.idle], [0, 3, 0, Infinity]);
  assert.equal(usedShare(usage, 3), 0.5);
  assert.equal(usedShare(usage, 4), 0.75);
  assert.equal(usedShare(usage, 100), 0.75);
});

Deno.test("codeUsage() goes on with what a checkpoint kept", () => {
  const kept = codeUsage(4, new Map());
  countUsage(kept, Int32Array.of(0, 0, 1));
  assert.deepEqual(codeUsage(4, new Map(Object.entries(kept))), kept);
  // Before codes that were moved were told from those that were chosen.
  const idle = Float32Array.of(0, 7);
  const { placed } = codeUsage(2, new Map([["idle", idle]]));
  assert.deepEqual([...placed], [Infinity, Infinity]);
});

Deno.test("reviveCodes() gives a code time in its place to be chosen", () => {
  const state = createTrainState(
    leaves([parameter(TABLE, [2, 2])], "parameter"),
    createRng("time"),
  );
  const usage = codeUsage(2, new Map());
  const rows = new Float32Array(8); // [4,2]
  // Code 0 is chosen for each batch of 4 tokens, code 1 in no batch.
  const moved = Array.from({ length: 7 }, () => {
    countUsage(usage, new Int32Array(4));
    return reviveCodes(state, usage, rows, 12, createRng("which"));
  });
  assert.deepEqual(moved, [0, 0, 1, 0, 0, 1, 0]);
  assert.equal(usedShare(usage, 12), 0.5);
  countUsage(usage, Int32Array.of(1));
  assert.equal(usedShare(usage, 12), 1);
});

Deno.test("reviveCodes() moves what is not used onto latents, as if new", () => {
  const state = createTrainState(
    leaves([parameter(TABLE, [4, 2])], "parameter"),
    createRng("revive"),
  );
  for (const part of ["first", "second"] as const) {
    state[part].get(TABLE)!.fill(7);
  }
  const before = state.values.get(TABLE)!.slice();
  const usage = {
    idle: Float32Array.of(5, 100, 0, 99),
    placed: Float32Array.of(200, 200, 200, 99),
  };
  const rows = Float32Array.from({ length: 10 }, (_, i) => 10 + i); // [5,2]
  const moved = reviveCodes(state, usage, rows, 99, createRng("which"));
  assert.equal(moved, 2);
  assert.deepEqual([...usage.idle], [5, Infinity, 0, Infinity]);
  assert.deepEqual([...usage.placed], [200, 0, 200, 0]);
  const after = state.values.get(TABLE)!;
  for (const code of [0, 2]) {
    const place = [2 * code, 2 * code + 2] as const;
    assert.deepEqual(after.slice(...place), before.slice(...place));
    assert.deepEqual([...state.first.get(TABLE)!.slice(...place)], [7, 7]);
  }
  for (const code of [1, 3]) {
    const [x, y] = after.slice(2 * code, 2 * code + 2);
    assert.ok(x >= 10 && x % 2 === 0 && y === x + 1, `${x} ${y}`);
    assert.deepEqual(
      state.averages.get(TABLE)!.slice(2 * code, 2 * code + 2),
      Float32Array.of(x, y),
    );
    for (const part of ["first", "second"] as const) {
      const moments = state[part].get(TABLE)!.slice(2 * code, 2 * code + 2);
      assert.deepEqual([...moments], [0, 0]);
    }
  }
});
