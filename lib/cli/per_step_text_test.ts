import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "./errors.ts";
import { perStepSteps, perStepText, readPerStep } from "./per_step_text.ts";

const read = (text: string) => readPerStep("temperature", text, 0, 10);

Deno.test("readPerStep() takes a number, a ramp or a list, and prints it again", () => {
  assert.equal(read("1.5"), 1.5);
  assert.deepEqual(read("1.3...5"), { from: 1.3, to: 0.5 });
  assert.deepEqual(read("2, 1,0.5"), { steps: [2, 1, 0.5] });
  assert.equal(perStepSteps(read("2,1,0.5")), 3);
  assert.equal(perStepSteps(read("1")), undefined);
  assert.equal(perStepSteps(read("1..2")), undefined);
  const number = fc.double({ min: 0, max: 10, noNaN: true })
    .map((value) => value + 0); // no -0, which prints as 0
  const list = fc.array(number, { minLength: 2, maxLength: 5 });
  fc.assert(fc.property(list, (steps) => {
    const [from, to] = steps;
    for (const value of [from, { from, to }, { steps }]) {
      assert.deepEqual(read(perStepText(value)), value);
    }
  }));
});

Deno.test("readPerStep() says what it takes", () => {
  assert.throws(() => read("hot"), {
    name: "UsageError",
    message: "--temperature is a number like 4, the first and the last " +
      'step\'s like 0..4 or a list like 0,2,4, not "hot".',
  });
  for (const text of ["", "NaN", "11", "-1", "1..11", "0..", "1,11", "1,,2"]) {
    assert.throws(() => read(text), UsageError, text);
  }
});
