/**
 * Tensors as PyTorch's pickles describe them: views of storages that lie beside
 * the pickle. The functions are those of torch/_utils.py.
 */

import {
  describe,
  isStorage,
  isTensor,
  kindOf,
  type PickleGlobal,
  type PickleValue,
  type Refuse,
  type TorchElement,
  type TorchStorage,
  type TorchTensor,
} from "./pickle_values.ts";
import { DTYPES, STORAGES } from "./torch_elements.ts";

/** More axes than PyTorch allows. */
const MOST_AXES = 64;

/** Makes a tensor or a value around one from a call's arguments. */
export type Rebuild = (
  args: readonly PickleValue[],
  refuse: Refuse,
) => PickleValue;

const view: Rebuild = (args, refuse) => makeTensor(args, refuse);

/** Storages of newer types have no class; the dtype comes as an argument. */
const typedView: Rebuild = (args, refuse) => {
  const dtype = args.at(6);
  const element = DTYPES.get(globalName(dtype) ?? "");
  if (!element) refuse(`a tensor has the dtype ${describe(dtype)}`);
  return makeTensor(args, refuse, element);
};

const parameter: Rebuild = ([data = null], refuse) => {
  if (isTensor(data)) return data;
  return refuse(`a parameter is made of ${describe(data)}`);
};

const VIEWS: Readonly<Record<string, Rebuild>> = {
  "torch._utils._rebuild_tensor": view,
  "torch._utils._rebuild_tensor_v2": view,
  "torch._utils._rebuild_tensor_v3": typedView,
};

/** Functions that PyTorch's pickles call to make tensors. */
export const REBUILDS: ReadonlyMap<string, Rebuild> = new Map(Object.entries({
  ...VIEWS,
  "torch._utils._rebuild_parameter": parameter,
  "torch._utils._rebuild_parameter_with_state": parameter,
  // A tensor with attributes, or of a subclass: the attributes are left out.
  "torch._tensor._rebuild_from_type_v2": ([make, , args], refuse) => {
    const rebuild = VIEWS[globalName(make) ?? ""];
    if (!rebuild || !Array.isArray(args)) {
      return refuse(`a tensor is made by ${describe(make)}`);
    }
    return rebuild(args, refuse);
  },
}));

/** The storage that a persistent id names: its key is that of `keyOf`. */
export function storageOf(
  id: PickleValue,
  keyOf: (key: string) => string,
  refuse: Refuse,
): TorchStorage {
  const [tag, type, key, , count, part] = Array.isArray(id) ? id : [];
  if (tag !== "storage") {
    return refuse(`it refers to ${describe(id)}, wanted a storage`);
  }
  const element = STORAGES.get(globalName(type) ?? "");
  if (!element) return refuse(`a storage has the type ${describe(type)}`);
  if (typeof key !== "string" || !isCount(count)) {
    return refuse(
      `a storage has the key ${describe(key)} and ${describe(count)} elements`,
    );
  }
  const whole = { kind: "storage", key: keyOf(key), element } as const;
  if (part === undefined || part === null) return { ...whole, first: 0, count };
  // Files of before PyTorch 0.4 have views of storages: key, start, length.
  const [, first, length] = Array.isArray(part) ? part : [];
  if (!isCount(first) || !isCount(length) || first + length > count) {
    return refuse(`a part of the storage ${key} reaches beyond it`);
  }
  return { ...whole, first, count: length };
}

function makeTensor(
  args: readonly (PickleValue | undefined)[],
  refuse: Refuse,
  element?: TorchElement,
): TorchTensor {
  const [storage, first, shape, strides] = args;
  if (!isStorage(storage)) return refuse(`a tensor is of ${describe(storage)}`);
  if (
    !isCounts(shape) || !isCounts(strides) || shape.length !== strides.length ||
    shape.length > MOST_AXES || !isCount(first) ||
    !isCount(shape.reduce((product, n) => product * Math.max(n, 1), 1))
  ) {
    return refuse(
      `a tensor has the shape ${printAxes(shape)}, strides ` +
        `${printAxes(strides)} and offset ${describe(first)}`,
    );
  }
  const type = element ?? storage.element;
  const tensor = { element: type, shape, strides, first, storage };
  const end = first + extent(tensor);
  const held = storage.count * storage.element.bytes / type.bytes;
  // Sizes beyond 2^53 are inexact, and far beyond any storage.
  if (end > held) {
    return refuse(
      `a tensor of shape [${shape}] and strides [${strides}] ends at element ` +
        `${end} of its storage, which has ${held}`,
    );
  }
  return { kind: "tensor", ...tensor };
}

function printAxes(axes: PickleValue | undefined): string {
  if (!Array.isArray(axes) || axes.length > MOST_AXES) return describe(axes);
  return `[${axes.map(describe)}]`;
}

/** Elements from the first to the last in the storage, both counted. */
export function extent(
  { shape, strides }: Pick<TorchTensor, "shape" | "strides">,
): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis], 1);
}

function globalName(value: PickleValue | undefined): string | undefined {
  return kindOf(value) === "global" ? (value as PickleGlobal).name : undefined;
}

function isCount(value: PickleValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}
