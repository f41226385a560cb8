import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BlobWriter, Uint8ArrayReader, ZipWriter } from "@zip.js/zip.js";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { readLines } from "./lines.ts";
import { expandPattern, isPattern, listFiles, listShards } from "./list.ts";
import { readStored, readStoredText, type StoredFile } from "./place.ts";
import { makeTar, type TarEntry } from "./tar_fixture.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const fixture = (name: string) =>
  fileURLToPath(new URL(`testdata/${name}`, import.meta.url));

const LONG = Array.from(
  { length: 8 },
  (_, i) => `a folder with a long name ${i}`,
)
  .join("/");
const CONTENTS: Readonly<Record<string, string>> = {
  [`${LONG}/two.txt`]: "zwölf Bäume\n".repeat(40),
  "one.txt": "the first\n",
  "sub/empty.txt": "",
};

/** A zip archive of texts, packed. */
async function makeZip(
  contents: Readonly<Record<string, string>>,
  options = {},
): Promise<Uint8Array> {
  const writer = new ZipWriter(new BlobWriter(), {
    useWebWorkers: false,
    ...options,
  });
  for (const [name, text] of Object.entries(contents)) {
    await writer.add(name, new Uint8ArrayReader(bytes(text)));
  }
  return await (await writer.close()).bytes();
}

/** Lists an archive of these bytes, and reads what it lists if asked. */
async function listed(ending: string, data: Uint8Array, reads = false) {
  return await withFolder(async (folder) => {
    const path = join(folder, `a.${ending}`);
    await Deno.writeFile(path, data);
    const list = await listFiles(path);
    if (reads) { for (const file of list.files) await readStoredText(file); }
    return list;
  });
}

for (const name of ["gnu.tar", "pax.tar", "zip64.zip", "streamed.zip"]) {
  Deno.test(`listFiles() finds what Python put into ${name}`, async () => {
    const { files, leftOut } = await listFiles(fixture(name));
    const found: Record<string, string> = {};
    for (const file of files) {
      found[file.name] = await readStoredText(file);
      assert.equal(file.bytes, bytes(found[file.name]).length);
    }
    assert.deepEqual(found, CONTENTS);
    assert.deepEqual(Object.keys(found), Object.keys(CONTENTS).toSorted());
    const links = name.endsWith(".tar") ? ["link.jpg"] : [];
    assert.deepEqual(leftOut.map((left) => left.name), links);
  });
}

Deno.test("listFiles() lists a folder by name, follows links and not in circles", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "set/b"), { recursive: true });
    await Deno.mkdir(join(folder, "elsewhere"));
    const names = [
      "set/b/2.txt",
      "set/a.txt",
      "set/.hidden",
      "elsewhere/3.txt",
    ];
    for (const name of names) {
      await Deno.writeTextFile(join(folder, name), name);
    }
    await Deno.symlink(join(folder, "elsewhere"), join(folder, "set/c"));
    await Deno.symlink(join(folder, "set"), join(folder, "set/b/round"));
    await Deno.symlink(join(folder, "nowhere"), join(folder, "set/gone.png"));
    const { files, leftOut } = await listFiles(join(folder, "set"));
    const wanted = ["a.txt", "b/2.txt", "c/3.txt"];
    assert.deepEqual(files.map(({ name }) => name), wanted);
    assert.equal(await readStoredText(files[2]), "elsewhere/3.txt");
    assert.deepEqual(leftOut.map(({ name }) => name), ["gone.png"]);
    assert.match(leftOut[0].reason, /no such file/);
  }));

Deno.test("listFiles() refuses archives whose entries lead out of them", async () => {
  const names = ["../a.txt", "/etc/a.txt", "b/../../a.txt", "..\\a", "C:\\a"];
  for (const name of names) {
    const tar = makeTar([{ name, data: bytes("x") }]);
    await assert.rejects(
      listed("tar", tar),
      /Cannot list the tar archive .*its entry .* leads out of the archive/,
    );
    await assert.rejects(
      listed("zip", await makeZip({ [name]: "x" })),
      /Cannot list the zip archive .*its entry .* leads out of the archive/,
    );
  }
});

Deno.test("listFiles() refuses two entries of one name", async () => {
  const one = { name: "a.txt", data: bytes("x") };
  await assert.rejects(listed("tar", makeTar([one, one])), /two entries "a/);
});

Deno.test("listFiles() refuses tar archives that are cut or damaged", async () => {
  const entries: TarEntry[] = [
    { name: "a.txt", data: bytes("a".repeat(700)) },
    { name: "b.txt", data: bytes("b") },
  ];
  const whole = makeTar(entries);
  const cases: [Uint8Array, RegExp][] = [
    [whole.subarray(0, 900), /ends within a\.txt/],
    [whole.subarray(0, 1600), /ends at byte 1600/],
    [whole.with(3, 1), /no header at byte 0/],
    [makeTar([{ ...entries[0], told: 1e9 }]), /ends within a\.txt/],
    [makeTar([{ name: "x", data: bytes("99 path=a\n"), type: "x" }]), /pax/],
    [bytes("no archive, only text of some length ".repeat(20)), /the number/],
  ];
  for (const [data, message] of cases) {
    await assert.rejects(listed("tar", data), message);
  }
});

Deno.test("listFiles() refuses zip archives that are cut; damaged entries are errors", async () => {
  const whole = await makeZip({
    "a.txt": "long text ".repeat(99),
    "b.txt": "b",
  });
  for (const length of [0, 10, 60, whole.length - 30]) {
    await assert.rejects(
      listed("zip", whole.subarray(0, length)),
      /Cannot list the zip archive .* half downloaded/,
    );
  }
  assert.equal((await listed("zip", whole, true)).files.length, 2);
  const damaged = whole.with(45, whole[45] ^ 0xff);
  await assert.rejects(listed("zip", damaged, true), /Cannot read a\.txt/);
});

Deno.test("listFiles() leaves out what is locked in a zip archive", async () => {
  const locked = await makeZip({ "a.jpg": "x" }, { password: "p" });
  const { files, leftOut } = await listed("zip", locked);
  assert.deepEqual(files, []);
  assert.match(leftOut[0].reason, /packed with a password/);
});

Deno.test("readStored() unpacks no more than was announced and than is allowed", () =>
  withFolder(async (folder) => {
    const path = join(folder, "bomb.zip");
    await Deno.writeFile(path, await makeZip({ "a.txt": "0".repeat(1e6) }));
    const { files: [file] } = await listFiles(path);
    await assert.rejects(
      readStored(file, 1000),
      /Cannot read a\.txt: it has 1000000 bytes, and at most 1000 are read/,
    );
    const liar: StoredFile = { ...file, bytes: 500 };
    await assert.rejects(readStored(liar, 1000), /Cannot read a\.txt/);
    assert.equal((await readStored(file, 1e6)).length, 1e6);
  }));

Deno.test("readStored() says when an archive shrank after it was listed", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.tar");
    await Deno.writeFile(path, makeTar([{ name: "a", data: bytes("abc") }]));
    const { files: [file] } = await listFiles(path);
    await Deno.truncate(path, 513);
    await assert.rejects(
      readStored(file, 9),
      /Cannot read a: .*ends at byte 513/,
    );
  }));

Deno.test("readStoredText() refuses what is not UTF-8", () =>
  withFolder(async (folder) => {
    await Deno.writeFile(join(folder, "a.txt"), Uint8Array.of(0x41, 0xff));
    const { files: [file] } = await listFiles(folder);
    await assert.rejects(readStoredText(file), /a\.txt: it is not UTF-8/);
  }));

Deno.test("expandPattern() finds shards by a star or a range", () =>
  withFolder(async (folder) => {
    const names = ["s-00.tar", "s-01.tar", "s-02.tar", "other.tar"];
    for (const name of names) {
      const data = makeTar([{ name: "1.txt", data: bytes(name) }]);
      await Deno.writeFile(join(folder, name), data);
    }
    const star = join(folder, "s-*.tar");
    const range = join(folder, "s-{00..02}.tar");
    assert.ok(isPattern(star) && isPattern(range));
    assert.ok(!isPattern(join(folder, "s-00.tar")));
    const wanted = names.slice(0, 3).map((name) => join(folder, name));
    assert.deepEqual(expandPattern(star), wanted);
    assert.deepEqual(expandPattern(range), wanted);
    assert.throws(() => expandPattern(join(folder, "t*.tar")), /no file like/);
    const { files } = listShards(wanted);
    assert.deepEqual(
      await Promise.all(files.map((file) => readStoredText(file))),
      names.slice(0, 3),
    );
    assert.equal(files[1].name, "s-01.tar/1.txt");
  }));

Deno.test("readLines() yields lines of any length, and refuses what is not UTF-8", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.txt");
    const lines = ["first", "", "ö".repeat(300_000), "last"];
    await Deno.writeTextFile(path, `\uFEFF${lines.join("\r\n")}`);
    assert.deepEqual(await Array.fromAsync(readLines(path)), lines);
    await Deno.writeFile(path, Uint8Array.of(0x41, 0x0a, 0xc3));
    await assert.rejects(
      Array.fromAsync(readLines(path)),
      /Cannot read .*a\.txt: it is not UTF-8/,
    );
    await assert.rejects(
      Array.fromAsync(readLines(join(folder, "none"))),
      /Cannot read .*none: no such file/,
    );
  }));
