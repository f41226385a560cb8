import assert from "node:assert/strict";
import type { Guidance } from "./guidance.ts";
import { networksFor, variantsFor } from "./prompted.ts";

const constant = (scale: number) => ({ kind: "constant", scale }) as const;

Deno.test("networksFor() opens the plain network where enough steps are not guided", () => {
  const rising = { kind: "linear", from: 0, to: 4 } as const;
  const late = { kind: "interval", scale: 4, from: 0.5, to: 1 } as const;
  const networks = (guidance: Guidance) => networksFor({ guidance, steps: 12 });
  assert.deepEqual(networks(constant(0)), { plain: true, guided: false });
  assert.deepEqual(networks(constant(4)), { plain: false, guided: true });
  assert.deepEqual(networks(late), { plain: true, guided: true });
  // The first step alone is not guided.
  assert.deepEqual(networks(rising), { plain: false, guided: true });
});

Deno.test("variantsFor() names the samplers of the networks, cut off or not", () => {
  const options = { guidance: constant(0), steps: 4 };
  assert.deepEqual(variantsFor(options, 16), [
    { guided: false, truncated: false },
  ]);
  assert.deepEqual(variantsFor({ ...options, topK: 3 }, 16), [
    { guided: false, truncated: true },
  ]);
});
