/** Finds the weights in what was saved, and their names. */

import {
  describe,
  isRecord,
  isTensor,
  type PickleValue,
  type Refuse,
  type TorchTensor,
} from "./pickle_values.ts";

/**
 * Keys that trainers keep the weights under, the first found being taken: those
 * of Lightning and most scripts, of DeepSpeed and DataParallel, of BasicSR.
 */
const KNOWN_KEYS = [
  "state_dict",
  "model_state_dict",
  "model",
  "module",
  "params_ema",
  "params",
];

/** Deeper than modules are nested; also the end of what holds itself. */
const DEEPEST = 64;
const MOST_SEARCHED = 10_000_000;
const MOST_VALUES = 1_000_000;
const LONGEST_NAME = 1000;

/**
 * The tensors of the state dict in what was saved, by their names.
 *
 * @param at keys that lead to the state dict, with "/" between them; "" for
 * all that was saved. Without it, what lies under the first of the known keys
 * that holds tensors, or whatever holds tensors itself, or the only entry that
 * has some inside.
 * @throws by `refuse` if there are none, or more than one state dict
 */
export function findStateDict(
  root: PickleValue,
  at: string | undefined,
  refuse: Refuse,
): Map<string, TorchTensor> {
  const chosen = at === undefined
    ? choose(root, refuse)
    : follow(root, at, refuse);
  const tensors = new Map<string, TorchTensor>();
  collect(chosen, "", 0, { tensors, left: MOST_VALUES, refuse });
  if (tensors.size > 0) return tensors;
  return refuse(
    at === undefined
      ? `it holds ${describe(root)} without named tensors`
      : `what is at "${at}" in it, ${describe(chosen)}, has no named tensors`,
    "see in Python what it holds, and name it by the option stateDict",
  );
}

/** The entries that have names: of a dict, an object or a module. */
function entriesOf(value: PickleValue): [string, PickleValue][] {
  const maps = isRecord(value) ? [value.state, value.items] : [value];
  return maps.flatMap((map) =>
    map instanceof Map
      ? [...map].map(([key, entry]): [string, PickleValue] => [
        describeKey(key),
        entry,
      ])
      : []
  );
}

function describeKey(key: PickleValue): string {
  return typeof key === "string" ? key : describe(key);
}

function choose(root: PickleValue, refuse: Refuse): PickleValue {
  const search = { left: MOST_SEARCHED, refuse };
  let value = root;
  for (let depth = 0; depth < DEEPEST; depth++) {
    if (isRecord(value)) return value; // a module: what it holds are its parts
    const entries = entriesOf(value);
    const holders = new Map(
      entries.filter(([, entry]) =>
        !isTensor(entry) && holdsTensors(entry, search)
      ),
    );
    const known = KNOWN_KEYS.find((key) => holders.has(key));
    if (known !== undefined) {
      value = holders.get(known)!;
      continue;
    }
    if (holders.size === 0) return value;
    if (entries.some(([, entry]) => isTensor(entry))) return value;
    if (holders.size > 1) {
      refuse(
        `it holds several state dicts, at ` +
          `${list([...holders.keys()])}`,
        "say which by the option stateDict",
      );
    }
    [value] = holders.values();
  }
  return value;
}

function follow(root: PickleValue, at: string, refuse: Refuse): PickleValue {
  let value = root;
  for (const key of at === "" ? [] : at.split("/")) {
    const entries = Array.isArray(value)
      ? [...value.entries()].map(([i, entry]) => [String(i), entry] as const)
      : entriesOf(value);
    const next = entries.find(([name]) => name === key);
    if (!next) {
      return refuse(
        `there is no "${key}" of "${at}" in it, but ` +
          `${list(entries.map(([name]) => name))}`,
        "name a state dict in it",
      );
    }
    value = next[1];
  }
  return value;
}

interface Search {
  /** How many values may still be looked at. */
  left: number;
  readonly refuse: Refuse;
}

/** Whether there is a tensor somewhere inside; each value is seen once. */
function holdsTensors(value: PickleValue, search: Search): boolean {
  const seen = new Set<PickleValue>();
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isTensor(next)) return true;
    if (typeof next !== "object" || seen.has(next)) continue;
    seen.add(next);
    for (const inner of innerValues(next)) {
      if (--search.left < 0) {
        search.refuse(`more than ${MOST_SEARCHED} values lie in it`);
      }
      waiting.push(inner);
    }
  }
  return false;
}

function innerValues(value: PickleValue): Iterable<PickleValue> {
  if (value instanceof Map) return value.values();
  if (Array.isArray(value)) return value;
  return isRecord(value) ? [value.state ?? null, value.items] : [];
}

interface Collection extends Search {
  readonly tensors: Map<string, TorchTensor>;
}

/** Lists are left out: what is in them has no names. */
function collect(
  value: PickleValue,
  prefix: string,
  depth: number,
  into: Collection,
): void {
  if (depth > DEEPEST) into.refuse(`"${prefix}" is nested too deeply`);
  for (const [key, entry] of entriesOf(value)) {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    if (--into.left < 0 || name.length > LONGEST_NAME) {
      into.refuse(`its state dict has no end: it holds itself at "${prefix}"`);
    }
    if (isTensor(entry)) {
      if (into.tensors.has(name)) into.refuse(`it names "${name}" twice`);
      into.tensors.set(name, entry);
    } else collect(entry, name, depth + 1, into);
  }
}

function list(names: readonly string[]): string {
  const quoted = names.slice(0, 10).map((name) => `"${name.slice(0, 60)}"`);
  if (names.length > 10) quoted.push(`${names.length - 10} more`);
  return quoted.length === 0 ? "nothing" : quoted.join(", ");
}
