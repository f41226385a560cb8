/**
 * PyTorch's files of before 1.6: pickles one behind the other, then the
 * storages. The layout is that of _legacy_load in torch/serialization.py.
 */

import { torchWorld } from "./pickle_calls.ts";
import { fileSource } from "./pickle_source.ts";
import { describe, isStorage, type PickleValue } from "./pickle_values.ts";
import { type FileStretch, readBytes } from "./stretch.ts";
import type { TorchContent, TorchSource } from "./torch_source.ts";
import { unpickle } from "./unpickle.ts";

/** The first pickle of these files, torch.serialization.MAGIC_NUMBER. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
const COUNT_BYTES = 8;

/** @throws if the file is damaged or its pickles ask for more than data */
export async function readTorchLegacy(
  source: TorchSource,
): Promise<TorchContent> {
  const pickles = fileSource(source);
  const elementBytes = new Map<string, number>();
  const world = torchWorld(source.refuse);
  const read = () => unpickle(pickles, world);
  const magic = read();
  if (magic !== MAGIC) {
    source.refuse(`it is a pickle of ${describe(magic)}, not by torch.save()`);
  }
  const protocol = read();
  if (protocol !== PROTOCOL) {
    source.refuse(`its protocol is ${describe(protocol)}, wanted ${PROTOCOL}`);
  }
  read(); // the sizes of C's types where it was saved, which change nothing
  const root = unpickle(pickles, {
    ...world,
    persistent: (id) => noteStorage(source, elementBytes, world.persistent(id)),
  });
  const keys = read();
  if (!Array.isArray(keys)) {
    source.refuse(`its storages are ${describe(keys)}, wanted a list`);
  }
  const start = pickles.position();
  const places = await findStorages(source, start, keys, elementBytes);
  return {
    root,
    bigEndian: false, // storages are written low byte first everywhere
    locate(key) {
      const place = places.get(key);
      if (!place) source.refuse(`the storage "${key}" is missing in it`);
      return Promise.resolve(place);
    },
  };
}

/** Only the pickle says how many bytes an element of a storage has. */
function noteStorage(
  source: TorchSource,
  elementBytes: Map<string, number>,
  value: PickleValue,
): PickleValue {
  if (isStorage(value)) {
    const { key, element: { bytes } } = value;
    const noted = elementBytes.get(key) ?? bytes;
    if (noted !== bytes) {
      source.refuse(
        `its storage "${key}" has elements of ${noted} and ${bytes} bytes`,
      );
    }
    elementBytes.set(key, bytes);
  }
  return value;
}

/** Each storage is a count of elements and their bytes. */
async function findStorages(
  source: TorchSource,
  start: number,
  keys: readonly PickleValue[],
  elementBytes: ReadonlyMap<string, number>,
): Promise<Map<string, FileStretch>> {
  const places = new Map<string, FileStretch>();
  let offset = start;
  for (const key of keys) {
    const bytes = typeof key === "string" ? elementBytes.get(key) : undefined;
    if (typeof key !== "string" || bytes === undefined || places.has(key)) {
      return source.refuse(
        `it stores ${describe(key)}, which no tensor or another one names`,
      );
    }
    const count = await readBytes(source, offset, COUNT_BYTES);
    const size = bytes *
      Number(new DataView(count.buffer).getBigUint64(0, true));
    offset += COUNT_BYTES;
    if (offset + size > source.size) {
      source.refuse(
        `its storage "${key}" ends at byte ${offset + size}, the file at ` +
          `${source.size}`,
      );
    }
    places.set(key, { offset, length: size, size, deflated: false });
    offset += size;
  }
  return places;
}
