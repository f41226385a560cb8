/**
 * The part of ONNX's protobuf schema that a graph needs, as plain records and
 * a writer. Field numbers are those of onnx/onnx.proto (IR version 10).
 */

import { PbfWriter } from "pbf";

/** TensorProto.DataType */
export const ONNX_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
} as const;

export type OnnxType = keyof typeof ONNX_TYPES;

export type OnnxAttribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly string: string };

export interface OnnxNode {
  readonly type: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** Where the bytes of an initializer are. */
export type OnnxData =
  | { readonly bytes: Uint8Array }
  | {
    readonly location: string;
    readonly offset: number;
    readonly length: number;
  };

export interface OnnxInitializer {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly data: OnnxData;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

const IR_VERSION = 10;

/** Serializes a model. `opsets` maps a domain to its version. */
export function writeModel(
  graph: OnnxGraph,
  opsets: Readonly<Record<string, number>>,
): Uint8Array {
  const writer = new PbfWriter();
  writer.writeVarintField(1, IR_VERSION);
  writer.writeStringField(2, "muselab");
  writer.writeMessage(7, writeGraph, graph);
  for (const opset of Object.entries(opsets)) {
    writer.writeMessage(8, writeOpset, opset);
  }
  return writer.finish();
}

function writeOpset(
  [domain, version]: [string, number],
  writer: PbfWriter,
): void {
  writer.writeStringField(1, domain);
  writer.writeVarintField(2, version);
}

function writeGraph(graph: OnnxGraph, writer: PbfWriter): void {
  for (const node of graph.nodes) writer.writeMessage(1, writeNode, node);
  writer.writeStringField(2, "graph");
  for (const initializer of graph.initializers) {
    writer.writeMessage(5, writeTensor, initializer);
  }
  for (const value of graph.inputs) writer.writeMessage(11, writeValue, value);
  for (const value of graph.outputs) writer.writeMessage(12, writeValue, value);
}

function writeNode(node: OnnxNode, writer: PbfWriter): void {
  for (const name of node.inputs) writer.writeStringField(1, name);
  for (const name of node.outputs) writer.writeStringField(2, name);
  writer.writeStringField(3, node.outputs[0]);
  writer.writeStringField(4, node.type);
  for (const attribute of Object.entries(node.attributes)) {
    writer.writeMessage(5, writeAttribute, attribute);
  }
  writer.writeStringField(7, node.domain);
}

function writeAttribute(
  [name, value]: [string, OnnxAttribute],
  writer: PbfWriter,
): void {
  writer.writeStringField(1, name);
  if ("float" in value) {
    writer.writeFloatField(2, value.float);
    writer.writeVarintField(20, 1);
  } else if ("int" in value) {
    writer.writeVarintField(3, value.int);
    writer.writeVarintField(20, 2);
  } else if ("string" in value) {
    writer.writeStringField(4, value.string);
    writer.writeVarintField(20, 3);
  } else {
    for (const int of value.ints) writer.writeVarintField(8, int);
    writer.writeVarintField(20, 7);
  }
}

function writeTensor(tensor: OnnxInitializer, writer: PbfWriter): void {
  for (const dim of tensor.shape) writer.writeVarintField(1, dim);
  writer.writeVarintField(2, ONNX_TYPES[tensor.type]);
  writer.writeStringField(8, tensor.name);
  if ("bytes" in tensor.data) {
    writer.writeBytesField(9, tensor.data.bytes);
    return;
  }
  for (const entry of Object.entries(tensor.data)) {
    writer.writeMessage(13, writeEntry, entry);
  }
  writer.writeVarintField(14, 1);
}

function writeEntry(
  [key, value]: [string, string | number],
  writer: PbfWriter,
): void {
  writer.writeStringField(1, key);
  writer.writeStringField(2, String(value));
}

function writeValue(value: OnnxValue, writer: PbfWriter): void {
  writer.writeStringField(1, value.name);
  writer.writeMessage(2, writeType, value);
}

function writeType(value: OnnxValue, writer: PbfWriter): void {
  writer.writeMessage(1, writeTensorType, value);
}

function writeTensorType(value: OnnxValue, writer: PbfWriter): void {
  writer.writeVarintField(1, ONNX_TYPES[value.type]);
  writer.writeMessage(2, writeShape, value.shape);
}

function writeShape(
  shape: readonly (number | string)[],
  writer: PbfWriter,
): void {
  for (const dim of shape) writer.writeMessage(1, writeDim, dim);
}

function writeDim(dim: number | string, writer: PbfWriter): void {
  if (typeof dim === "number") writer.writeVarintField(1, dim);
  else writer.writeStringField(2, dim);
}
