import assert from "node:assert/strict";
import fc from "fast-check";
import { SCHEDULE_NAMES } from "../muse/schedule.ts";
import { UsageError } from "./errors.ts";
import {
  guidanceText,
  isGuided,
  readGuidance,
  readNumber,
  readSchedule,
  readShare,
  readWhole,
  scheduleSteps,
  scheduleText,
} from "./values.ts";

const NO_NUMBERS = ["", " ", "NaN", "nan", "Infinity", "-Infinity", "1e999"]
  .concat(["ten", "1,5", "0x10", "1_000", "--1", "1..2", "½"]);

Deno.test("readWhole() takes whole numbers within limits only", () => {
  assert.equal(readWhole("steps", "12", 1, 20), 12);
  assert.equal(readWhole("seed", "0", 0), 0);
  for (const text of [...NO_NUMBERS, "0", "21", "-3", "1.5", "1e1"]) {
    assert.throws(() => readWhole("steps", text, 1, 20), {
      name: "UsageError",
      message: `--steps is a whole number from 1 to 20, not "${text}".`,
    });
  }
  const tooLarge = String(2 ** 53);
  assert.throws(() => readWhole("seed", tooLarge, 0), /from 0 up, not/);
});

Deno.test("readNumber() takes numbers within limits only", () => {
  for (const text of ["0", "1", "0.5", ".5", "1.", "5e-1", "+1"]) {
    assert.equal(readNumber("temperature", text, 0, 1), Number(text));
  }
  for (const text of [...NO_NUMBERS, "-0.1", "1.1"]) {
    assert.throws(() => readNumber("temperature", text, 0, 1), UsageError);
  }
});

Deno.test("readShare() takes numbers above 0 and up to 1 only", () => {
  for (const text of ["1", "0.5", "1e-3"]) {
    assert.equal(readShare("top-p", text), Number(text));
  }
  for (const text of [...NO_NUMBERS, "0", "-0.1", "1.1"]) {
    assert.throws(() => readShare("top-p", text), UsageError);
  }
});

Deno.test("readGuidance() takes a scale or a ramp, and prints it again", () => {
  assert.deepEqual(readGuidance("4"), { kind: "constant", scale: 4 });
  assert.deepEqual(readGuidance("0..4"), { kind: "linear", from: 0, to: 4 });
  assert.deepEqual(readGuidance(".5..1.5"), {
    kind: "linear",
    from: 0.5,
    to: 1.5,
  });
  for (const text of [...NO_NUMBERS, "-1", "1..", "..1", "0..NaN"]) {
    if (text === "1..2") continue;
    assert.throws(() => readGuidance(text), UsageError, text);
  }
  const scale = fc.double({ min: 0, max: 100, noNaN: true })
    .map((value) => value + 0); // no -0, which prints as 0
  fc.assert(fc.property(scale, scale, (from, to) => {
    const ramp = { kind: "linear", from, to } as const;
    assert.deepEqual(readGuidance(guidanceText(ramp)), ramp);
    const constant = { kind: "constant", scale: to } as const;
    assert.deepEqual(readGuidance(guidanceText(constant)), constant);
  }));
});

Deno.test("isGuided() is false only where every step has scale 0", () => {
  const guided = ["0", "4", "0..0", "0..4", "4..0"].map((text) =>
    isGuided(readGuidance(text))
  );
  assert.deepEqual(guided, [false, true, false, true, true]);
});

Deno.test("readSchedule() takes names in any case, and lists", () => {
  for (const name of SCHEDULE_NAMES) assert.equal(readSchedule(name), name);
  assert.equal(readSchedule("Square-Root"), "squareRoot");
  assert.equal(readSchedule("square root"), "squareRoot");
  assert.deepEqual(readSchedule("0.7, 0.3,0"), { fractions: [0.7, 0.3, 0] });
  assert.deepEqual(readSchedule("200,100,0"), { counts: [200, 100, 0] });
  assert.deepEqual(readSchedule("0"), { fractions: [0] });
  assert.equal(scheduleSteps(readSchedule("200,100,0")), 3);
  assert.equal(scheduleSteps("cosine"), undefined);
  for (const text of ["cosine", "0.7,0.3,0", "200,100,0"]) {
    assert.equal(scheduleText(readSchedule(text)), text);
  }
});

Deno.test("readSchedule() suggests the nearest name", () => {
  assert.throws(() => readSchedule("cosin"), /did you mean "cosine"\?/);
  assert.throws(() => readSchedule("sqaure"), /did you mean "square"\?/);
  assert.throws(() => readSchedule("quadratic"), /there are cosine, linear/);
  assert.throws(() => readSchedule("1,,0"), /"" is not a number/);
  assert.throws(() => readSchedule("1 0"), /"1 0" is not a number/);
});
