import assert from "node:assert/strict";
import { join } from "node:path";
import { fileName, planFiles } from "./generate_plan.ts";

const ONE = { out: "out", count: 1, seed: 0, trace: undefined };
const FOX = [{ prompt: "a fox" }];

Deno.test("fileName() keeps the letters and digits of a prompt", () => {
  const names = {
    "a red apple": "a-red-apple",
    "  A fox -- and 2 bears!": "a-fox-and-2-bears",
    "Café crème": "cafe-creme",
    "一只狐狸": "一只狐狸",
    "../../etc/passwd": "etc-passwd",
    "🦊!": "picture",
    ["x".repeat(60)]: "x".repeat(48),
    ["seven words of eight letters every single time they are written"]:
      "seven-words-of-eight-letters-every-single-time",
  };
  for (const [prompt, name] of Object.entries(names)) {
    assert.equal(fileName(prompt), name);
  }
});

Deno.test("planFiles() names pictures in a folder by prompt and seed", () => {
  const { prompts, replaces } = planFiles({ ...ONE, seed: 5 }, FOX);
  assert.equal(replaces, false);
  assert.deepEqual(prompts, [{
    prompt: "a fox",
    seeds: [5],
    paths: [join("out", "a-fox-5.png")],
    sheet: undefined,
  }]);
});

Deno.test("planFiles() adds a contact sheet for several pictures", () => {
  const [{ seeds, paths, sheet }] = planFiles(
    { ...ONE, count: 3, seed: 2 },
    FOX,
  ).prompts;
  assert.deepEqual(seeds, [2, 3, 4]);
  assert.equal(paths[2], join("out", "a-fox-4.png"));
  assert.equal(sheet, join("out", "a-fox-2-to-4.png"));
});

Deno.test("planFiles() keeps to a file that is named", () => {
  const one = planFiles({ ...ONE, out: "there/fox.PNG" }, FOX);
  assert.equal(one.replaces, true);
  assert.deepEqual(one.prompts[0].paths, ["there/fox.PNG"]);
  const [two] = planFiles({ ...ONE, out: "fox.png", count: 2 }, FOX).prompts;
  assert.deepEqual(two.paths, ["fox-0.png", "fox-1.png"]);
  assert.equal(two.sheet, "fox.png");
});

Deno.test("planFiles() numbers the prompts of a file, and follows their seeds", () => {
  const lines = Array.from({ length: 12 }, () => ({ prompt: "a fox" }));
  const { prompts } = planFiles({ ...ONE, count: 2 }, [
    ...lines,
    { prompt: "a bear", seed: 9 },
  ]);
  assert.equal(prompts[0].paths[0], join("out", "01-a-fox-0.png"));
  assert.equal(prompts[12].paths[1], join("out", "13-a-bear-10.png"));
  assert.equal(prompts[12].sheet, join("out", "13-a-bear-9-to-10.png"));
  const paths = prompts.flatMap(({ paths, sheet }) => [...paths, sheet]);
  assert.equal(new Set(paths).size, 13 * 3, "no two files have one name");
});

Deno.test("planFiles() takes an existing folder as one, whatever its name", async () => {
  const folder = await Deno.makeTempDir({ suffix: ".png" });
  try {
    const [{ paths }] = planFiles({ ...ONE, out: folder }, FOX).prompts;
    assert.equal(paths[0], join(folder, "a-fox-0.png"));
  } finally {
    await Deno.remove(folder);
  }
});

Deno.test("planFiles() refuses files that can't hold the pictures", () => {
  const trace = { path: "t.gif", format: "gif" } as const;
  const two = [...FOX, ...FOX];
  assert.throws(
    () => planFiles({ ...ONE, out: "fox.jpg" }, FOX),
    /--out is a \.png file or a folder, not "fox\.jpg"/,
  );
  assert.throws(
    () => planFiles({ ...ONE, out: "fox.png" }, two),
    /--out is a folder where there are 2 prompts/,
  );
  assert.throws(
    () => planFiles({ ...ONE, trace }, two),
    /--trace shows one picture, but there are 2 prompts/,
  );
});
