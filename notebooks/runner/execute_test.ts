import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { executeNotebook } from "./execute.ts";
import { codeCells, parseNotebook } from "./notebook.ts";
import { notebookOf } from "./notebook_fixture.ts";

const RUN = fileURLToPath(new URL("./run.ts", import.meta.url));
const folder = import.meta.dirname!;

const notebook = (...sources: string[]) =>
  notebookOf(sources, {
    execution_count: 7,
    outputs: [{ output_type: "stream", name: "stdout", text: "old\n" }],
  });

Deno.test("executeNotebook() runs cells in order and replaces their outputs", async () => {
  const ran = await executeNotebook(
    notebook("const a = 1;", "console.log(a);"),
    { folder },
  );
  assert.equal(ran.failure, undefined);
  const [first, second] = codeCells(ran.notebook);
  assert.deepEqual([first.execution_count, first.outputs], [1, []]);
  assert.equal(second.execution_count, 2);
  const [output] = second.outputs;
  assert.ok(output.output_type === "stream");
  assert.equal(output.text, "1\n");
});

Deno.test("executeNotebook() stops at the first error", async () => {
  const { notebook: ran, failure } = await executeNotebook(
    notebook("1;", "undeclared;", "console.log(3);"),
    { folder },
  );
  assert.equal(failure?.cell, 2);
  assert.equal(failure?.error.ename, "ReferenceError");
  const [, second, third] = codeCells(ran);
  assert.equal(second.outputs.at(-1)?.output_type, "error");
  assert.deepEqual([third.execution_count, third.outputs], [null, []]);
});

Deno.test("executeNotebook() says which cell does not end", async () => {
  const endless = notebook("1;", "await new Promise(() => {});");
  const running = executeNotebook(endless, { folder, secondsPerCell: 1 });
  await assert.rejects(running, /code cell 2: Gave up on the cell after 1 s/);
});

Deno.test("notebooks:run --store keeps outputs, and nothing of a failed run", async () => {
  const folder = await Deno.makeTempDir();
  const run = async (text: string, ...options: string[]) => {
    const path = `${folder}/a.ipynb`;
    await Deno.writeTextFile(path, text);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "-A", RUN, ...options, path],
    }).output();
    const err = new TextDecoder().decode(stderr);
    return { code, err, text: await Deno.readTextFile(path) };
  };
  const file = (source: string) =>
    JSON.stringify({
      cells: [{
        cell_type: "code",
        id: "a",
        metadata: {},
        source,
        execution_count: null,
        outputs: [],
      }],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    });
  try {
    const good = file("console.log(6 * 7);");
    const dry = await run(good);
    assert.deepEqual([dry.code, dry.err, dry.text], [0, "", good]);
    const stored = await run(good, "--store");
    const [{ outputs }] = codeCells(await parseNotebook(stored.text, "a"));
    assert.deepEqual(outputs, [
      { output_type: "stream", name: "stdout", text: "42\n" },
    ]);
    const bad = file("throw new Error('no');");
    const failed = await run(bad, "--store");
    assert.deepEqual([failed.code, failed.text], [1, bad]);
    assert.match(failed.err, /a\.ipynb: Running code cell 1: Error: no/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
