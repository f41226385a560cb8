import assert from "node:assert/strict";
import fc from "fast-check";
import { f32ToBf16, f32ToF16 } from "./half.ts";
import {
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
  type SafetensorsEntry,
  writeSafetensors,
  writeSafetensorsPieces,
} from "./safetensors.ts";
import { withFolder } from "./temp_folder.ts";

const PYTHON = new URL("testdata/python.safetensors", import.meta.url).pathname;

/** A file of a JSON header and some bytes of data. */
function fileOf(header: unknown, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

Deno.test("readTensor() reads what the Python library wrote", async () => {
  const header = await readSafetensorsHeader(PYTHON);
  assert.deepEqual(header.metadata, { format: "pt", note: 'äé "quoted"' });
  const ramp = Float32Array.of(0, 1, 2, 3, 4, 5);
  const third = ramp.map((n) => n / 3);
  const wanted = {
    f64: Float64Array.of(0, 0.25, 0.5, 0.75, 1, 1.25),
    f32: ramp.map((n) => n - 2.5),
    f16: f32ToF16(third),
    bf16: f32ToBf16(third),
    i64: BigInt64Array.from([0n, 1n, 2n, 3n, 4n, 5n], (n) => n - (1n << 40n)),
    i32: Int32Array.from(ramp, (n) => n * -100000),
    i16: Int16Array.from(ramp, (n) => n * -1000),
    i8: Int8Array.from(ramp, (n) => n - 3),
    u8: Uint8Array.from(ramp, (n) => n + 250),
    bool: Uint8Array.of(0, 1, 0, 1, 0, 1),
    scalar: Float32Array.of(7),
    empty: new Float32Array(0),
  };
  assert.deepEqual(
    [...header.tensors.keys()].sort(),
    Object.keys(wanted).sort(),
  );
  for (const [name, data] of Object.entries(wanted)) {
    assert.deepEqual(await readTensor(header, name), data, name);
  }
  assert.deepEqual(header.tensors.get("f32")?.shape, [2, 3]);
  assert.deepEqual(header.tensors.get("scalar")?.shape, []);
  assert.deepEqual(header.tensors.get("empty")?.shape, [0, 4]);
});

Deno.test("readTensorsF32() widens the floating types and only those", async () => {
  const header = await readSafetensorsHeader(PYTHON);
  const tensors = await readTensorsF32(header);
  assert.deepEqual(
    [...tensors.keys()].sort(),
    ["bf16", "empty", "f16", "f32", "f64", "scalar"],
  );
  assert.deepEqual(tensors.get("f64"), {
    shape: [2, 3],
    data: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25),
  });
  assert.equal(tensors.get("f16")?.data[1], 1365 / 4096);
  assert.equal(tensors.get("bf16")?.data[1], 171 / 512);
  assert.deepEqual([...(await readTensorsF32(header, ["f32"])).keys()], [
    "f32",
  ]);
});

Deno.test("readTensorsF32() refuses absent and integer tensors", async () => {
  const header = await readSafetensorsHeader(PYTHON);
  await assert.rejects(
    readTensorsF32(header, ["f99"]),
    /python\.safetensors: there is no tensor "f99" among its 12$/,
  );
  await assert.rejects(readTensorsF32(header, ["i8"]), /"i8" is I8/);
  await assert.rejects(readTensor(header, "f99"), /no tensor "f99"/);
});

Deno.test("writeSafetensors() writes what reads back, aligned", async () => {
  const shape = fc.array(fc.nat(4), { maxLength: 3 });
  const entry = fc.record({
    shape,
    dtype: fc.constantFrom("F32", "F16", "I64", "I8", "BOOL"),
    fill: fc.nat(255),
  });
  const names = fc.string({ unit: "grapheme" });
  const table = fc.dictionary(names, entry, { maxKeys: 6 });
  await withFolder(async (folder) => {
    const path = `${folder}/any.safetensors`;
    await fc.assert(
      fc.asyncProperty(table, fc.dictionary(names, names), async (t, meta) => {
        const entries = Object.entries(t).map(
          ([name, { shape, dtype, fill }]) => {
            const count = shape.reduce((a, b) => a * b, 1);
            const data = {
              F32: () => new Float32Array(count).fill(fill / 7),
              F16: () => new Uint16Array(count).fill(fill * 257),
              I64: () => new BigInt64Array(count).fill(-BigInt(fill)),
              I8: () => new Int8Array(count).fill(fill),
              BOOL: () => new Uint8Array(count).fill(fill & 1),
            }[dtype]();
            return { name, dtype, shape, data } as SafetensorsEntry;
          },
        );
        await writeSafetensors(path, entries, meta);
        const header = await readSafetensorsHeader(path);
        assert.deepEqual({ ...header.metadata }, { ...meta });
        assert.equal(header.tensors.size, entries.length);
        for (const { name, dtype, shape, data } of entries) {
          const info = header.tensors.get(name);
          assert.deepEqual([info?.dtype, info?.shape], [dtype, shape]);
          assert.equal((info?.offset ?? 1) % data.BYTES_PER_ELEMENT, 0);
          assert.deepEqual(await readTensor(header, name), data);
        }
      }),
      { numRuns: 60 },
    );
    assert.deepEqual([...Deno.readDirSync(folder)].length, 1);
  });
});

Deno.test("writeSafetensors() writes a view, and starts data at 64 bytes", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/view.safetensors`;
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    await writeSafetensors(path, [{
      name: "v",
      dtype: "F32",
      shape: [2],
      data,
    }]);
    const header = await readSafetensorsHeader(path);
    assert.deepEqual(await readTensor(header, "v"), Float32Array.of(2, 3));
    assert.equal((header.tensors.get("v")?.offset ?? 1) % 64, 0);
  });
});

Deno.test("writeSafetensors() refuses bad entries and leaves the old file", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/kept.safetensors`;
    await Deno.writeTextFile(path, "old");
    const data = new Float32Array(2);
    const v = { name: "v", dtype: "F32", shape: [2], data } as const;
    await assert.rejects(
      writeSafetensors(path, [{ ...v, shape: [3] }]),
      /"v" is F32 \[3\], that is 12 bytes, but its data has 8/,
    );
    await assert.rejects(writeSafetensors(path, [v, v]), /"v" is taken/);
    await assert.rejects(
      writeSafetensors(path, [{ ...v, name: "__metadata__" }]),
      /taken/,
    );
    await assert.rejects(writeSafetensors(`${folder}/no/such`, [v]));
    assert.equal(await Deno.readTextFile(path), "old");
    assert.equal([...Deno.readDirSync(folder)].length, 1);
  });
});

const F32_AT = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

/** Each file lies in one way; the message says in which. */
const HOSTILE: Record<string, [Uint8Array, RegExp]> = {
  "an empty file": [new Uint8Array(0), /ends after 0 bytes/],
  "half a length": [new Uint8Array(5), /ends after 5 bytes/],
  "a header longer than the file": [
    fileOf({}, 0).with(0, 200),
    /10 bytes and announces a header of 200/,
  ],
  "a header of 2^63 bytes": [
    fileOf({}, 0).with(7, 128),
    /announces a header of 9223372036854776000/,
  ],
  "a header that is not JSON": [fileOf("{oops", 0), /is not JSON/],
  "a header that is not UTF-8": [
    fileOf('{"a":0}', 0).with(10, 0xff),
    /is not JSON/,
  ],
  "a header that is a list": [fileOf([], 0), /not a JSON object/],
  "metadata that is not strings": [
    fileOf({ __metadata__: { a: 1 } }, 0),
    /table of strings/,
  ],
  "an entry that is no object": [fileOf({ a: 5 }, 0), /"a" has the unknown/],
  "an unknown type": [
    fileOf({ a: { ...F32_AT(0, 4), dtype: "F99" } }, 4),
    /"a" has the unknown type "F99"/,
  ],
  "a type found on every object": [
    fileOf({ a: { ...F32_AT(0, 4), dtype: "toString" } }, 4),
    /unknown type "toString"/,
  ],
  "a negative dimension": [
    fileOf({ a: F32_AT(0, 4, [-1, -1]) }, 4),
    /shape \[-1,-1\]/,
  ],
  "a fractional dimension": [fileOf({ a: F32_AT(0, 4, [0.5]) }, 4), /shape/],
  "a shape that is no list": [
    fileOf({ a: { ...F32_AT(0, 4), shape: "4" } }, 4),
    /shape "4"/,
  ],
  "dimensions whose product overflows": [
    fileOf({ a: F32_AT(0, 4, [2 ** 52, 2 ** 52]) }, 4),
    /"a" is F32/,
  ],
  "a shape bigger than its bytes": [
    fileOf({ a: F32_AT(0, 4, [2]) }, 4),
    /that is 8 bytes, but it takes 4/,
  ],
  "offsets in reverse": [
    fileOf({ a: F32_AT(4, 0, [1]) }, 4),
    /"a" lies at \[4,0\]/,
  ],
  "negative offsets": [
    fileOf({ a: { ...F32_AT(0, 4), data_offsets: [-4, 0] } }, 4),
    /"a" lies at \[-4,0\]/,
  ],
  "no offsets": [fileOf({ a: { dtype: "F32", shape: [] } }, 4), /lies at/],
  "a tensor past the end": [fileOf({ a: F32_AT(0, 8) }, 4), /ends at byte/],
  "overlapping tensors": [
    fileOf({ a: F32_AT(0, 8), b: F32_AT(4, 12) }, 12),
    /"b" at byte \d+ overlaps/,
  ],
  "a hole": [
    fileOf({ a: F32_AT(0, 4), b: F32_AT(8, 12) }, 12),
    /"b" at byte \d+ leaves a hole/,
  ],
  "bytes after the last tensor": [
    fileOf({ a: F32_AT(0, 4) }, 5),
    /its last tensor ends at/,
  ],
  "a name twice": [
    fileOf(
      `{"a":${JSON.stringify(F32_AT(0, 4))},"\\u0061":${
        JSON.stringify(F32_AT(0, 4))
      }}`,
      4,
    ),
    /names "a" twice/,
  ],
};

for (const [what, [bytes, message]] of Object.entries(HOSTILE)) {
  Deno.test(`readSafetensorsHeader() refuses ${what}`, async () => {
    await withFolder(async (folder) => {
      const path = `${folder}/hostile.safetensors`;
      await Deno.writeFile(path, bytes);
      await assert.rejects(readSafetensorsHeader(path), (error: Error) => {
        assert.match(error.message, message);
        assert.match(error.message, /^reading .*hostile\.safetensors: /);
        return true;
      });
    });
  });
}

Deno.test("readSafetensorsHeader() refuses a file cut anywhere", async () => {
  const whole = await Deno.readFile(PYTHON);
  await withFolder(async (folder) => {
    const path = `${folder}/cut.safetensors`;
    for (let size = 0; size < whole.length; size += 13) {
      await Deno.writeFile(path, whole.subarray(0, size));
      await assert.rejects(readSafetensorsHeader(path), /cut\.safetensors/);
    }
  });
});

Deno.test("readTensor() says when the file shrank after its header was read", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/shrunk.safetensors`;
    await Deno.writeFile(path, fileOf({ a: F32_AT(0, 8) }, 8));
    const header = await readSafetensorsHeader(path);
    await Deno.truncate(path, (await Deno.stat(path)).size - 4);
    await assert.rejects(readTensor(header, "a"), /it ends at byte/);
  });
});

Deno.test("writeSafetensorsPieces() writes what comes in pieces, and counts it", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/a.safetensors`;
    const tensors = [
      { name: "bytes", dtype: "U8", shape: [5] },
      { name: "floats", dtype: "F32", shape: [2, 1] },
    ] as const;
    const piecesOf = async function* ({ name }: { name: string }) {
      await Promise.resolve();
      yield Uint8Array.of(0, 0, 128);
      yield name === "bytes" ? Uint8Array.of(1, 2) : Uint8Array.of(63);
      if (name === "floats") yield Uint8Array.of(0, 0, 0, 64);
    };
    await writeSafetensorsPieces(path, tensors, piecesOf, { of: "a test" });
    const header = await readSafetensorsHeader(path);
    assert.deepEqual(header.metadata, { of: "a test" });
    const read = async (name: string) => [...await readTensor(header, name)];
    assert.deepEqual(await read("bytes"), [0, 0, 128, 1, 2]);
    assert.deepEqual(await read("floats"), [1, 2]);
    await assert.rejects(
      writeSafetensorsPieces(path, [{ ...tensors[0], shape: [6] }], piecesOf),
      /"bytes" is U8 \[6\], that is 6 bytes, but its data has 5/,
    );
    assert.deepEqual(await read("bytes"), [0, 0, 128, 1, 2]);
  });
});
