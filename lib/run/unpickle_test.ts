import assert from "node:assert/strict";
import { pickle, pickledText } from "./make_torch_zip.ts";
import { torchWorld } from "./pickle_calls.ts";
import { bytesSource } from "./pickle_source.ts";
import type { PickleValue } from "./pickle_values.ts";
import { unpickle } from "./unpickle.ts";

function refuse(found: string, next = "it is damaged"): never {
  throw new Error(`refused: ${found}; ${next}`);
}

function read(bytes: Uint8Array): PickleValue {
  return unpickle(bytesSource(bytes, refuse), torchWorld(refuse));
}

/** As Python writes them: pickletools names the opcodes. */
const VALUES: Record<string, [Uint8Array, unknown]> = {
  "None": [pickle("N."), null],
  "truth in protocol 2": [pickle("\x88\x89\x86."), [true, false]],
  "truth in protocol 0": [pickle("(I01\nI00\nl."), [true, false]],
  "small integers": [pickle("(K\xffM\x01\x02J\xfe\xff\xff\xfft."), [
    255,
    513,
    -2,
  ]],
  "written integers": [pickle("(I-5\nL12L\nL-7\nl."), [-5, 12, -7]],
  "long integers": [
    pickle(
      "(\x8a\x00\x8a\x01\xff\x8a\x02\xff\x00\x8b\x02\x00\x00\x00\x00\x80l.",
    ),
    [0, -1, 255, -32768],
  ],
  "an integer of 9 bytes": [
    pickle("\x8a\x09", [0, 0, 0, 0, 0, 0, 0, 0, 1], "."),
    2n ** 64n,
  ],
  "floats": [
    pickle("(G", [0x3f, 0xf8, 0, 0, 0, 0, 0, 0], "F-2.5e1\nFinf\nl."),
    [1.5, -25, Infinity],
  ],
  "not a number": [pickle("Fnan\n."), NaN],
  "text": [
    pickle(
      "(X\x02\x00\x00\x00\xc3\xa4\x8c\x01x\x8d\x01",
      [0, 0, 0, 0, 0, 0, 0],
      "yt.",
    ),
    ["ä", "x", "y"],
  ],
  "text with a byte order mark": [
    pickle("\x8c\x03\xef\xbb\xbf."),
    "\ufeff",
  ],
  "text in protocol 0": [
    pickle("(Va\\u00e4\nS'b\\x41\\'c'\nS\"d\"\nl."),
    ["aä", "bA'c", "d"],
  ],
  "text of Python 2": [pickle("(T\x01\x00\x00\x00aU\x01bl."), ["a", "b"]],
  "bytes of Python 2": [pickle("U\x01\xff."), Uint8Array.of(255)],
  "bytes": [
    pickle(
      "(B\x01\x00\x00\x00\xffC\x02ab\x8e\x01",
      [0, 0, 0, 0, 0, 0, 0],
      "c\x96",
      [
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
      ],
      "t.",
    ),
    [[255], [97, 98], [99], []].map((bytes) => Uint8Array.from(bytes)),
  ],
  "lists and tuples": [
    pickle("])a(K\x01K\x02eK\x03\x85aK\x04K\x05\x86aNNN\x87a."),
    [[], 1, 2, [3], [4, 5], [null, null, null]],
  ],
  "dicts": [
    pickle("(K\x01K\x02d}K\x03K\x04s(K\x05K\x06u\x86."),
    [new Map([[1, 2]]), new Map([[3, 4], [5, 6]])],
  ],
  "sets": [
    pickle("\x8f(K\x01K\x02\x90(K\x03\x91\x86."),
    [new Set([1, 2]), new Set([3])],
  ],
  "POP and DUP": [pickle("(K\x01K\x0202(0N(K\x07K\x081l."), [1, 1, null]],
  "frames": [
    pickle("\x80\x05\x95\x02", [0, 0, 0, 0, 0, 0, 0], "N."),
    null,
  ],
  "ordered dicts": [
    pickle("ccollections\nOrderedDict\n)R(K\x01K\x02u."),
    new Map([[1, 2]]),
  ],
  "ordered dicts of Python 2": [
    pickle("ccollections\nOrderedDict\n((lp1\n(lp2\nK\x01aK\x02aatp3\nR."),
    new Map([[1, 2]]),
  ],
  "default dicts and counters": [
    pickle(
      "ccollections\ndefaultdict\ncbuiltins\nint\n\x85R",
      "ccollections\nCounter\n}K\x01K\x02s\x85R\x86.",
    ),
    [new Map(), new Map([[1, 2]])],
  ],
  "containers by name": [
    pickle(
      "(c__builtin__\nlist\n(K\x01l\x85Rcbuiltins\nset\n(K\x02l\x85R",
      "ctorch\nSize\n(K\x03t\x85Rcbuiltins\ndict\n)Rt.",
    ),
    [[1], new Set([2]), [3], new Map()],
  ],
  "names by STACK_GLOBAL": [
    pickle("\x8c\x05torch\x94\x8c\x07float16\x94\x93."),
    { kind: "global", name: "torch.float16" },
  ],
  "attributes of dicts": [
    pickle("ccollections\nOrderedDict\n)R}", pickledText("a"), "Nsb."),
    new Map(),
  ],
};
for (const [what, [bytes, wanted]] of Object.entries(VALUES)) {
  Deno.test(`unpickle() reads ${what}`, () => {
    assert.deepEqual(read(bytes), wanted);
  });
}

Deno.test("unpickle() gives the same value again from the memo", () => {
  const [a, b, c, d] = read(
    pickle("(]q\x06]r\x07\x00\x00\x00h\x06j\x07\x00\x00\x00l."),
  ) as PickleValue[];
  assert.ok(a === c && b === d && a !== b);
  const [e, f, g] = read(pickle("(]\x94]p9\nh\x00l.")) as PickleValue[];
  assert.ok(e === g && e !== f);
});

Deno.test("unpickle() makes a record of an object, by each way to make one", () => {
  const ways = [
    "cargparse\nNamespace\n)R",
    "cargparse\nNamespace\n)\x81",
    "\x8c\x08argparse\x8c\x09Namespace\x93)\x81",
    "cargparse\nNamespace\n)}\x92",
    "(cargparse\nNamespace\no",
    "(iargparse\nNamespace\n",
  ];
  for (const way of ways) {
    const record = read(pickle(way, "}K\x01K\x02s", "b."));
    assert.deepEqual(record, {
      kind: "record",
      type: "argparse.Namespace",
      args: [],
      state: new Map([[1, 2]]),
      items: new Map(),
      list: [],
    }, way);
  }
  const old =
    "ccopy_reg\n_reconstructor\n(cargparse\nNamespace\nc__builtin__\nobject\nNtR.";
  assert.equal(
    (read(pickle(old)) as { type: string }).type,
    "argparse.Namespace",
  );
});

Deno.test("unpickle() fills what objects hold as dicts and lists", () => {
  const record = read(
    pickle("comegaconf\nX\n)\x81K\x01K\x02s(K\x03K\x04eK\x05a."),
  );
  assert.deepEqual(record, {
    kind: "record",
    type: "omegaconf.X",
    args: [],
    items: new Map([[1, 2]]),
    list: [3, 4, 5],
  });
});

const REFUSED: Record<string, [Uint8Array | string, RegExp]> = {
  "nothing": ["", /pickle ends at byte 0/],
  "no end": ["N", /pickle ends at byte 1, 1 more were wanted at byte 1/],
  "an unknown opcode": [
    "\xff.",
    /byte 0 of its pickle, 0xff, is not an opcode/,
  ],
  "extensions": ["\x82\x01.", /0x82, is not an opcode/],
  "buffers elsewhere": ["\x97.", /0x97, is not an opcode/],
  "protocol 6": ["\x80\x06N.", /has protocol 6, wanted 0-5/],
  "an empty stack": [".", /takes more values than it makes/],
  "a stack emptied below a mark": ["N(0a.", /takes more values than it makes/],
  "no mark": ["t.", /ends a list that it didn't start/],
  "an absent value": ["h\x05.", /never made the value 5/],
  "a bad index": ["Npx\n.", /memo has a bad index/],
  "a key alone": ["(K\x01d.", /a key without a value/],
  "a text that is too long": [
    "X\xff\xff\xff\x7fa.",
    /pickle takes more than \d+ bytes/,
  ],
  "a text beyond the end": ["X\xff\x00\x00\x00a.", /255 more were wanted/],
  "bytes of 2^63": [
    "\x8e\x00\x00\x00\x00\x00\x00\x00\x80.",
    /announces 9223372036854775808 bytes/,
  ],
  "an integer of 1 MB": [
    "\x8b\x00\x00\x10\x00.",
    /an integer of 1048576 bytes/,
  ],
  "digits that are none": ["Iabc\n.", /a number of its pickle is not one/],
  "a float that is none": ["F0x10\n.", /a number of its pickle is not one/],
  "text that is no UTF-8": ["\x8c\x01\xff.", /is not UTF-8/],
  "text without quotes": ["Sabc\n.", /has no quotes/],
  "a line without an end": [`I${"1".repeat(70000)}`, /more than 65536 bytes/],
  "appending to a number": ["K\x01Na.", /appends to 1/],
  "items of a list": ["]K\x01K\x02s.", /sets items of a list of 0/],
  "attributes of a list": ["]}b.", /sets attributes of a list of 0/],
  "calling a number": ["K\x01)R.", /calls 1 with a list of 0/],
  "calling with a number": ["ctorch\nSize\nK\x01R.", /calls torch.Size with 1/],
  "keywords": [
    "cargparse\nNamespace\n)}K\x01K\x02s\x92.",
    /calls argparse.Namespace with keywords/,
  ],
  "a name that is no text": ["K\x01K\x02\x93.", /by what is no text/],
  "a dict of no pairs": [
    "ccollections\nOrderedDict\n]K\x01a\x85R.",
    /a dict has the entry 1/,
  ],
  "a reference that is no storage": ["NQ.", /refers to null, wanted a storage/],
  "a reference by text": ["Pabc\n.", /refers to "abc", wanted a storage/],
};

for (const [what, [bytes, message]] of Object.entries(REFUSED)) {
  Deno.test(`unpickle() refuses ${what}`, () => {
    const file = typeof bytes === "string" ? pickle(bytes) : bytes;
    assert.throws(() => read(file), message);
    assert.throws(() => read(file), /^Error: refused: /);
  });
}

const FORBIDDEN = [
  "os.system",
  "posix.system",
  "nt.system",
  "subprocess.Popen",
  "builtins.eval",
  "builtins.exec",
  "builtins.getattr",
  "builtins.__import__",
  "__builtin__.eval",
  "importlib.import_module",
  "torch.load",
  "torch.hub.load",
  "torch.serialization.load",
  "torch._utils._rebuild_anything",
  "torch.nn.modules.linear.Linear",
  "numpy.load",
  "numpy.testing._private.utils.runstring",
  "operator.attrgetter",
  "functools.partial",
  "types.FunctionType",
  "__main__.Model",
  "argparse.Namespace.__init__",
  "toString.constructor",
  "__proto__.x",
];

for (const name of FORBIDDEN) {
  Deno.test(`unpickle() refuses ${name} by its name`, () => {
    const at = name.lastIndexOf(".");
    const [module, last] = [name.slice(0, at), name.slice(at + 1)];
    const ways = [
      pickle(`c${module}\n${last}\n(${pickledText("echo")}tR.`),
      pickle(pickledText(module), pickledText(last), "\x93)R."),
      pickle(`(i${module}\n${last}\n.`),
      pickle(`c${module}\n${last}\n.`),
    ];
    for (const bytes of ways) {
      assert.throws(() => read(bytes), (error: Error) => {
        assert.ok(
          error.message.includes(
            `pickle asks for ${name.replace("__builtin__", "builtins")}`,
          ),
        );
        return true;
      });
    }
  });
}

Deno.test("unpickle() takes deep nesting as it comes", () => {
  let value = read(pickle("]".repeat(100_000), "a".repeat(99_999), "."));
  let depth = 0;
  for (; Array.isArray(value); value = value[0]) depth++;
  assert.equal(depth, 100_000);
  const tuples = read(pickle("N", "\x85".repeat(100_000), "."));
  assert.equal(Array.isArray(tuples), true);
});

/** Pickles that are short and ask for much. */
const BOMBS: Record<string, Uint8Array> = {
  "empty dicts": pickle("(", "}".repeat(1_000_000)),
  "the same value": pickle("N", "2".repeat(5_000_000)),
  "copies of a list": pickle(
    "](",
    "N".repeat(100_000),
    "eq\x000",
    "cbuiltins\nlist\nh\x00\x85R0".repeat(80),
  ),
};

for (const [what, bytes] of Object.entries(BOMBS)) {
  Deno.test(`unpickle() stops at what is too large: ${what}`, () => {
    assert.throws(() => read(bytes), /pickle takes more than 268435456 bytes/);
  });
}
