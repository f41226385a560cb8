/**
 * Reads Python's pickles, protocols 0 to 5, without Python: a machine with a
 * stack that makes plain data. What classes and functions do is decided by a
 * table of the caller, so no name in a file leads to code. The opcodes are
 * those of CPython's Lib/pickletools.py.
 */

import {
  parseInteger,
  readFloat,
  readInt,
  readLong,
  readOldText,
  readQuoted,
  text,
  unescape,
} from "./pickle_atoms.ts";
import {
  discard,
  get,
  line,
  type Machine,
  type PickleWorld,
  pop,
  popMany,
  popMark,
  put,
  size4,
  size8,
  take,
  top,
  view,
} from "./pickle_machine.ts";
import type { PickleSource } from "./pickle_source.ts";
import {
  describe,
  isRecord,
  kindOf,
  type PickleGlobal,
  type PickleMap,
  type PickleValue,
} from "./pickle_values.ts";

/** About what an opcode takes in memory, its value included. */
const OPCODE_COST = 64;
const CONTAINER_COST = 400;

/**
 * Reads one pickle, up to its end, and leaves the source behind it.
 * @throws by `world.refuse` for whatever is not well-formed or not allowed
 */
export function unpickle(
  source: PickleSource,
  world: PickleWorld,
): PickleValue {
  const machine: Machine = {
    ...world,
    source,
    stack: [],
    marks: [],
    memo: new Map(),
  };
  while (true) {
    const code = source.byte();
    if (code === STOP) return pop(machine);
    const step = OPCODES.get(code);
    if (!step) {
      machine.refuse(
        `byte ${source.position() - 1} of its pickle, 0x${
          code.toString(16)
        }, ` +
          `is not an opcode that is read`,
      );
    }
    machine.spend(OPCODE_COST);
    step(machine);
  }
}

type Step = (machine: Machine) => void;

const STOP = ".".charCodeAt(0);

/** By their bytes, or by the letters that these are. */
const STEPS: readonly (readonly [number | string, Step])[] = [
  // Numbers
  ["N", push(() => null)],
  [0x88, push(() => true)],
  [0x89, push(() => false)],
  ["J", push((m) => view(m, 4).getInt32(0, true))],
  ["K", push(({ source }) => source.byte())],
  ["M", push((m) => view(m, 2).getUint16(0, true))],
  ["G", push((m) => view(m, 8).getFloat64(0))],
  ["I", push(readInt)],
  ["L", push((m) => parseInteger(m, line(m).replace(/L$/, "")))],
  ["F", push(readFloat)],
  [0x8a, push((m) => readLong(m, m.source.byte()))],
  [0x8b, push((m) => readLong(m, view(m, 4).getUint32(0, true)))],
  // Text and bytes
  ["X", push((m) => text(m, take(m, size4(m))))],
  [0x8c, push((m) => text(m, take(m, m.source.byte())))],
  [0x8d, push((m) => text(m, take(m, size8(m))))],
  ["V", push((m) => unescape(line(m), /\\u(.{4})|\\U(.{8})/g))],
  ["S", push(readQuoted)],
  ["T", push((m) => readOldText(take(m, size4(m))))],
  ["U", push((m) => readOldText(take(m, m.source.byte())))],
  ["B", push((m) => take(m, size4(m)))],
  ["C", push((m) => take(m, m.source.byte()))],
  [0x8e, push((m) => take(m, size8(m)))],
  [0x96, push((m) => take(m, size8(m)))],
  // Containers
  [")", push(() => [])],
  ["]", push(container(() => []))],
  ["}", push(container(() => new Map()))],
  [0x8f, push(container(() => new Set()))],
  ["t", push((m) => popMark(m))],
  ["l", push((m) => popMark(m))],
  ["d", push((m) => pairs(m, new Map(), popMark(m)))],
  [0x91, push((m) => new Set(popMark(m)))],
  [0x85, push((m) => popMany(m, 1))],
  [0x86, push((m) => popMany(m, 2))],
  [0x87, push((m) => popMany(m, 3))],
  ["a", (m) => append(m, popMany(m, 1))],
  ["e", (m) => append(m, popMark(m))],
  [0x90, (m) => append(m, popMark(m))],
  ["s", (m) => setItems(m, popMany(m, 2))],
  ["u", (m) => setItems(m, popMark(m))],
  // The stack and the memo
  ["(", ({ marks, stack }) => void marks.push(stack.length)],
  ["0", discard],
  ["1", (m) => void popMark(m)],
  ["2", push((m) => top(m))],
  ["p", (m) => put(m, Number(line(m)))],
  ["q", (m) => put(m, m.source.byte())],
  ["r", (m) => put(m, size4(m))],
  [0x94, (m) => put(m, m.memo.size)],
  ["g", push((m) => get(m, Number(line(m))))],
  ["h", push((m) => get(m, m.source.byte()))],
  ["j", push((m) => get(m, size4(m)))],
  // Names and objects
  ["c", push((m) => named(m, line(m), line(m)))],
  [0x93, push(stackNamed)],
  ["R", push(reduce)],
  [0x81, push(reduce)],
  [0x92, push(reduceWithKeywords)],
  ["i", push(instance)],
  ["o", push(objectOfMark)],
  ["b", build],
  ["Q", push((m) => m.persistent(pop(m)))],
  ["P", push((m) => m.persistent(line(m)))],
  // Framing
  [0x80, ({ source, refuse }) => {
    const protocol = source.byte();
    if (protocol > 5) refuse(`its pickle has protocol ${protocol}, wanted 0-5`);
  }],
  [0x95, (m) => void size8(m)],
];

const OPCODES: ReadonlyMap<number, Step> = new Map(
  STEPS.map(([code, step]) => [
    typeof code === "string" ? code.charCodeAt(0) : code,
    step,
  ]),
);

function push(make: (machine: Machine) => PickleValue): Step {
  return (machine) => void machine.stack.push(make(machine));
}

function container(make: () => PickleValue) {
  return (machine: Machine) => {
    machine.spend(CONTAINER_COST);
    return make();
  };
}

function pairs(
  machine: Machine,
  map: PickleMap,
  values: readonly PickleValue[],
): PickleMap {
  if (values.length % 2 === 1) {
    machine.refuse("its pickle has a key without a value");
  }
  for (let i = 0; i < values.length; i += 2) map.set(values[i], values[i + 1]);
  return map;
}

function append(machine: Machine, values: readonly PickleValue[]): void {
  const target = top(machine);
  if (target instanceof Set) {
    for (const value of values) target.add(value);
    return;
  }
  const list = isRecord(target) ? target.list : target;
  if (!Array.isArray(list)) {
    machine.refuse(`its pickle appends to ${describe(target)}`);
  }
  for (const value of values) list.push(value);
}

function setItems(machine: Machine, values: readonly PickleValue[]): void {
  const target = top(machine);
  const map = isRecord(target) ? target.items : target;
  if (!(map instanceof Map)) {
    machine.refuse(`its pickle sets items of ${describe(target)}`);
  }
  pairs(machine, map, values);
}

function named(machine: Machine, module: string, name: string): PickleGlobal {
  const full = `${module}.${name}`;
  machine.checkName(full);
  return { kind: "global", name: full };
}

function stackNamed(machine: Machine): PickleGlobal {
  const [module, name] = popMany(machine, 2);
  if (typeof module !== "string" || typeof name !== "string") {
    machine.refuse("its pickle names a class by what is no text");
  }
  return named(machine, module, name);
}

function callValue(
  machine: Machine,
  callee: PickleValue,
  args: PickleValue,
): PickleValue {
  if (kindOf(callee) !== "global" || !Array.isArray(args)) {
    machine.refuse(
      `its pickle calls ${describe(callee)} with ${describe(args)}`,
    );
  }
  machine.spend(CONTAINER_COST);
  return machine.call((callee as PickleGlobal).name, args);
}

function reduce(machine: Machine): PickleValue {
  const [callee, args] = popMany(machine, 2);
  return callValue(machine, callee, args);
}

function reduceWithKeywords(machine: Machine): PickleValue {
  const [callee, args, keywords] = popMany(machine, 3);
  const value = callValue(machine, callee, args);
  if (!(keywords instanceof Map) || keywords.size > 0) {
    machine.refuse(`its pickle calls ${describe(callee)} with keywords`);
  }
  return value;
}

function instance(machine: Machine): PickleValue {
  const callee = named(machine, line(machine), line(machine));
  return callValue(machine, callee, popMark(machine));
}

function objectOfMark(machine: Machine): PickleValue {
  const [callee = null, ...args] = popMark(machine);
  return callValue(machine, callee, args);
}

/** Attributes of a dict, such as a state dict's versions, are left out. */
function build(machine: Machine): void {
  const state = pop(machine);
  const target = top(machine);
  if (isRecord(target)) target.state = state;
  else if (!(target instanceof Map)) {
    machine.refuse(`its pickle sets attributes of ${describe(target)}`);
  }
}
