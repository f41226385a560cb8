/**
 * Holds the order of the layers: a file imports lower layers or its own folder,
 * types included, so that the code can be read, tested and reused from below.
 */

import assert from "node:assert/strict";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };

/** From below to above; layers on one line don't know each other. */
const RANKS = [
  ["lib/graph"],
  ["lib/run"],
  ["lib/nn", "lib/image", "lib/hub"],
  ["lib/text"],
  ["lib/clip", "lib/vqgan"],
  ["lib/muse"],
  ["lib/amused"],
  ["lib/baai"], // reads its text by the encoder of the former
  ["lib/train", "lib/plot"],
  ["lib"], // the public face, lib/mod.ts
  ["datasets"],
  ["eval"],
  ["lib/cli", "notebooks", "weights"],
];

/** Longer files hold more than one idea. */
const MOST_LINES = 400;

/** The package that only one file imports. */
const RUNTIME = "onnxruntime-node";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A file of the project: its path from the root, with slashes. */
interface Source {
  readonly path: string;
  readonly text: string;
}

function readSources(folder: string, ending: RegExp): Source[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    if (isDirectory) {
      const skip = /^\.|^node_modules$|^testdata$/.test(name);
      return skip ? [] : readSources(path, ending);
    }
    if (!ending.test(name)) return [];
    const text = Deno.readTextFileSync(path);
    return [{ path: relative(ROOT, path).replaceAll(sep, "/"), text }];
  });
}

/**
 * What a formatted module imports: by statement, by import() of a literal or as
 * a type, and the module of a Worker.
 */
function imports(text: string): string[] {
  const forms = [
    /^(?:import|export)\s[\w\s{},*$]*?\bfrom\s+"([^"]+)"/gm,
    /^import\s+"([^"]+)"/gm,
    /^(?!\s*(?:\/\/|\*)).*?\bimport\(\s*"([^"]+)"/gm,
    /\bnew URL\(\s*"(\.[^"]+\.ts)",\s*import\.meta\.url/g,
  ];
  return forms.flatMap((form) =>
    [...text.matchAll(form)].map(([, specifier]) => specifier)
  );
}

/** Path from the root of a relative import, if it is a module's. */
function target({ path }: Source, specifier: string): string | undefined {
  if (!/^\..*\.tsx?$/.test(specifier)) return undefined;
  return join(dirname(path), specifier).replaceAll(sep, "/");
}

function layer(path: string): string {
  const [top, folder, file] = path.split("/");
  return top === "lib" && file !== undefined ? `${top}/${folder}` : top;
}

const rank = (name: string) => RANKS.findIndex((row) => row.includes(name));

/** The rule an import breaks, or undefined. */
function broken(source: Source, specifier: string): string | undefined {
  const from = layer(source.path);
  const path = target(source, specifier);
  if (path === undefined) {
    if (/^(?:node:|\.)/.test(specifier)) return undefined;
    const known = Object.keys(config.imports)
      .some((name) => specifier === name || specifier.startsWith(`${name}/`));
    if (!known) return "packages are named in the import map of deno.json";
    if (specifier === RUNTIME && source.path !== "lib/run/ort.ts") {
      return "lib/run/ort.ts has it, with its telemetry off";
    }
    const own = specifier.startsWith("muselab") && from !== "notebooks";
    return own ? "modules of our own are imported by their path" : undefined;
  }
  const to = layer(path);
  if (rank(from) < 0) return `${from} has no place in the order of layers`;
  if (path === "lib/mod.ts" && from.startsWith("lib/")) {
    return "lib/mod.ts is for users; import the file itself";
  }
  if (from === to || rank(to) >= 0 && rank(to) < rank(from)) return undefined;
  return `${from} stands ${rank(to) === rank(from) ? "beside" : "below"} ${to}`;
}

/** A round trip along imports, but those of types, which are not loaded. */
function findCycle(sources: readonly Source[]): string[] | undefined {
  const graph = new Map(sources.map((source) => [
    source.path,
    imports(source.text.replace(/^(?:import|export) type [^;]*;$/gm, ""))
      .flatMap((specifier) => target(source, specifier) ?? []),
  ]));
  const done = new Set<string>();
  for (const start of graph.keys()) {
    const path = [start];
    const stack = [[...graph.get(start) ?? []]];
    while (stack.length > 0) {
      const next = stack.at(-1)!.pop();
      if (next === undefined) {
        done.add(path.pop()!);
        stack.pop();
      } else if (path.includes(next)) {
        return [...path.slice(path.indexOf(next)), next];
      } else if (!done.has(next)) {
        path.push(next);
        stack.push([...graph.get(next) ?? []]);
      }
    }
  }
}

const sources = [...new Set(RANKS.flat().map((name) => name.split("/")[0]))]
  .flatMap((top) => {
    const exists = [...Deno.readDirSync(ROOT)].some(({ name }) => name === top);
    return exists ? readSources(join(ROOT, top), /\.ts$/) : [];
  });

Deno.test("imports() finds every form of import", () => {
  const text = [
    'import a from "./a.ts";',
    'import * as b from "./b.ts";',
    'import {\n  c,\n  type C,\n} from "./c.ts";',
    'import "./d.ts";',
    'import data from "./data.json" with { type: "json" };',
    'export * from "./e.ts";',
    'export { f } from "./f.ts";',
    'export type { G } from "./g.ts";',
    'const h = await import("./h.ts");',
    'const worker = new Worker(new URL("./i.ts", import.meta.url));',
    'type J = import("./j.ts").J;',
    '/** Not this one:\n * import { k } from "./k.ts"; or import("./l.ts")\n */',
    "export const text = 'from \"./m.ts\"';",
    '// await import("./n.ts")',
  ].join("\n");
  const found = imports(text).sort();
  const wanted = [..."abcd", "data", ..."efghij"].map((name) =>
    name === "data" ? "./data.json" : `./${name}.ts`
  );
  assert.deepEqual(found, wanted.sort());
});

Deno.test("broken() knows each rule", () => {
  const cases: [string, string, RegExp | undefined][] = [
    ["lib/muse/a.ts", "../graph/b.ts", undefined],
    ["lib/muse/a.ts", "./b.ts", undefined],
    ["lib/muse/a.ts", "../train/b.ts", /lib\/muse stands below lib\/train/],
    ["lib/vqgan/a.ts", "../clip/b.ts", /lib\/vqgan stands beside lib\/clip/],
    ["lib/run/a.ts", "../mod.ts", /lib\/mod\.ts is for users/],
    ["lib/run/a.ts", "../../datasets/mod.ts", /below datasets/],
    ["lib/mod.ts", "./muse/a.ts", undefined],
    ["lib/mod.ts", "./cli/main.ts", /lib stands below lib\/cli/],
    ["lib/cli/a.ts", "../../eval/mod.ts", undefined],
    ["notebooks/runner/a.ts", "../../lib/cli/a.ts", /beside lib\/cli/],
    ["lib/new/a.ts", "./b.ts", /lib\/new has no place/],
    ["lib/run/a.ts", "node:path", undefined],
    ["lib/run/a.ts", "pbf", undefined],
    ["lib/run/a.ts", "npm:pbf@5.1.2", /import map/],
    ["lib/run/a.ts", "muselab", /by their path/],
    ["lib/run/ort.ts", "onnxruntime-node", undefined],
    ["eval/a.ts", "onnxruntime-node", /lib\/run\/ort\.ts has it/],
  ];
  for (const [path, specifier, message] of cases) {
    const rule = broken({ path, text: "" }, specifier);
    if (message) assert.match(rule ?? "nothing", message);
    else assert.equal(rule, undefined);
  }
});

Deno.test("every file imports lower layers or its own folder", () => {
  assert.ok(sources.length > 50);
  const complaints = sources.flatMap((source) =>
    imports(source.text).flatMap((specifier) => {
      const rule = broken(source, specifier);
      return rule ? [`${source.path} imports ${specifier}: ${rule}`] : [];
    })
  );
  assert.deepEqual(complaints, []);
});

Deno.test("imports never lead back to where they began", () => {
  const cycle = findCycle([
    { path: "a.ts", text: 'import "./b.ts";' },
    { path: "b.ts", text: 'import "./c.ts";' },
    {
      path: "c.ts",
      text: 'import type { A } from "./a.ts";\nimport "./b.ts";',
    },
  ]);
  assert.deepEqual(cycle, ["b.ts", "c.ts", "b.ts"]);
  assert.equal(findCycle(sources), undefined);
});

Deno.test("the command line loads no command before it is known", () => {
  const main = sources.find(({ path }) => path === "lib/cli/main.ts");
  const [first, ...more] = [...main!.text.matchAll(/^import .*"(.*)";$/gm)];
  assert.equal(first[1], "./errors.ts");
  assert.deepEqual(more, []);
});

Deno.test("only commands change how the process allocates", () => {
  const callers = sources
    .filter(({ text }) =>
      imports(text).some((to) => /keep_memory\.ts$/.test(to))
    )
    .map(({ path }) => path);
  assert.ok(callers.length > 0);
  for (const path of callers) assert.match(path, /^lib\/cli\//);
});

Deno.test("no source file is too long to hold one idea", () => {
  const complaints = sources
    .filter(({ path }) => !path.endsWith("_test.ts"))
    .map(({ path, text }) => ({ path, count: text.split("\n").length - 1 }))
    .filter(({ count }) => count > MOST_LINES)
    .map(({ path, count }) => `${path}: ${count} lines, at most ${MOST_LINES}`);
  assert.deepEqual(complaints, []);
});

Deno.test("no file names a folder of somebody's machine", () => {
  const ending = /\.(?:ts|md|json|jsonl|ipynb|py)$/;
  const complaints = readSources(ROOT, ending).flatMap(({ path, text }) => {
    const found = /(?<![\w.~])\/(?:home|Users|root|work)\/\w+/.exec(text);
    return found ? [`${path} names ${found[0]}`] : [];
  });
  assert.deepEqual(complaints, []);
});
