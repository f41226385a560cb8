/**
 * One training step as one graph: forward, backward, clipping, optimizer and
 * averaged weights. The state is updated in place: since every update depends
 * on the norm of all gradients, the runtime has read each value for the last
 * time before it is overwritten.
 */

import { grad } from "../graph/grad.ts";
import { leaves, type Node } from "../graph/node.ts";
import { add, input, mul } from "../graph/ops.ts";
import type { Values } from "../graph/op.ts";
import type { Rng } from "../run/random.ts";
import {
  createSession,
  type HostTensor,
  type Session,
  type SessionOptions,
} from "../run/session.ts";
import { adamW, type AdamWOptions, clipFactor, globalNorm } from "./adamw.ts";
import { initialValue } from "./init.ts";

/** A scalar and the parameters that minimize it. */
export interface Loss {
  readonly value: Node;
  trains(name: string): boolean;
}

/** What is minimized, what else is worth knowing, and how. */
export interface Objective {
  /** Each parameter is trained by one loss; a GAN has two losses. */
  readonly losses: readonly Loss[];
  /** Other results of a step, by name. */
  readonly outputs: Readonly<Record<string, Node>>;
  readonly optimizer: AdamWOptions;
  /** Weight of the old average in the averaged weights. */
  readonly averaging: number;
}

/** Everything a step changes, by parameter name. */
export interface TrainState {
  /** Number of steps done. */
  step: number;
  readonly values: Map<string, Float32Array<ArrayBuffer>>;
  readonly first: Map<string, Float32Array<ArrayBuffer>>;
  readonly second: Map<string, Float32Array<ArrayBuffer>>;
  readonly averages: Map<string, Float32Array<ArrayBuffer>>;
}

/** A compiled step. */
export interface TrainStep {
  /** Parameters of the network with their shapes. */
  readonly parameters: readonly Node<"parameter">[];
  run(
    state: TrainState,
    feeds: Readonly<Record<string, Values>>,
    learningRate: number,
  ): Promise<Record<string, HostTensor>>;
  readonly session: Session;
  release(): Promise<void>;
}

const STATE_PARTS = ["values", "first", "second", "averages"] as const;
type StatePart = typeof STATE_PARTS[number];

/** The name of a part of the state inside the graph. */
function stateName(part: StatePart, name: string): string {
  return part === "values" ? name : `${part}:${name}`;
}

/** Trains every parameter. */
export function trainsAll(): boolean {
  return true;
}

/** Builds and compiles the step of an objective; `loss` is its first loss. */
export async function createTrainStep(
  objective: Objective,
  options: SessionOptions = {},
): Promise<TrainStep> {
  const { losses, optimizer, averaging } = objective;
  const values = losses.map(({ value }) => value);
  const parameters = leaves(values, "parameter");
  checkUnique(parameters);
  const trained: Node<"parameter">[] = [];
  const gradients: Node[] = [];
  for (const { value, trains } of losses) {
    const own = parameters.filter(({ op }) => trains(op.name));
    trained.push(...own);
    gradients.push(...grad(value, own));
  }
  const norm = globalNorm(gradients);
  const clip = clipFactor(norm, optimizer.clipNorm);
  const scalars = {
    learningRate: input("learningRate", []),
    correction1: input("correction1", []),
    correction2: input("correction2", []),
  };
  const outputs: Record<string, Node> = {
    ...objective.outputs,
    loss: values[0],
    gradientNorm: norm,
  };
  trained.forEach((value, i) => {
    const part = (name: StatePart) =>
      input(stateName(name, value.op.name), value.shape);
    const next = adamW(
      { value, first: part("first"), second: part("second") },
      gradients[i],
      clip,
      scalars,
      optimizer,
    );
    const average = add(
      mul(part("averages"), averaging),
      mul(next.value, 1 - averaging),
    );
    const { name } = value.op;
    outputs[stateOutput("values", name)] = next.value;
    outputs[stateOutput("first", name)] = next.first;
    outputs[stateOutput("second", name)] = next.second;
    outputs[stateOutput("averages", name)] = average;
  });
  const session = await createSession(outputs, new Map(), options);
  const reported = ["loss", "gradientNorm", ...Object.keys(objective.outputs)];
  return {
    parameters,
    session,
    async run(state, feeds, learningRate) {
      const into: Record<string, Values> = {};
      const all: Record<string, Values> = { ...feeds };
      for (const { op: { name } } of parameters) {
        all[name] = state.values.get(name)!;
      }
      for (const { op: { name } } of trained) {
        for (const part of STATE_PARTS) {
          const values = state[part].get(name)!;
          all[stateName(part, name)] = values;
          into[stateOutput(part, name)] = values;
        }
      }
      const t = state.step + 1;
      all.learningRate = Float32Array.of(learningRate);
      all.correction1 = Float32Array.of(1 - optimizer.beta1 ** t);
      all.correction2 = Float32Array.of(1 - optimizer.beta2 ** t);
      const results = await session.run(all, into);
      state.step = t;
      return Object.fromEntries(reported.map((name) => [name, results[name]]));
    },
    release: () => session.release(),
  };
}

function checkUnique(parameters: readonly Node<"parameter">[]): void {
  const names = parameters.map((node) => node.op.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new Error(
      `Cannot train a graph with two nodes for the parameter ${twice}: ` +
        `make the node once and use it twice`,
    );
  }
}

function stateOutput(part: StatePart, name: string): string {
  return `next ${stateName(part, name)}`;
}

/** Fresh parameters with moments of zero; averages start at the values. */
export function createTrainState(
  parameters: readonly Node<"parameter">[],
  rng: Rng,
  given: ReadonlyMap<string, Float32Array> = new Map(),
): TrainState {
  const state: TrainState = {
    step: 0,
    values: new Map(),
    first: new Map(),
    second: new Map(),
    averages: new Map(),
  };
  for (const node of parameters) {
    const { name } = node.op;
    const value = given.get(name)?.slice() ?? initialValue(node, rng);
    state.values.set(name, value);
    state.averages.set(name, value.slice());
    state.first.set(name, new Float32Array(value.length));
    state.second.set(name, new Float32Array(value.length));
  }
  return state;
}
