/** What a pickle may hold: data, and names of Python things, never code. */

import type { SafetensorsDtype } from "./safetensors_header.ts";

/** A value of a pickle. Tuples are lists; Python's classes are records. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | PickleMap
  | Set<PickleValue>
  | PickleGlobal
  | PickleRecord
  | TorchStorage
  | TorchTensor;

/** A dict. */
export type PickleMap = Map<PickleValue, PickleValue>;

/** A class or function that is named and not called. */
export interface PickleGlobal {
  readonly kind: "global";
  /** Module and name, with a dot between them. */
  readonly name: string;
}

/** An object of a Python class, as the data it was saved with. */
export interface PickleRecord {
  readonly kind: "record";
  /** Its class: module and name, with a dot between them. */
  readonly type: string;
  /** What it would be made from. */
  readonly args: readonly PickleValue[];
  /** Its attributes, or whatever its class saves in their place. */
  state?: PickleValue;
  /** What it holds as a dict. */
  readonly items: PickleMap;
  /** What it holds as a list. */
  readonly list: PickleValue[];
}

/** How elements are stored. */
export interface TorchElement {
  /** As PyTorch calls it. */
  readonly name: string;
  /** Bytes of one. */
  readonly bytes: number;
  /** Its name in safetensors files; absent where we don't read it. */
  readonly dtype?: SafetensorsDtype;
}

/** Elements that tensors are views of. */
export interface TorchStorage {
  readonly kind: "storage";
  /** Names its bytes in the file. */
  readonly key: string;
  readonly element: TorchElement;
  /** The first of these elements among those of the key. */
  readonly first: number;
  readonly count: number;
}

/** A tensor before its bytes are looked for. */
export interface TorchTensor {
  readonly kind: "tensor";
  readonly element: TorchElement;
  readonly shape: readonly number[];
  /** Elements from one to the next along each axis. */
  readonly strides: readonly number[];
  /** Its first element, counted from the storage's. */
  readonly first: number;
  readonly storage: TorchStorage;
}

/**
 * Throws the error of a file, given what was found in it, and what to do next
 * if it isn't to fetch it again.
 */
export type Refuse = (found: string, next?: string) => never;

/** A tensor, storage, class or object; not a container nor a plain value. */
export function kindOf(value: PickleValue | undefined): string | undefined {
  return typeof value === "object" && value !== null && "kind" in value
    ? value.kind
    : undefined;
}

export function isTensor(value: PickleValue): value is TorchTensor {
  return kindOf(value) === "tensor";
}

export function isStorage(
  value: PickleValue | undefined,
): value is TorchStorage {
  return kindOf(value) === "storage";
}

export function isRecord(value: PickleValue): value is PickleRecord {
  return kindOf(value) === "record";
}

/** A value in a few words, for errors. */
export function describe(value: PickleValue | undefined): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Map) return `a dict of ${value.size}`;
  if (value instanceof Set) return `a set of ${value.size}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value.kind === "global") return value.name;
  if (value.kind === "record") return `an object of ${value.type}`;
  return `a ${value.kind} of ${value.element.name}`;
}
