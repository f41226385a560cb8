import assert from "node:assert/strict";

/** Prints what stays of 256 MB, written and freed: before, after, again. */
const SCRIPT = `
import { keepFreedMemory } from
  ${JSON.stringify(import.meta.resolve("./keep_memory.ts"))};
const { malloc, memset, free } = Deno.dlopen("libc.so.6", {
  malloc: { parameters: ["usize"], result: "pointer" },
  memset: { parameters: ["pointer", "i32", "usize"], result: "pointer" },
  free: { parameters: ["pointer"], result: "void" },
}).symbols;
const size = 2n ** 28n;
function kept() {
  const before = Deno.memoryUsage().rss;
  const block = malloc(size);
  memset(block, 1, size);
  free(block);
  return Deno.memoryUsage().rss - before;
}
const before = kept();
keepFreedMemory();
console.log(JSON.stringify([before, kept(), kept()]));
`;

Deno.test({
  name: "keepFreedMemory() keeps what is freed for what is allocated next",
  ignore: Deno.build.os !== "linux",
  async fn() {
    // In a process of its own: a test's thread has a heap of its own.
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", "--no-check", SCRIPT],
    }).output();
    const [before, after, again] = JSON.parse(new TextDecoder().decode(stdout));
    assert.ok(before < 2 ** 27, `${before}`);
    assert.ok(after > 2 ** 27, `${after}`);
    assert.ok(again < 2 ** 27, `${again}`); // it was there already
  },
});
