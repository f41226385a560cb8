/**
 * How weights enter a compiled graph: by the place of their bytes, in a file or
 * in memory.
 */

import { printShape } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import type { ParameterForm } from "../graph/onnx_emit.ts";
import { BLOCKS } from "./blocks.ts";
import type { Weight, Weights } from "./weights.ts";

/**
 * The form of a parameter; one that has no weight is fed.
 * @throws RangeError for a weight of another shape
 */
export function parameterForm(
  { op: { name }, shape }: Node<"parameter">,
  weights: Weights,
): ParameterForm {
  const weight = weights.get(name);
  if (!weight) return { kind: "input" };
  // In blocks, the sides of a 1x1 kernel are left out.
  const wanted = weight.kind === "blocks" ? shape.slice(0, 2) : shape;
  if (printShape(weight.shape) !== printShape(wanted)) {
    throw new RangeError(
      `Cannot use the weight ${name}: found shape ` +
        `${printShape(weight.shape)}, wanted ${printShape(wanted)}`,
    );
  }
  return forms[weight.kind](weight as never, name);
}

type FormRules = {
  readonly [Kind in Weight["kind"]]: (
    weight: Weight & { readonly kind: Kind },
    name: string,
  ) => ParameterForm;
};

const forms: FormRules = {
  file({ path, type, offset, length }) {
    const location = belowRoot(path);
    return { kind: "external", type, location, offset, length };
  },
  int8({ path, offset, length, scales }) {
    const location = belowRoot(path);
    return { kind: "int8", location, offset, length, scales };
  },
  blocks({ path, bits, block, offset, length, scales }) {
    const location = belowRoot(path);
    return {
      kind: "blocks",
      bits,
      block,
      values: { location, offset, length },
      scales: { location, ...scales },
    };
  },
  channels({ path, offset, length, scales }) {
    const location = belowRoot(path);
    return {
      kind: "channels",
      values: { location, offset, length },
      scales: { location, ...scales },
    };
  },
  int4({ values, scales }, name) {
    const place = (location: string, { byteLength }: ArrayBufferView) => ({
      location,
      offset: 0,
      length: byteLength,
    });
    return {
      kind: "blocks",
      values: place(name, values),
      scales: place(int4Scales(name), scales),
      ...BLOCKS.int4,
    };
  },
  memory: ({ data }, name) => ({
    kind: "external",
    type: "float32",
    location: name,
    offset: 0,
    length: data.byteLength,
  }),
};

/** A full path without the root that comes before it. */
function belowRoot(path: string): string {
  return path.replace(/^(\/|[A-Za-z]:[\\/])/, "");
}

/** Where the runtime finds the scales of an int4 matrix. */
function int4Scales(name: string): string {
  return `${name} scales`;
}

/** The bytes of all weights in memory, under the locations of their forms. */
export function bytesInMemory(
  weights: Weights,
): { path: string; data: Uint8Array }[] {
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  return [...weights].flatMap(([path, weight]) => {
    if (weight.kind === "memory") return [{ path, data: bytes(weight.data) }];
    if (weight.kind !== "int4") return [];
    return [
      { path, data: weight.values },
      { path: int4Scales(path), data: bytes(weight.scales) },
    ];
  });
}
