import assert from "node:assert/strict";
import { cellModule } from "./cell_module.ts";
import { checkNotebooks } from "./check.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { notebookOf } from "./notebook_fixture.ts";

const notebook = (...sources: string[]) => notebookOf(sources);

/** Checks notebooks with these cells, with paths put as a, b, ... */
async function check(...books: string[][]): Promise<string[]> {
  return await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/own.ts`, "export const own = 1;\n");
    const paths = books.map((_, i) => `${folder}/${"ab"[i]}.ipynb`);
    for (const [i, sources] of books.entries()) {
      const file = { ...notebook(...sources), nbformat: 4, nbformat_minor: 5 };
      await Deno.writeTextFile(paths[i], JSON.stringify(file));
    }
    const problems = await checkNotebooks(paths);
    return problems.map((text) => text.replaceAll(`${folder}/`, ""));
  });
}

Deno.test("cellModule() nests cells, and moves imports to the top, each once", () => {
  const { text, places } = cellModule(
    notebook(
      'import {\n  a,\n  type B as C,\n} from "x";\nconst n = a;',
      'import d, { a, e } from "x";\nimport * as f from "./f.ts";\nconst n = d;',
      'import type { G } from "x";\nimport "y";\nawait import("./h.ts");',
    ),
    new URL("file:///notes/"),
  );
  const lines = text.split("\n");
  assert.deepEqual(lines, [
    'import { a } from "x";',
    'import { type B as C } from "x";',
    'import d from "x";',
    'import { e } from "x";',
    'import * as f from "file:///notes/f.ts";',
    'import type { G } from "x";',
    'import "y";',
    ...["", "", "", "", "const n = a;", "{"],
    ...["", "", "const n = d;", "{"],
    ...["", "", `await import(${JSON.stringify("file:///notes/h.ts")});`, "{"],
    ...["}}}", "export {};", ""],
  ]);
  const place = (line: string) => places[lines.indexOf(line)];
  assert.deepEqual(place('import { e } from "x";'), { cell: 2, line: 1 });
  assert.deepEqual(place('import "y";'), { cell: 3, line: 2 });
  assert.deepEqual(place("const n = a;"), { cell: 1, line: 5 });
  assert.deepEqual(place("const n = d;"), { cell: 2, line: 3 });
  assert.equal(place("{"), undefined);
});

Deno.test("checkNotebooks() finds nothing in notebooks that are right", async () => {
  const good = [
    'import { own } from "./own.ts";\nconst n: number = own;\nlet later: string;',
    'import { SPLITS } from "muselab/datasets";\nconst n = SPLITS[0];\n' +
    "later = n;\nlater",
    'import { own } from "./own.ts";\nconst n = own + (await ' +
    'import("./own.ts")).own;\nawait Deno.jupyter.display(n);',
  ];
  assert.deepEqual(await check(good, good.slice(0, 2)), []);
});

Deno.test("checkNotebooks() says in which cell and line a type is wrong", async () => {
  const problems = await check(
    ["const a = 1;", "const b = 2;\nconst text: string = a;"],
    ['import { nothing } from "./own.ts";', "missing();"],
  );
  assert.equal(problems.length, 3);
  const all = problems.join("\n");
  assert.match(
    all,
    /'number' is not assignable.*at a\.ipynb, code cell 2, line 2/s,
  );
  assert.match(all, /'nothing'.*at b\.ipynb, code cell 1, line 1/s);
  assert.match(all, /'missing'.*at b\.ipynb, code cell 2, line 1/s);
});

Deno.test("checkNotebooks() reports cells that can't be parsed", async () => {
  const [problem] = await check(["const a = 1;", "\nconst = 3;"]);
  assert.match(problem, /a\.ipynb, code cell 2, line 2/);
});

Deno.test("checkNotebooks() holds cells to 15 lines, imports aside", async () => {
  const lines = (count: number) => new Array(count).fill("1;").join("\n");
  const problems = await check([
    `import {\n  own,\n} from "./own.ts";\n\n${lines(14)}\nown;`,
    lines(16),
  ]);
  assert.deepEqual(problems, [
    "a.ipynb, code cell 2: found 16 lines, wanted at most 15",
  ]);
});

Deno.test("checkNotebooks() finds figures that are not what a cell ends in", async () => {
  const functions = "const [show, plot, animate] = Array(3).fill((n: " +
    "unknown) => n);";
  const problems = await check([
    functions,
    "plot([\n  1,\n]);\nconsole.log(2);",
    "const n = 1;\nshow(n);\nawait animate(n);\nif (n) show(n);",
    "for (const n of [1]) {\n  plot(n);\n}\nconst f = () => show(1);\nplot(\n" +
    "  1,\n);\n// the end",
    "show(1);",
  ]);
  const found = (place: string, name: string) =>
    `a.ipynb, code cell ${place}: found ${name}() before other statements, ` +
    `wanted it as the last one, as only a cell's last value is shown`;
  assert.deepEqual(problems, [
    found("2, line 1", "plot"),
    found("3, line 2", "show"),
    found("3, line 3", "animate"),
  ]);
});
