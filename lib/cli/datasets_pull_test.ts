import assert from "node:assert/strict";
import { join } from "node:path";
import { openCc3mSplit } from "../../datasets/pairs/cc3m_split.ts";
import { makePicture } from "../../datasets/pairs/fixture.ts";
import { contents, withFolder } from "../run/temp_folder.ts";
import { run } from "./datasets.ts";
import { runCaught } from "./run_caught.ts";

const pull = (...args: string[]) =>
  runCaught("datasets", run, ["pull", ...args]);

Deno.test("datasets pull explains itself, and what there is not", async () => {
  const { out } = await pull("--help");
  assert.match(out, /^Usage: datasets pull coco/);
  assert.match(out, /val2014 6\.90 GB, train2014 13\.8 GB, val2017 1\.07 GB/);
  const wrong: [string[], RegExp][] = [
    [[], /knows coco and cc3m/],
    [["laion"], /knows coco and cc3m/],
    [["coco", "--split", "test"], /--split is one of val2014, train2014/],
    [["coco", "--from", "x"], /--from is an address, not "x"/],
  ];
  for (const [args, message] of wrong) {
    const { code, err } = await pull(...args);
    assert.equal(code, 2);
    assert.match(err, message);
  }
});

Deno.test("datasets pull asks the mirror that is named, and takes no other file", () =>
  withFolder(async (folder) => {
    const asked: string[] = [];
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      ({ url }) => {
        asked.push(new URL(url).pathname);
        return new Response("another file");
      },
    );
    const from = `http://127.0.0.1:${server.addr.port}/mirror/`;
    const to = ["--to", folder, "--split", "val2017"];
    const { code, err } = await pull("coco", "--from", from, ...to);
    await server.shutdown();
    assert.equal(code, 1);
    assert.match(err, /Licence: annotations CC BY 4\.0/);
    assert.match(err, /the server's has 12 bytes, wanted 252907541/);
    assert.deepEqual(asked, [
      "/mirror/annotations/annotations_trainval2017.zip",
    ]);
    const left = contents(folder).filter((name) => !name.startsWith(".locks"));
    assert.deepEqual(left, []);
  }));

Deno.test("datasets pull cc3m counts what is missing, and eval's reader takes the rest", () =>
  withFolder(async (folder) => {
    const { bytes } = await makePicture(0);
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      ({ url }) =>
        url.endsWith("/gone")
          ? new Response(null, { status: 410 })
          : url.endsWith("/page")
          ? new Response("<html>")
          : new Response(bytes as BodyInit),
    );
    const address = `http://127.0.0.1:${server.addr.port}`;
    const names = ["1", "gone", "2", "page", "gone"];
    const tsv = join(folder, "part.tsv");
    const lines = names.map((name, i) => `caption ${i}\t${address}/${name}`);
    await Deno.writeTextFile(tsv, lines.join("\n"));
    const to = join(folder, "cc3m");
    const args = ["cc3m", "--tsv", tsv, "--to", to, "--at-once", "2"];
    const { code, out, err } = await pull(...args, "--patience", "9");
    assert.equal(code, 0, err);
    assert.match(err, /Licence: the captions are free/);
    const table = join(to, "Validation_GCC-1.1.0-Validation.tsv");
    const list = join(to, "validation_missing.jsonl");
    assert.deepEqual(out.trimEnd().split("\n"), [
      `2 of 5 pictures of ${table}`,
      `3 are missing, listed in ${list}:`,
      "  2 the server answers 410",
      "  1 no JPEG, PNG or WebP",
    ]);
    const listed = Deno.readTextFileSync(list).trimEnd().split("\n")
      .map((line) => JSON.parse(line).name);
    assert.deepEqual(
      listed,
      ["gone", "page", "gone"].map((name) => `${address}/${name}`),
    );
    const { pairs } = await openCc3mSplit(to, "validation");
    assert.equal(pairs.length, 2);
    const again = await pull(...args, "--retry");
    assert.equal(again.out, out);
    await server.shutdown();
  }));

Deno.test("datasets pull cc3m explains itself, and what it takes", async () => {
  const { out } = await pull("cc3m", "--help");
  assert.match(out, /^Usage: datasets pull cc3m/);
  assert.match(out, /validation 15840, train 3318333/);
  const wrong: [string[], RegExp][] = [
    [["--split", "test"], /--split is one of validation, train/],
    [["--from", "here"], /--from is an address/],
    [["--at-once", "0"], /--at-once/],
    [["more"], /datasets pull cc3m takes no "more"/],
  ];
  for (const [args, message] of wrong) {
    const { code, err } = await pull("cc3m", ...args);
    assert.equal(code, 2);
    assert.match(err, message);
  }
});
