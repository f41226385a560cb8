import assert from "node:assert/strict";
import { join } from "node:path";
import { makeCoco, writeFiles } from "../../datasets/pairs/fixture.ts";
import { runMetrics } from "../../eval/run/record.ts";
import { readRunJson } from "../../eval/run/files.ts";
import { tinyFolder } from "../amused/parity.ts";
import { contents, withFolder } from "../run/temp_folder.ts";
import { evaluated, withEval } from "./eval_fixture.ts";
import { runCaught } from "./run_caught.ts";
import { run } from "./sweep.ts";

const here = (path: string) => new URL(path, import.meta.url).pathname;

async function swept(...args: string[]) {
  const ended = await runCaught("sweep", run, args);
  assert.equal(ended.code, 0, ended.err);
  return ended;
}

async function figuresOf(run: string): Promise<Record<string, number>> {
  const path = join(run, "metrics.json");
  const { figures } = await readRunJson(path, runMetrics);
  return Object.fromEntries(figures.map(({ title, value }) => [title, value]));
}

Deno.test("sweep --on emoji does eval emoji by every setting, and goes on where it was stopped", () =>
  withEval(async ({ folder, emoji }) => {
    const out = join(folder, "sweep");
    // A run that was stopped before it saw anything is of no use to the others.
    await Deno.mkdir(join(out, "runs", "another"), { recursive: true });
    const given = [...emoji.slice(1), "--samples", "8"];
    const args = ["--on", "emoji", "--over", "guidance", "--out", out, ...given]
      .concat("--guidance", "0 0..3");
    const { out: text, err } = await swept(...args);
    assert.match(err, /guidance 0 \(1 of 2\)[^]*guidance 0\.\.3 \(2 of 2\)/);
    assert.match(
      text,
      /^tiny, weights .*, 8 captions of emoji, seeds from 0\n/,
    );
    assert.match(text, /^protocol emoji, .*steps 2/m);
    assert.match(text, /^guidance .*FD-probe/m);
    assert.match(text, /^0\.\.3 +\d/m);
    const runs = ["guidance-0", "guidance-0..3"]
      .map((name) => join(out, "runs", name));
    const files = ["sweep.json", "sweep.csv", "sweep.svg"];
    assert.deepEqual(
      text.split("\n").slice(-4),
      [...files.map((name) => join(out, name)), join(runs[0], "report.html")],
    );

    // The same figures as of the command alone.
    const alone = join(folder, "alone");
    await evaluated("emoji", ...given, "--guidance", "0..3", "--out", alone);
    assert.deepEqual(await figuresOf(runs[1]), await figuresOf(alone));
    const report = JSON.parse(Deno.readTextFileSync(join(out, files[0])));
    for (const [name, value] of Object.entries(await figuresOf(alone))) {
      assert.equal(report.rows[1].figures[name].value, value, name);
    }

    // What the judge said of the reference was computed once.
    const blocks = runs.map((run) => {
      const below = join(run, "features", "reference", "probe");
      return contents(below).map((name) =>
        Deno.statSync(join(below, name)).ino
      );
    });
    assert.equal(blocks[0].length, 3);
    assert.deepEqual(blocks[1], blocks[0]);

    await Deno.remove(join(runs[1], "metrics.json"));
    await Deno.remove(join(runs[1], "images", "000005.png"));
    const again = await swept(...args, "--json");
    assert.deepEqual(JSON.parse(again.out), report);
  }));

Deno.test("sweep --on coco draws FID against CLIP score", () =>
  withFolder(async (folder) => {
    const { annotations, images } = await makeCoco(5);
    const data = join(folder, "coco");
    await writeFiles(data, { ...annotations, ...images });
    const out = join(folder, "sweep");
    const { out: text } = await swept(
      ...["--on=coco", "--over", "guidance", "--guidance", "1 4"],
      ...["--model", tinyFolder("tiny-256"), "--size", "32x32", "--steps", "1"],
      ...["--side", "32", "--data", data, "--samples", "3", "--out", out],
      ...[
        "--inception",
        here("../../eval/networks/testdata/narrow_inception.pth"),
      ],
      ...["--clip", here("../clip/testdata/tiny")],
    );
    assert.match(text, /3 captions of COCO val2014, seeds from 0/);
    const [head, one, four, ...none] = Deno
      .readTextFileSync(join(out, "sweep.csv")).trimEnd().split("\r\n");
    assert.match(head, /^guidance,FID,FID error,"?CLIP score/);
    assert.match(one, /^1,\d/);
    assert.match(four, /^4,\d/);
    assert.deepEqual(none, []);
    const svg = Deno.readTextFileSync(join(out, "sweep.svg"));
    assert.match(svg, /Alignment against fidelity/);
    const page = join(out, "runs", "guidance-1", "report.html");
    assert.match(Deno.readTextFileSync(page), /Over settings/);
  }));

Deno.test("sweep --on explains itself, and says what it can't do", async () => {
  const help = await swept("--on", "cc3m", "--help");
  assert.match(help.out, /^Usage: sweep --on cc3m --over/);
  const wrong: [string[], RegExp][] = [
    [["--on", "laion"], /--on is one of coco, cc3m, pairs, emoji/],
    [["--on", "coco"], /say what varies: --over/],
    [["--on", "coco", "--over", "crop"], /there is no axis "crop"/],
    [
      ["--on", "coco", "--over", "steps", "--guidance", "1 2"],
      /--guidance has several values; add guidance to --over/,
    ],
    [
      ["--on", "coco", "--over", "guidance", "--images", "x"],
      /sweep draws itself, all of it; leave out --images/,
    ],
    [["--on", "coco", "--over", "steps", "--steps", "4 x"], /--steps/],
    [["--on", "emoji", "--over", "steps", "--scenes", "4"], /--scenes/],
  ];
  for (const [args, message] of wrong) {
    const { code, err } = await runCaught("sweep", run, args);
    assert.equal(code, 2, args.join(" "));
    assert.match(err, message);
  }
});
