/**
 * One training step as one graph: forward, backward, clipping, optimizer and
 * averaged weights. The state is updated in place: since every update depends
 * on the norms of all gradients, the runtime has read each value for the last
 * time before it is overwritten. Where that is not so, the update is copied.
 */

import { grad } from "../graph/grad.ts";
import { leaves, type Node } from "../graph/node.ts";
import { add, concat, input, mul, reshape, split, sub } from "../graph/ops.ts";
import type { Values } from "../graph/op.ts";
import {
  createSession,
  type HostTensor,
  type Session,
  type SessionOptions,
} from "../run/session.ts";
import { adamW, type AdamWOptions, clipFactor, globalNorm } from "./adamw.ts";
import { lateReads } from "./in_place.ts";
import { isHiddenMatrix, muon, type MuonOptions } from "./muon.ts";
import type { StatePart, TrainState } from "./state.ts";

/** How parameters are updated. */
export interface OptimizerOptions extends AdamWOptions {
  /** Trains the matrices between hidden states, if given; AdamW the rest. */
  readonly muon?: MuonOptions;
}

/** A scalar and the parameters that minimize it. */
export interface Loss {
  readonly value: Node;
  trains(name: string): boolean;
  /** The step it joins at, from which its moments count; 0 by default. */
  readonly since?: number;
}

/** What is minimized, what else is worth knowing, and how. */
export interface Objective {
  /** Each parameter is trained by one loss; a GAN has two losses. */
  readonly losses: readonly Loss[];
  /** Other results of a step, by name. */
  readonly outputs: Readonly<Record<string, Node>>;
  readonly optimizer: OptimizerOptions;
  /**
   * Weight of the old average in the averaged weights, once it has settled;
   * without it the averages are left as they are.
   */
  readonly averaging?: number;
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

/** The name of a part of the state inside the graph. */
function stateName(part: StatePart, name: string): string {
  return part === "values" ? name : `${part}:${name}`;
}

/** Trains every parameter. */
export function trainsAll(): boolean {
  return true;
}

/**
 * Builds and compiles the step of an objective. Its results are those of the
 * objective and, of the first loss, `loss` and `gradientNorm`.
 *
 * @throws Error if a loss trains no parameter, two losses train one, or one
 * has two nodes
 */
export async function createTrainStep(
  objective: Objective,
  options: SessionOptions = {},
): Promise<TrainStep> {
  const { losses } = objective;
  const parameters = leaves(losses.map(({ value }) => value), "parameter");
  const trained = assignParameters(losses, parameters);
  const norms = gradientNorms(losses.length, trained);
  const reported = {
    ...objective.outputs,
    loss: losses[0].value,
    gradientNorm: scalars(norms)[0],
  };
  const late = lateReads(Object.values(reported), norms);
  const updates = updateAll(trained, norms, objective);
  const session = await createSession(
    { ...reported, ...namedOutputs(updates) },
    new Map(),
    options,
  );
  return {
    parameters,
    session,
    async run(state, feeds, learningRate) {
      const all: Record<string, Values> = {
        ...feeds,
        ...numbersAt(state.step, objective),
        learningRate: Float32Array.of(learningRate),
      };
      const into: Record<string, Values> = {};
      for (const { op: { name } } of parameters) {
        all[name] = state.values.get(name)!;
      }
      for (const [name, next] of updates) {
        for (const part of Object.keys(next) as StatePart[]) {
          const values = state[part].get(name)!;
          all[stateName(part, name)] = values;
          if (part === "values" && late.has(name)) continue;
          into[stateOutput(part, name)] = values;
        }
      }
      const results = await session.run(all, into);
      for (const name of late) {
        const next = results[stateOutput("values", name)];
        if (next) state.values.get(name)!.set(next.data);
      }
      state.step++;
      return Object.fromEntries(
        Object.keys(reported).map((name) => [name, results[name]]),
      );
    },
    release: () => session.release(),
  };
}

/** The numbers that follow from how many steps were done. */
function numbersAt(
  step: number,
  { losses, optimizer, averaging }: Objective,
): Record<string, Values> {
  const numbers: Record<string, Values> = {};
  if (averaging !== undefined) {
    numbers.averaging = Float32Array.of(averagingAt(averaging, step));
  }
  losses.forEach(({ since = 0 }, i) => {
    const t = step + 1 - since;
    numbers[correction(1, i)] = Float32Array.of(1 - optimizer.beta1 ** t);
    numbers[correction(2, i)] = Float32Array.of(1 - optimizer.beta2 ** t);
  });
  return numbers;
}

/**
 * Weight of the old average after a step, counted from 0: small at first, so
 * that the random start is soon forgotten.
 */
export function averagingAt(settled: number, step: number): number {
  return Math.min(settled, (1 + step) / (10 + step));
}

/** A parameter with the gradient of the loss that trains it. */
interface Trained {
  readonly node: Node<"parameter">;
  readonly gradient: Node;
  /** Place of that loss among the losses. */
  readonly loss: number;
}

function assignParameters(
  losses: readonly Loss[],
  parameters: readonly Node<"parameter">[],
): Trained[] {
  const seen = new Set<string>();
  for (const { op: { name } } of parameters) {
    if (seen.has(name)) {
      throw new Error(
        `Cannot train a graph with two nodes for the parameter ${name}: ` +
          `make the node once and use it twice`,
      );
    }
    seen.add(name);
    if (losses.filter(({ trains }) => trains(name)).length > 1) {
      throw new Error(
        `Cannot train the parameter ${name} by two losses: let one loss ` +
          `train it, or add the losses up`,
      );
    }
  }
  return losses.flatMap(({ value, trains }, loss) => {
    const own = parameters.filter(({ op }) => trains(op.name));
    if (own.length === 0) {
      throw new Error(
        `Cannot train a graph by a loss that trains none of its ` +
          `${parameters.length} parameters: leave the loss out, or let it ` +
          `train one`,
      );
    }
    return grad(value, own).map((gradient, i) => ({
      node: own[i],
      gradient,
      loss,
    }));
  });
}

/**
 * The norm of each loss's gradient, in one vector: what is computed of the
 * vector waits for all gradients, so that every update does.
 */
function gradientNorms(count: number, trained: readonly Trained[]): Node {
  const norms = Array.from({ length: count }, (_, i) => {
    const own = trained.filter(({ loss }) => loss === i);
    const norm = globalNorm(own.map(({ gradient }) => gradient));
    return reshape(norm, [1]);
  });
  return concat(norms, 0); // [losses]
}

/** The numbers of a vector. */
function scalars(vector: Node): Node[] {
  const count = vector.shape[0] as number;
  return split(vector, count, 0).map((number) => reshape(number, []));
}

/** Name of the input that corrects a moment for its start at zero. */
function correction(moment: 1 | 2, loss: number): string {
  return `correction${moment}:${loss}`;
}

/** The parts of the state that a step changes for one parameter. */
type Update = Readonly<Partial<Record<StatePart, Node>>>;

/** The next state of everything that is trained, by parameter. */
function updateAll(
  trained: readonly Trained[],
  norms: Node,
  { losses, optimizer, averaging }: Objective,
): Map<string, Update> {
  // Each loss has its own: a discriminator's spike leaves the others alone.
  const clips = scalars(clipFactor(norms, optimizer.clipNorm));
  const learningRate = input("learningRate", []);
  const kept = input("averaging", []);
  const rates = losses.map((_, i) => ({
    learningRate,
    correction1: input(correction(1, i), []),
    correction2: input(correction(2, i), []),
  }));
  return new Map(trained.map(({ node, gradient, loss }) => {
    const part = (part: StatePart) =>
      input(stateName(part, node.op.name), node.shape);
    const next = optimizer.muon && isHiddenMatrix(node)
      ? muon(
        { value: node, first: part("first") },
        gradient,
        clips[loss],
        learningRate,
        optimizer.weightDecay,
        optimizer.muon,
      )
      : adamW(
        { value: node, first: part("first"), second: part("second") },
        gradient,
        clips[loss],
        rates[loss],
        optimizer,
      );
    const { value, ...moments } = next;
    const update = { values: value, ...moments };
    if (averaging === undefined) return [node.op.name, update];
    const averages = add(
      mul(part("averages"), kept),
      mul(value, sub(1, kept)),
    );
    return [node.op.name, { ...update, averages }];
  }));
}

function namedOutputs(updates: ReadonlyMap<string, Update>) {
  const outputs: Record<string, Node> = {};
  for (const [name, next] of updates) {
    for (const [part, node] of Object.entries(next)) {
      outputs[stateOutput(part as StatePart, name)] = node;
    }
  }
  return outputs;
}

function stateOutput(part: StatePart, name: string): string {
  return `next ${stateName(part, name)}`;
}
