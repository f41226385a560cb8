/**
 * PyTorch's files since 1.6, and TorchScript's: zip files with a pickle of
 * everything but the storages, which are entries of their own. The layout is
 * that of torch/serialization.py and caffe2/serialize/inline_container.h.
 */

import { bytesSource } from "./pickle_source.ts";
import { torchWorld } from "./pickle_calls.ts";
import { isRecord, type PickleValue } from "./pickle_values.ts";
import { readPart } from "./stretch.ts";
import type { TorchContent, TorchSource } from "./torch_source.ts";
import { unpickle } from "./unpickle.ts";
import { locateEntry, readZipEntries, type ZipEntry } from "./zip_entries.ts";

/** Larger than any list of tensors: what lies in it is not weights. */
const MOST_PICKLE_BYTES = 256 << 20;

/** @throws if the zip file is damaged or its pickle asks for more than data */
export async function readTorchZip(source: TorchSource): Promise<TorchContent> {
  const entries = await readZipEntries(source);
  const pickles = [...entries.keys()].filter((name) =>
    /^[^/]+\/data\.pkl$/.test(name)
  );
  if (pickles.length !== 1) {
    source.refuse(
      `it is a zip file of ${entries.size} entries and ${pickles.length} ` +
        `"data.pkl" in a folder, wanted one`,
    );
  }
  const folder = pickles[0].slice(0, pickles[0].indexOf("/"));
  const read = async (name: string, missing: PickleValue) => {
    const entry = entries.get(`${folder}/${name}.pkl`);
    if (!entry) return missing;
    const bytes = await readEntry(source, entry);
    // data.pkl has its storages in data/, constants.pkl in constants/
    const keyOf = (key: string) => `${folder}/${name}/${key}`;
    const world = torchWorld(source.refuse, keyOf);
    return unpickle(bytesSource(bytes, source.refuse), world);
  };
  const root = await read("data", null);
  return {
    root: withConstants(root, await read("constants", [])),
    bigEndian: await isBigEndian(source, entries.get(`${folder}/byteorder`)),
    locate(key) {
      const entry = entries.get(key);
      if (!entry) source.refuse(`the storage "${key}" is missing in it`);
      return locateEntry(source, entry);
    },
  };
}

/** TorchScript's code calls its constants so. */
function withConstants(root: PickleValue, constants: PickleValue) {
  if (!isRecord(root) || !Array.isArray(constants)) return root;
  if (!(root.state instanceof Map) || constants.length === 0) return root;
  const named = constants.map((value, i) => [`c${i}`, value] as const);
  const state = new Map([...root.state, ["CONSTANTS", new Map(named)]]);
  return { ...root, state };
}

async function readEntry(
  source: TorchSource,
  entry: ZipEntry,
): Promise<Uint8Array> {
  if (entry.size > MOST_PICKLE_BYTES) {
    source.refuse(`its entry "${entry.name}" announces ${entry.size} bytes`);
  }
  const stretch = await locateEntry(source, entry);
  return await readPart(source, stretch, 0, stretch.size);
}

async function isBigEndian(
  source: TorchSource,
  entry: ZipEntry | undefined,
): Promise<boolean> {
  if (!entry) return false; // files of before PyTorch 2.1 don't say
  const order = new TextDecoder().decode(await readEntry(source, entry));
  if (order !== "little" && order !== "big") {
    source.refuse(`its byte order is ${JSON.stringify(order.slice(0, 60))}`);
  }
  return order === "big";
}
