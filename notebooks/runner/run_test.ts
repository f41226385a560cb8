import assert from "node:assert/strict";

const script = new URL("run.ts", import.meta.url);

/** What the command says when it is called so. */
async function called(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-RWE", script.href, ...args],
  }).output();
  const [said, complained] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { code, said, complained };
}

Deno.test("notebooks:run --help says how it is called", async () => {
  const { code, said, complained } = await called("--help");
  assert.deepEqual({ code, complained }, { code: 0, complained: "" });
  assert.match(said, /^Usage: deno task notebooks:run .*--store/);
});

Deno.test("notebooks:run refuses an option that it has not, without a trace", async () => {
  const { code, said, complained } = await called("--stored");
  assert.deepEqual({ code, said }, { code: 2, said: "" });
  assert.match(complained, /'--stored'[^]*Usage:/);
  assert.doesNotMatch(complained, /\bat file:/);
});
