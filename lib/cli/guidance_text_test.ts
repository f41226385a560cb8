import assert from "node:assert/strict";
import fc from "fast-check";
import type { Guidance } from "../muse/guidance.ts";
import { UsageError } from "./errors.ts";
import {
  checkNegative,
  guidanceSteps,
  guidanceText,
  readGuidance,
} from "./guidance_text.ts";

Deno.test("readGuidance() takes every form", () => {
  const forms: [string, Guidance][] = [
    ["4", { kind: "constant", scale: 4 }],
    ["0..4", { kind: "linear", from: 0, to: 4 }],
    [".5..1.5", { kind: "linear", from: 0.5, to: 1.5 }],
    ["0,0,3", { kind: "list", scales: [0, 0, 3] }],
    ["cosine:7.1^3", { kind: "powerCosine", scale: 7.1, power: 3 }],
    ["cosine:4", { kind: "powerCosine", scale: 4, power: 1 }],
    ["4@0.2..0.8", { kind: "interval", scale: 4, from: 0.2, to: 0.8 }],
  ];
  for (const [text, guidance] of forms) {
    assert.deepEqual(readGuidance(text), guidance);
  }
  assert.equal(guidanceSteps(readGuidance("0,0,3")), 3);
  assert.equal(guidanceSteps(readGuidance("3")), undefined);
});

Deno.test("readGuidance() reads what guidanceText() prints", () => {
  const number = (max: number) =>
    fc.double({ min: 0, max, noNaN: true }).map((value) => value + 0);
  const any: fc.Arbitrary<Guidance> = fc.oneof(
    fc.record({ kind: fc.constant("constant" as const), scale: number(100) }),
    fc.record({
      kind: fc.constant("linear" as const),
      from: number(100),
      to: number(100),
    }),
    fc.record({
      kind: fc.constant("powerCosine" as const),
      scale: number(100),
      power: number(99).map((power) => power + 0.5),
    }),
    fc.record({
      kind: fc.constant("interval" as const),
      scale: number(100),
      from: number(0.5),
      to: number(0.5).map((to) => to + 0.5),
    }),
    fc.record({
      kind: fc.constant("list" as const),
      scales: fc.array(number(100), { minLength: 2 }),
    }),
  );
  fc.assert(fc.property(any, (guidance) => {
    assert.deepEqual(readGuidance(guidanceText(guidance)), { ...guidance });
  }));
});

Deno.test("readGuidance() refuses what is no guidance", () => {
  const wrong = ["", " ", "NaN", "Infinity", "1e999", "ten", "0x10", "--1"]
    .concat(["-1", "101", "1..", "..1", "0..NaN", "1,-1", "1,,2", "cosine:"])
    .concat([
      "cosine:101",
      "cosine:1^0",
      "cosine:1^",
      "4@1..0",
      "4@0..2",
      "4@1",
    ]);
  for (const text of wrong) {
    assert.throws(() => readGuidance(text), UsageError, text);
  }
});

Deno.test("checkNegative() refuses what no step leads away from", () => {
  const refused = (guidance: string, superres = "0", superresSteps = 8) => {
    const settings = {
      negative: "a cat",
      guidance: readGuidance(guidance),
      superres: { guidance: readGuidance(superres) },
      superresSteps,
    };
    try {
      checkNegative(settings, 3);
      return false;
    } catch (error) {
      assert.match(String(error), /needs a --guidance above 0, or a --sup/);
      return true;
    }
  };
  const scales = ["0", "4", "0..0", "0..4", "4..0", "4@0.4..0.6", "0,0,1"];
  assert.deepEqual(
    scales.map((scale) => refused(scale)),
    [true, false, true, false, false, false, false],
  );
  assert.equal(refused("0", "3"), false);
  assert.equal(refused("0", "3", 0), true, "there is no super-resolution");
});
