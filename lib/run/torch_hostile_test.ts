import assert from "node:assert/strict";
import { join } from "node:path";
import {
  makeZip,
  pickle,
  pickledDict,
  pickledTensor,
  pickledText,
} from "./make_torch_zip.ts";
import { contents } from "./temp_folder.ts";
import { openTorch } from "./torch_file.ts";
import { assertRefusal, readAll } from "./torch_refusals.ts";

const FOLDER = new URL("testdata/torch/", import.meta.url).pathname;

const REFUSED: Record<string, RegExp> = {
  system: /its pickle asks for posix\.system, and only tensors/,
  eval: /its pickle asks for builtins\.eval,/,
  getattr: /its pickle asks for builtins\.getattr,/,
  import: /its pickle asks for builtins\.__import__,/,
  from_bytes: /holds a tensor pickled without torch\.save\(\) \(torch\.storage/,
  quantized: /holds a quantized tensor \(torch\._utils\._rebuild_qtensor\)/,
  sparse: /holds a sparse tensor \(torch\._utils\._rebuild_sparse_tensor\)/,
};

for (const [what, message] of Object.entries(REFUSED)) {
  for (const form of ["", "legacy_"]) {
    const name = `hostile_${form}${what}.pth`;
    Deno.test(`openTorch() refuses ${name}, which Python wrote`, async () => {
      await assert.rejects(
        openTorch(join(FOLDER, name)),
        (error) => assertRefusal(error, message),
      );
    });
  }
}

Deno.test("openTorch() refuses a pickle that torch.save() didn't write", async () => {
  await assert.rejects(
    openTorch(join(FOLDER, "hostile_pickle.pth")),
    /it is a pickle of a dict of 1, not by torch\.save\(\)/,
  );
});

Deno.test("openTorch() names a tensor of a type that isn't read", async () => {
  await assert.rejects(
    openTorch(join(FOLDER, "hostile_complex.pth")),
    /"w" is complex64, which isn't read; convert it with PyTorch/,
  );
});

/** A file whose pickle is a dict of these, with a storage of 16 bytes. */
function zipOf(
  entries: Readonly<Record<string, string>>,
  storage = new Uint8Array(16),
  deflated = false,
): Promise<Uint8Array> {
  return makeZip({
    "a/data.pkl": pickle(pickledDict(entries), "."),
    "a/data/0": storage,
  }, { deflated });
}

const ROW = { shape: [4], strides: [1], count: 4 };

const TENSORS: Record<
  string,
  [Partial<Parameters<typeof pickledTensor>[0]>, RegExp]
> = {
  "that is longer than its storage": [
    { shape: [5] },
    /shape \[5\] and strides \[1\] ends at element 5 of its storage, which has 4/,
  ],
  "that starts behind its storage": [{ offset: 1 }, /ends at element 5/],
  "that strides out of its storage": [{ strides: [2] }, /ends at element 7/],
  "that starts before its storage": [{ offset: -1 }, /offset -1/],
  "with a negative length": [{ shape: [-4] }, /the shape \[-4\]/],
  "with a negative stride": [{ strides: [-1] }, /strides \[-1\]/],
  "of more strides than axes": [{ strides: [1, 1] }, /strides \[1,1\]/],
  "of a hundred axes": [
    { shape: Array(100).fill(1), strides: Array(100).fill(0) },
    /the shape a list of 100/,
  ],
  "of more elements than can be counted": [
    { shape: [0, 2 ** 40, 2 ** 40], strides: [0, 0, 0] },
    /the shape \[0,1099511627776,1099511627776\]/,
  ],
  "of a storage that is longer than the file's": [
    { shape: [5], count: 5 },
    /"w" is in a storage of 20 bytes, of which the file holds 16/,
  ],
  "of a storage of 2^53 elements": [
    { count: 2 ** 53 - 1 },
    /"w" is in a storage of 3602879701896\d+ bytes/,
  ],
  "of a storage that isn't there": [
    { key: "1" },
    /the storage "a\/data\/1" is missing/,
  ],
  "of a storage elsewhere": [
    { key: "../data.pkl" },
    /the storage "a\/data\/\.\.\/data\.pkl" is missing/,
  ],
  "of a type that is none": [
    { type: "Size" },
    /a storage has the type torch\.Size/,
  ],
  "that repeats a number 2^50 times": [
    { shape: [2 ** 30, 2 ** 20], strides: [0, 0] },
    /up to "w", its tensors take 4503599627370496 bytes to read, of a file/,
  ],
};

for (const [what, [change, message]] of Object.entries(TENSORS)) {
  Deno.test(`openTorch() refuses a tensor ${what}`, async () => {
    await readAll(await zipOf({ w: pickledTensor(ROW) }));
    const bytes = await zipOf({ w: pickledTensor({ ...ROW, ...change }) });
    await assert.rejects(
      readAll(bytes),
      (error) => assertRefusal(error, message),
    );
  });
}

const tensor = pickledTensor(ROW);
const laughs = [...Array(40).keys()].map((i) =>
  // each list holds the one before it twice
  `]h${String.fromCharCode(i)}ah${String.fromCharCode(i)}a\x94`
);

const PICKLES: Record<string, [string, RegExp]> = {
  "a dict that holds itself": [
    `}q\x00(${pickledText("w")}${tensor}${pickledText("self")}h\x00u.`,
    /"self\.self\..*" is nested too deeply/,
  ],
  "a dict that holds itself twice": [
    `}q\x00(${pickledText("w")}${tensor}${pickledText("a")}h\x00` +
    `${pickledText("b")}h\x00u.`,
    /is nested too deeply|has no end/,
  ],
  "a list of lists that doubles 40 times": [
    `]\x94${laughs.join("")}.`,
    /holds a list of 2 without named tensors/,
  ],
  "a state dict that is a number": ["K\x05.", /holds 5 without named tensors/],
  "two state dicts": [
    `}(${pickledText("g")}${pickledDict({ w: tensor })}${pickledText("d")}` +
    `${pickledDict({ w: tensor })}u.`,
    /several state dicts, at "g", "d"; say which by the option stateDict/,
  ],
  "a name twice": [
    `}(${pickledText("a.b")}${tensor}${pickledText("a")}` +
    `${pickledDict({ b: tensor })}u.`,
    /it names "a\.b" twice/,
  ],
  "an empty dict": ["}.", /holds a dict of 0 without named tensors/],
};

for (const [what, [opcodes, message]] of Object.entries(PICKLES)) {
  Deno.test(`openTorch() refuses ${what}`, async () => {
    const bytes = await makeZip({
      "a/data.pkl": pickle(opcodes),
      "a/data/0": new Uint8Array(16),
    });
    await assert.rejects(
      readAll(bytes),
      (error) => assertRefusal(error, message),
    );
  });
}

Deno.test("openTorch() refuses to inflate a storage again and again", async () => {
  const count = 4 << 20;
  const entries = Object.fromEntries(
    [...Array(40).keys()].map((i) => [
      `w${i}`,
      pickledTensor({ ...ROW, offset: count - 4, count }),
    ]),
  );
  const bytes = await zipOf(entries, new Uint8Array(4 * count), true);
  assert.ok(bytes.length < 100_000);
  await assert.rejects(
    readAll(bytes),
    (error) =>
      assertRefusal(error, /up to "w4", its tensors take 83886080 bytes/),
  );
});

/** Changes the bytes behind every one of these signatures. */
function patch(
  bytes: Uint8Array,
  signature: number,
  offset: number,
  value: number,
): Uint8Array {
  const view = new DataView(bytes.slice().buffer);
  for (let at = 0; at + 4 <= bytes.length; at++) {
    if (view.getUint32(at, true) === signature) {
      view.setUint32(at + offset, value, true);
    }
  }
  return new Uint8Array(view.buffer);
}

/** Signatures of a zip file's records: local, central, end. */
const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];

const ZIPS: Record<string, [(bytes: Uint8Array) => Uint8Array, RegExp]> = {
  "no directory": [(bytes) => patch(bytes, END, 0, 0), /End of central/],
  "entries at one place": [
    (bytes) => patch(bytes, CENTRAL, 42, 0),
    /its entry "\S+" overlaps what comes after it/,
  ],
  "entries beyond the end": [
    (bytes) => patch(bytes, CENTRAL, 42, 0x7fffffff),
    /overlaps|isn't where/,
  ],
  "entries of 2 GB": [
    (bytes) => patch(bytes, CENTRAL, 20, 0x7fffffff),
    /overlaps what comes after it/,
  ],
  "sizes that disagree": [
    (bytes) => patch(bytes, CENTRAL, 24, 5),
    /has \d+ bytes, wanted 5/,
  ],
  "no local headers": [
    (bytes) => {
      const without = patch(bytes, LOCAL, 0, 0);
      without.set(bytes.subarray(0, 4)); // it begins as a zip file
      return without;
    },
    /isn't where its directory says/,
  ],
  "local names that are too long": [
    (bytes) => patch(bytes, LOCAL, 26, 0xffff),
    /isn't where its directory says/,
  ],
  "entries that are encrypted": [
    (bytes) => patch(bytes, CENTRAL, 8, 1),
    /is encrypted, wanted a plain or deflated one/,
  ],
  "entries of another method": [
    (bytes) => patch(bytes, CENTRAL, 8, 12 << 16),
    /is compressed by method 12, wanted/,
  ],
};

for (const [what, [change, message]] of Object.entries(ZIPS)) {
  Deno.test(`openTorch() refuses a zip file with ${what}`, async () => {
    const whole = await zipOf({ w: tensor });
    await readAll(whole);
    await assert.rejects(
      readAll(change(whole)),
      (error) => assertRefusal(error, message),
    );
  });
}

const NAMES: Record<string, [Record<string, Uint8Array | string>, RegExp]> = {
  "without a pickle": [
    { "a/x": "" },
    /1 entries and 0 "data\.pkl" in a folder/,
  ],
  "with a pickle at its top": [
    { "data.pkl": "N." },
    /0 "data\.pkl" in a folder/,
  ],
  "with two pickles": [
    { "a/data.pkl": "N.", "b/data.pkl": "N." },
    /2 entries and 2 "data\.pkl" in a folder, wanted one/,
  ],
  "that leads out of its folder": [
    { "a/data.pkl": "N.", "../../etc/x": "x" },
    /its zip directory is damaged \(Unsafe filename\)/,
  ],
  "of a strange byte order": [
    {
      "a/data.pkl": pickle(pickledDict({ w: tensor }), "."),
      "a/byteorder": "?",
    },
    /its byte order is "\?"/,
  ],
};

for (const [what, [entries, message]] of Object.entries(NAMES)) {
  Deno.test(`openTorch() refuses a zip file ${what}`, async () => {
    const bytes = await makeZip(entries);
    await assert.rejects(
      readAll(bytes),
      (error) => assertRefusal(error, message),
    );
  });
}

Deno.test("openTorch() refuses what is no PyTorch file by what it is", async () => {
  const tar = new Uint8Array(512);
  tar.set(new TextEncoder().encode("ustar"), 257);
  await assert.rejects(
    readAll(tar),
    (error) => assertRefusal(error, /a tar file, as PyTorch saved before 2017/),
  );
  for (const bytes of [new Uint8Array(0), pickle("<html></html>")]) {
    await assert.rejects(
      readAll(bytes),
      (error) => assertRefusal(error, /neither a zip file nor a pickle/),
    );
  }
});

Deno.test("hostile files leave nothing behind", () => {
  assert.ok(!contents(Deno.cwd()).includes("hacked"));
});
