/** Writes zip files as PyTorch does, for tests. */

import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";

/** How a zip file is written. */
export interface ZipForm {
  readonly deflated?: boolean;
  /** With sizes and offsets of 64 bits, as large files have them. */
  readonly zip64?: boolean;
}

/** A zip file of these entries, by their names; plain unless asked for. */
export async function makeZip(
  entries: Readonly<Record<string, Uint8Array | string>>,
  { deflated = false, zip64 = false }: ZipForm = {},
): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    level: deflated ? 9 : 0,
    zip64,
    useWebWorkers: false,
  });
  for (const [name, content] of Object.entries(entries)) {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    await writer.add(name, new Uint8ArrayReader(bytes));
  }
  return await writer.close();
}

/** Bytes of a pickle: opcodes as letters, and whatever else as bytes. */
export function pickle(...parts: (string | number | number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string"
        ? [...part].map((letter) => letter.charCodeAt(0))
        : part
    ),
  );
}

/** Opcodes of a text. */
export function pickledText(text: string): string {
  return `X${String.fromCharCode(text.length, 0, 0, 0)}${text}`;
}

/** What a tensor is said to be. */
export interface PickledTensor {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset?: number;
  /** Elements of its storage. */
  readonly count: number;
  readonly type?: string;
  readonly key?: string;
}

/** Opcodes of a float32 tensor. */
export function pickledTensor(
  { shape, strides, offset = 0, count, type = "FloatStorage", key = "0" }:
    PickledTensor,
): string {
  const tuple = (values: readonly number[]) =>
    `(${values.map((n) => `I${n}\n`).join("")}t`;
  return [
    "ctorch._utils\n_rebuild_tensor_v2\n(",
    `(${pickledText("storage")}ctorch\n${type}\n`,
    `${pickledText(key)}${pickledText("cpu")}I${count}\ntQ`,
    `I${offset}\n${tuple(shape)}${tuple(strides)}`,
    "\x89ccollections\nOrderedDict\n)RtR",
  ].join("");
}

/** A dict's opcodes. */
export function pickledDict(entries: Readonly<Record<string, string>>): string {
  return `}(${
    Object.entries(entries).map(([name, value]) => pickledText(name) + value)
      .join("")
  }u`;
}
