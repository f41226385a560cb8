/** The stack, the marks and the memo that a pickle's opcodes work on. */

import type { PickleSource } from "./pickle_source.ts";
import type { PickleValue, Refuse } from "./pickle_values.ts";

/** What a pickle's names and references stand for. */
export interface PickleWorld {
  /** Throws the error of the file. */
  readonly refuse: Refuse;
  /** Pays for memory, so that small files can't ask for much of it. */
  spend(bytes: number): void;
  /** Whether a class or function may be named; throws if not. */
  checkName(name: string): void;
  /** The result of a call, or the object of a class. */
  call(name: string, args: readonly PickleValue[]): PickleValue;
  /** What is stored outside the pickle. */
  persistent(id: PickleValue): PickleValue;
}

/** A pickle that is being read. */
export interface Machine extends PickleWorld {
  readonly source: PickleSource;
  readonly stack: PickleValue[];
  /** Lengths the stack had at the marks. */
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
}

export function pop({ stack, marks, refuse }: Machine): PickleValue {
  if (stack.length <= (marks.at(-1) ?? 0)) {
    refuse("its pickle takes more values than it makes");
  }
  return stack.pop()!;
}

export function top(machine: Machine): PickleValue {
  const value = pop(machine);
  machine.stack.push(value);
  return value;
}

export function popMany(machine: Machine, count: number): PickleValue[] {
  const values: PickleValue[] = [];
  while (values.length < count) values.unshift(pop(machine));
  return values;
}

export function popMark(machine: Machine): PickleValue[] {
  const mark = machine.marks.pop();
  if (mark === undefined) {
    machine.refuse("its pickle ends a list that it didn't start");
  }
  return machine.stack.splice(mark);
}

export function discard(machine: Machine): void {
  const { stack, marks } = machine;
  if (marks.at(-1) === stack.length) marks.pop();
  else pop(machine);
}

export function put(machine: Machine, index: number): void {
  if (!Number.isSafeInteger(index)) machine.refuse("its memo has a bad index");
  machine.memo.set(index, top(machine));
}

export function get(machine: Machine, index: number): PickleValue {
  const value = machine.memo.get(index);
  if (value === undefined) {
    machine.refuse(`its pickle never made the value ${index}`);
  }
  return value;
}

export function take(machine: Machine, length: number): Uint8Array {
  machine.spend(length);
  return machine.source.take(length);
}

export function view({ source }: Machine, length: number): DataView {
  const { buffer, byteOffset } = source.take(length);
  return new DataView(buffer, byteOffset, length);
}

export function size4(machine: Machine): number {
  return view(machine, 4).getUint32(0, true);
}

export function size8(machine: Machine): number {
  const size = view(machine, 8).getBigUint64(0, true);
  if (size > Number.MAX_SAFE_INTEGER) {
    machine.refuse(`its pickle announces ${size} bytes`);
  }
  return Number(size);
}

export function line(machine: Machine): string {
  const text = machine.source.line();
  machine.spend(text.length);
  return text;
}
