import assert from "node:assert/strict";
import { type Kernel, startKernel } from "./kernel.ts";

const folder = import.meta.dirname!;

/** A test against a kernel of its own. */
function test(name: string, body: (kernel: Kernel) => Promise<void>) {
  Deno.test(name, async () => {
    await using kernel = await startKernel({ folder });
    await body(kernel);
  });
}

test("execute() returns what a cell prints, shows and ends in", async (kernel) => {
  const outputs = await kernel.execute(`
    const n: number = 2;
    console.log("one");
    console.log("two");
    console.error("three");
    await Deno.jupyter.display({ "text/html": "<b>4</b>" }, { raw: true });
    ({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "5" }) })`);
  assert.deepEqual(outputs, [
    { output_type: "stream", name: "stdout", text: "one\ntwo\n" },
    { output_type: "stream", name: "stderr", text: "three\n" },
    {
      output_type: "display_data",
      data: { "text/html": "<b>4</b>" },
      metadata: {},
    },
    {
      output_type: "execute_result",
      execution_count: 1,
      data: { "text/plain": "5" },
      metadata: {},
    },
  ]);
});

test("execute() keeps what cells declare, and lets them declare again", async (kernel) => {
  await kernel.execute("const a = await Promise.resolve(1);");
  await kernel.execute("const b = a + 1; const a = 5;");
  const [sum] = await kernel.execute("console.log(a, b)");
  assert.ok(sum.output_type === "stream");
  assert.equal(sum.text, "5 2\n");
});

test("execute() puts the error that ended a cell last", async (kernel) => {
  const outputs = await kernel.execute(`
    for (let i = 0; i < 100; i++) console.log(i);
    throw new RangeError("too far");`);
  assert.equal(outputs.length, 2);
  const [printed, error] = outputs;
  assert.ok(printed.output_type === "stream");
  assert.match(printed.text, /^0\n1\n[^]*\n99\n$/);
  assert.ok(error.output_type === "error");
  assert.deepEqual([error.ename, error.evalue], ["RangeError", "too far"]);
  assert.match(error.traceback.join("\n"), /RangeError: too far\n +at /);
  const [after] = await kernel.execute("console.log('goes on')");
  assert.ok(after.output_type === "stream");
});

test("execute() reports code that can't be parsed", async (kernel) => {
  const [error] = await kernel.execute("const = 3");
  assert.ok(error.output_type === "error");
});

test("execute() updates a display where it stands, also of an earlier cell", async (kernel) => {
  const show = (text: string, update: boolean) => `
    await Deno.jupyter.display(
      { "text/plain": "${text}" },
      { raw: true, display_id: "progress", update: ${update} },
    );`;
  const first = await kernel.execute(show("0%", false) + show("50%", true));
  const wanted = (text: string) => [
    { output_type: "display_data", data: { "text/plain": text }, metadata: {} },
  ];
  assert.deepEqual(first, wanted("50%"));
  assert.deepEqual(await kernel.execute(show("100%", true)), []);
  assert.deepEqual(first, wanted("100%"));
});

test("execute() clears outputs, at once or when the next one comes", async (kernel) => {
  const clear = (wait: boolean) =>
    `await Deno.jupyter.broadcast("clear_output", { wait: ${wait} });`;
  const texts = async (code: string) =>
    (await kernel.execute(code)).map((output) =>
      output.output_type === "stream" ? output.text : output.output_type
    );
  assert.deepEqual(await texts(`console.log("a"); ${clear(false)}`), []);
  assert.deepEqual(await texts(`console.log("a"); ${clear(true)}`), ["a\n"]);
  assert.deepEqual(
    await texts(`console.log("a"); ${clear(true)} console.log("b")`),
    ["b\n"],
  );
});

test("execute() loses no output of many short cells", async (kernel) => {
  for (let i = 0; i < 60; i++) {
    const outputs = await kernel.execute(`
      for (let i = 0; i < 5; i++) console.log(i);
      await Deno.jupyter.display({ "text/plain": "d" }, { raw: true });
      ${i}`);
    assert.deepEqual(
      outputs.map(({ output_type }) => output_type),
      ["stream", "display_data", "execute_result"],
    );
    const [stream] = outputs;
    assert.ok(stream.output_type === "stream");
    assert.equal(stream.text, "0\n1\n2\n3\n4\n");
  }
});

test("execute() receives outputs of many megabytes whole", async (kernel) => {
  for (let i = 0; i < 5; i++) {
    const outputs = await kernel.execute(`
      console.log("x".repeat(8_000_000));
      console.log("end");`);
    assert.equal(outputs.length, 1);
    const [stream] = outputs;
    assert.ok(stream.output_type === "stream");
    assert.equal(stream.text.length, 8_000_005);
    assert.ok(stream.text.endsWith("x\nend\n"));
  }
});

Deno.test("startKernel() runs cells in a folder, with an environment", async () => {
  await using kernel = await startKernel({
    folder: `${folder}/testdata`,
    environment: { MUSELAB_TEST: "yes" },
  });
  const [printed] = await kernel.execute(`
    console.log(Deno.cwd().endsWith("testdata"), Deno.env.get("MUSELAB_TEST"));
    console.log(Object.keys(await import("muselab/datasets")).length > 3);`);
  assert.ok(printed.output_type === "stream");
  assert.equal(printed.text, "true yes\ntrue\n");
});

test("execute() gives up on a cell without end, and ends its kernel", async (kernel) => {
  await assert.rejects(kernel.execute("while (true) {}", 1), (error) => {
    return error instanceof Deno.errors.TimedOut && /1 s/.test(error.message);
  });
  await assert.rejects(kernel.execute("1"), /The Deno kernel ended/);
});

test("execute() tells when the kernel dies", async (kernel) => {
  const dying = kernel.execute("Deno.exit(3)");
  await assert.rejects(dying, /The Deno kernel ended with code 3/);
});

Deno.test("startKernel() tells why a kernel does not start", async () => {
  const nowhere = `${folder}/testdata/nowhere`;
  await assert.rejects(startKernel({ folder: nowhere }), /nowhere/);
});
