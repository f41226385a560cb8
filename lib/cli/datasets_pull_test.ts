import assert from "node:assert/strict";
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
    [[], /knows coco; Conceptual Captions are addresses/],
    [["cc3m"], /knows coco/],
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
