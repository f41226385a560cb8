import assert from "node:assert/strict";
import { peakMemory } from "./peak_memory.ts";

const script = new URL("peak_memory.ts", import.meta.url).href;

/** Peak memory of a new process after some lines of code, in MB. */
async function peakAfter(code: string): Promise<number> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--quiet",
      `import { peakMemory } from ${JSON.stringify(script)};
      ${code}
      console.log(peakMemory());`,
    ],
  }).output();
  return Number(new TextDecoder().decode(stdout));
}

Deno.test("peakMemory() keeps what a process had and gave back", async () => {
  const small = await peakAfter("");
  const large = await peakAfter(
    "for (let i = 0; i < 4; i++) new Uint8Array(2 ** 28).fill(1);",
  );
  assert(small > 10 && large > small + 200, `${small}, then ${large}`);
});

Deno.test("peakMemory() is not that of the process which started this one", async () => {
  let filled: Uint8Array | undefined = new Uint8Array(6e8).fill(1);
  assert(peakMemory() > 600);
  assert.equal(filled[1], 1);
  filled = undefined;
  const small = await peakAfter("");
  assert(small > 10 && small < 300, `${small}`);
});
