import assert from "node:assert/strict";
import { measureThroughput } from "./throughput_of.ts";

Deno.test("measureThroughput() measures the parts that are asked for", async () => {
  const rows = await measureThroughput("mini", {
    parts: ["VQGAN decode"],
    precisions: ["fp32"],
    batches: [2],
    runs: 1,
  });
  assert.deepEqual(
    rows.map(({ system, part, precision, batch, seconds, isRandom }) => [
      ...[system, part, precision, batch, seconds.runs, isRandom],
    ]),
    [["mini", "VQGAN decode", "fp32", 2, 1, false]],
  );
  const [{ peakMb, fraction, load }] = rows;
  assert.ok(peakMb > 10 && fraction! > 0 && load > 0);
});

Deno.test("measureThroughput() names what it could measure instead", async () => {
  await assert.rejects(measureThroughput("maxi"), {
    name: "RangeError",
    message: /"maxi": found no system .* wanted one of mini, amused-256, /,
  });
  await assert.rejects(measureThroughput("mini", { parts: ["features"] }), {
    name: "RangeError",
    message: /none of the parts features, wanted some of text, base step, /,
  });
});
