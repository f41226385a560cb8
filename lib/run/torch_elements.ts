/** PyTorch's element types and storage classes. */

import { dtypeBytes, type SafetensorsDtype } from "./safetensors_header.ts";
import type { TorchElement } from "./pickle_values.ts";

/** dtype, its storage class, and its name in safetensors files. */
const READ: readonly (readonly [string, string, SafetensorsDtype])[] = [
  ["float64", "DoubleStorage", "F64"],
  ["float32", "FloatStorage", "F32"],
  ["float16", "HalfStorage", "F16"],
  ["bfloat16", "BFloat16Storage", "BF16"],
  ["int64", "LongStorage", "I64"],
  ["int32", "IntStorage", "I32"],
  ["int16", "ShortStorage", "I16"],
  ["int8", "CharStorage", "I8"],
  ["uint8", "ByteStorage", "U8"],
  ["bool", "BoolStorage", "BOOL"],
];

/**
 * Types whose bytes are passed over: dtype, storage class where it has one, and
 * bytes of an element.
 */
const PASSED: readonly (readonly [string, string, number])[] = [
  ["complex128", "ComplexDoubleStorage", 16],
  ["complex64", "ComplexFloatStorage", 8],
  ["complex32", "ComplexHalfStorage", 4],
  ["qint8", "QInt8Storage", 1],
  ["quint8", "QUInt8Storage", 1],
  ["qint32", "QInt32Storage", 4],
  ["quint4x2", "QUInt4x2Storage", 1],
  ["quint2x4", "QUInt2x4Storage", 1],
  ["uint16", "", 2],
  ["uint32", "", 4],
  ["uint64", "", 8],
  ["float8_e4m3fn", "", 1],
  ["float8_e4m3fnuz", "", 1],
  ["float8_e5m2", "", 1],
  ["float8_e5m2fnuz", "", 1],
  ["float8_e8m0fnu", "", 1],
];

const ELEMENTS: readonly (readonly [string, TorchElement])[] = [
  ...READ.map(([name, storage, dtype]) =>
    [storage, { name, bytes: dtypeBytes(dtype), dtype }] as const
  ),
  ...PASSED.map(([name, storage, bytes]) =>
    [storage, { name, bytes }] as const
  ),
];

/** Element types by the full names of their dtypes. */
export const DTYPES: ReadonlyMap<string, TorchElement> = new Map(
  ELEMENTS.map(([, element]) => [`torch.${element.name}`, element]),
);

/** Element types by the full names of their storage classes. */
export const STORAGES: ReadonlyMap<string, TorchElement> = new Map([
  ...ELEMENTS.filter(([storage]) => storage !== "")
    .map(([storage, element]) => [`torch.${storage}`, element] as const),
  ["torch.storage.UntypedStorage", { name: "bytes", bytes: 1 }],
]);
