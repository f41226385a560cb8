/**
 * Adapters of low rank (LoRA, arXiv 2106.09685) in the layouts of diffusers and
 * peft: beside a matrix W of the network two thin ones, and W + s·B·A takes the
 * place of W. The sum is a part of the graph whose inputs are all fixed, so
 * that the runtime computes it once, when a session is made.
 */

import { leaves, type Node } from "../graph/node.ts";
import { add, matmul, mul, parameter } from "../graph/ops.ts";
import { substitute } from "../graph/substitute.ts";
import { loadWeights } from "../run/load_weights.ts";
import type { Weight, Weights } from "../run/weights.ts";
import { readWeight } from "../run/weights_together.ts";

/** A file of adapters, and how much of them is added. */
export interface AdapterFile {
  /** A safetensors file. */
  readonly path: string;
  /** 1 by default. */
  readonly scale?: number;
}

/** The parts of a pipeline that a file may adapt. */
export type AdaptedPart = "transformer" | "text_encoder";

/** One matrix's change. */
interface Change {
  /** Names of the thin matrices A [r,in] and B [out,r] among the weights. */
  readonly down: string;
  readonly up: string;
  readonly rank: number;
  readonly scale: number;
}

/** What adapters do to the networks of a pipeline. */
export interface Adapters {
  /** Their files, and how much of each is added. */
  readonly files: readonly AdapterFile[];
  /** The weights of a part, with those of its adapters. */
  weights(part: AdaptedPart, own: Weights): Weights;
  /** The outputs of a part's network, adapted. */
  adapt(
    part: AdaptedPart,
    outputs: Readonly<Record<string, Node>>,
  ): Record<string, Node>;
}

/**
 * Reads files of adapters.
 * @throws Error naming the file and a tensor in it that is no adapter's
 */
export async function readAdapters(
  files: readonly AdapterFile[],
): Promise<Adapters> {
  const thin = new Map<string, Weight>();
  const changes: Record<AdaptedPart, Map<string, Change[]>> = {
    transformer: new Map(),
    text_encoder: new Map(),
  };
  for (const [number, { path, scale = 1 }] of files.entries()) {
    for (const { part, name, ...found } of await readFile(path)) {
      const named = (side: "down" | "up") =>
        `adapter ${number} ${name} ${side}`;
      const [down, up] = [named("down"), named("up")];
      thin.set(down, found.down).set(up, found.up);
      const change = { down, up, rank: found.rank, scale: scale * found.scale };
      const all = changes[part].get(name) ?? [];
      changes[part].set(name, [...all, change]);
    }
  }
  return {
    files,
    weights(part, own) {
      for (const [name, [{ down, up }]] of changes[part]) {
        const found = own.get(name)?.shape;
        const wanted = [thin.get(up)!.shape[0], thin.get(down)!.shape[1]];
        if (`${found}` === `${wanted}`) continue;
        throw new Error(
          `Cannot adapt the ${part}: the adapters change ${name} ` +
            `[${wanted}], which is ${found ? `[${found}]` : "not there"}; ` +
            `take adapters that were made for this model`,
        );
      }
      return changes[part].size === 0 ? own : new Map([...own, ...thin]);
    },
    adapt(part, outputs) {
      const nodes = Object.values(outputs);
      const replacements = new Map<Node, Node>();
      for (const node of leaves(nodes, "parameter")) {
        const all = changes[part].get(node.op.name);
        if (all) replacements.set(node, all.reduce(changed, node));
      }
      const adapted = substitute(nodes, replacements);
      return Object.fromEntries(
        Object.keys(outputs).map((name, i) => [name, adapted[i]]),
      );
    },
  };
}

function changed(matrix: Node, { down, up, rank, scale }: Change): Node {
  const [outputs, inputs] = matrix.shape as number[];
  const product = matmul(
    parameter(up, [outputs, rank]),
    parameter(down, [rank, inputs]),
  );
  return add(matrix, mul(product, scale));
}

/** An adapter in a file. */
interface AdapterMatrix {
  readonly part: AdaptedPart;
  /** Of the matrix that it changes. */
  readonly name: string;
  readonly down: Weight;
  readonly up: Weight;
  readonly rank: number;
  readonly scale: number;
}

type Side = "down" | "up" | "alpha";

/** What ends the name of a thin matrix, or of its scale, in either layout. */
const ENDINGS: readonly (readonly [RegExp, Side])[] = [
  [/\.lora_A(?:\.default)?\.weight$/, "down"],
  [/\.lora_B(?:\.default)?\.weight$/, "up"],
  [/\.lora(?:_linear_layer)?\.down\.weight$/, "down"],
  [/\.lora(?:_linear_layer)?\.up\.weight$/, "up"],
  [/\.alpha$/, "alpha"],
];

async function readFile(path: string): Promise<AdapterMatrix[]> {
  const sides = new Map<string, Partial<Record<Side, Weight>>>();
  for (const [key, weight] of await loadWeights(path)) {
    const ending = ENDINGS.find(([pattern]) => pattern.test(key));
    if (!ending) throw notUnderstood(path, key);
    const matrix = key.replace(ending[0], "");
    sides.set(matrix, { ...sides.get(matrix), [ending[1]]: weight });
  }
  if (sides.size === 0) throw notUnderstood(path, "no tensor");
  return await Promise.all(
    sides.entries().map(async ([key, { down, up, alpha }]) => {
      const rank = down?.shape[0];
      const fits = down?.shape.length === 2 && up?.shape.length === 2 &&
        up.shape[1] === rank;
      if (!down || !up || !fits || !rank) throw notUnderstood(path, key);
      // Without it, the reference takes alpha to be the rank.
      const scale = alpha ? (await readWeight(alpha))[0] / rank : 1;
      return { ...targetOf(key), down, up, rank, scale };
    }),
  );
}

/** The matrix that a name before its ending stands for. */
function targetOf(key: string): { part: AdaptedPart; name: string } {
  const part = key.startsWith("text_encoder.") ? "text_encoder" : "transformer";
  const stem = key.replace(/^(?:text_encoder|transformer|unet)\./, "");
  return { part, name: `${stem}.weight` };
}

function notUnderstood(path: string, found: string): Error {
  return new Error(
    `reading the adapters ${path}: found ${found}, wanted for every adapted ` +
      `matrix two that end in lora_A.weight and lora_B.weight, or in ` +
      `lora.down.weight and lora.up.weight`,
  );
}
