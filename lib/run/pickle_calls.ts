/**
 * The classes and functions that a checkpoint's pickle may name. Containers are
 * made; objects of the classes that trainers save beside the weights become
 * records; everything else is refused by its name.
 */

import {
  describe,
  type PickleMap,
  type PickleRecord,
  type PickleValue,
  type Refuse,
} from "./pickle_values.ts";
import type { PickleWorld } from "./pickle_machine.ts";
import { DTYPES, STORAGES } from "./torch_elements.ts";
import { REBUILDS, storageOf } from "./torch_tensors.ts";

const ENTRY_COST = 64;
/** About what containers and text of a pickle may take in memory. */
const MOST_BYTES = 256 << 20;

type Args = readonly PickleValue[];
type Call = (args: Args, world: PickleWorld) => PickleValue;

const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ["collections.OrderedDict", dict],
  ["collections.defaultdict", () => new Map()], // its argument makes values
  ["collections.Counter", dict],
  ["collections.deque", list],
  ["builtins.dict", dict],
  ["builtins.list", list],
  ["builtins.tuple", list],
  ["builtins.set", set],
  ["builtins.frozenset", set],
  ["torch.Size", list],
  ["numpy.core.multiarray._reconstruct", objectOf],
  ["copyreg._reconstructor", objectOf],
  // What TorchScript wraps around lists and dicts to keep their types.
  ["torch.jit._pickle.restore_type_tag", ([value = null]) => value],
  ["torch.jit._pickle.build_intlist", list],
  ["torch.jit._pickle.build_doublelist", list],
  ["torch.jit._pickle.build_boollist", list],
  ["torch.jit._pickle.build_tensorlist", list],
]);

/** Packages whose objects trainers save beside the weights. */
const PACKAGES =
  /^(__torch__|pytorch_lightning|lightning|lightning_fabric|omegaconf|ml_collections|pathlib|datetime|collections\.abc)\./;

/** Names that say no more than what they are given. */
const NAMES: ReadonlySet<string> = new Set([
  "_codecs.encode",
  "addict.Dict",
  "addict.addict.Dict",
  "argparse.Namespace",
  ...["bool", "bytearray", "bytes", "complex", "float", "int", "object"]
    .map((name) => `builtins.${name}`),
  ...["range", "slice", "str"].map((name) => `builtins.${name}`),
  "easydict.EasyDict",
  "numpy.core.multiarray.scalar",
  "numpy.core.numeric._frombuffer",
  "numpy.dtype",
  "numpy.ndarray",
  "torch.Tensor",
  "torch.device",
  "torch.nn.parameter.Parameter",
  "types.SimpleNamespace",
  "typing.Any",
  "yacs.config.CfgNode",
]);

const CONVERT = "if you trust the file, load it in Python and save its state " +
  "dict alone as safetensors";

/** Names that are refused for a reason of their own. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["torch._utils._rebuild_qtensor", "a quantized tensor"],
  ["torch._utils._rebuild_sparse_tensor", "a sparse tensor"],
  ["torch._utils._rebuild_sparse_csr_tensor", "a sparse tensor"],
  ["torch._utils._rebuild_nested_tensor", "a nested tensor"],
  ["torch._utils._rebuild_meta_tensor_no_storage", "a tensor without values"],
  ["torch._utils._rebuild_device_tensor_from_numpy", "a tensor of a device"],
  ["torch.storage._load_from_bytes", "a tensor pickled without torch.save()"],
]);

/** Python 2 and NumPy 2 have other names for these modules. */
const MOVED: readonly (readonly [RegExp, string])[] = [
  [/^__builtin__\./, "builtins."],
  [/^copy_reg\./, "copyreg."],
  [/^numpy\._core\./, "numpy.core."],
];

/**
 * What the names in a PyTorch file stand for.
 * @param keyOf turns a storage's key into where its bytes are looked for
 */
export function torchWorld(
  refuse: Refuse,
  keyOf: (key: string) => string = (key) => key,
): PickleWorld {
  let left = MOST_BYTES;
  const world: PickleWorld = {
    refuse,
    spend(bytes) {
      left -= bytes;
      if (left < 0) {
        refuse(`its pickle takes more than ${MOST_BYTES} bytes of memory`);
      }
    },
    checkName(name) {
      checkName(moved(name), refuse);
    },
    call(name, args) {
      const callee = moved(name);
      const rebuild = REBUILDS.get(callee);
      if (rebuild) return rebuild(args, refuse);
      const call = CALLS.get(callee);
      if (call) return call(args, world);
      if (!isRecordName(callee)) refuse(`its pickle calls ${callee}`);
      return record(callee, args);
    },
    persistent: (id) => storageOf(id, keyOf, refuse),
  };
  return world;
}

function moved(name: string): string {
  return MOVED.reduce((text, [from, to]) => text.replace(from, to), name);
}

function checkName(name: string, refuse: Refuse): void {
  const known = CALLS.has(name) || REBUILDS.has(name) ||
    isRecordName(name) || DTYPES.has(name) || STORAGES.has(name);
  if (known) return;
  const reason = REASONS.get(name);
  if (reason) refuse(`it holds ${reason} (${name}), which isn't read`, CONVERT);
  refuse(
    `its pickle asks for ${name.slice(0, 200)}, and only tensors and plain ` +
      `data are read, since more could run code`,
    CONVERT,
  );
}

/** Their objects become records. */
function isRecordName(name: string): boolean {
  return NAMES.has(name) || PACKAGES.test(name);
}

function record(type: string, args: Args): PickleRecord {
  return { kind: "record", type, args, items: new Map(), list: [] };
}

/** Of the class that comes first. */
function objectOf(args: Args): PickleRecord {
  return record(describe(args[0]), args);
}

/** Of nothing, of a dict, or of pairs. */
function dict([from = []]: Args, { refuse, spend }: PickleWorld): PickleMap {
  const entries = from instanceof Map ? [...from] : from;
  if (!Array.isArray(entries)) return refuse(`a dict is of ${describe(from)}`);
  const map: PickleMap = new Map();
  for (const entry of entries) {
    if (!Array.isArray(entry) || entry.length !== 2) {
      return refuse(`a dict has the entry ${describe(entry)}`);
    }
    spend(ENTRY_COST);
    map.set(entry[0], entry[1]);
  }
  return map;
}

function list([from = []]: Args, { refuse, spend }: PickleWorld) {
  const values = from instanceof Set ? [...from] : from;
  if (!Array.isArray(values)) return refuse(`a list is of ${describe(from)}`);
  spend(ENTRY_COST * values.length);
  return [...values];
}

function set(args: Args, world: PickleWorld): Set<PickleValue> {
  return new Set(list(args, world));
}
