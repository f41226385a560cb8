import assert from "node:assert/strict";
import { checkSteps, stepNumbers, type StepOptions } from "./step_options.ts";

const OPTIONS: StepOptions = {
  guidance: { kind: "linear", from: 0, to: 4 },
  temperature: { from: 1.3, to: 0.5 },
  choiceTemperature: 2,
};

Deno.test("stepNumbers() gives what the options come to in a step", () => {
  assert.deepEqual(stepNumbers(OPTIONS, 0, 3), {
    guidance: 0,
    temperature: 1.3,
    choiceTemperature: 2,
  });
  assert.deepEqual(stepNumbers(OPTIONS, 2, 3), {
    guidance: 4,
    temperature: 0.5,
    choiceTemperature: 0,
  });
  const choiceTemperature = { from: 1, to: 3 };
  const found = stepNumbers({ ...OPTIONS, choiceTemperature }, 1, 3);
  assert.equal(found.choiceTemperature, 2);
});

Deno.test("checkSteps() finds what is out of range in any step", () => {
  checkSteps(OPTIONS, 8);
  const wrong: [Partial<StepOptions>, RegExp][] = [
    [{ temperature: -1 }, /step 1: found the temperature -1, .* at least 0/],
    [{ temperature: Infinity }, /found the temperature Infinity, .* finite/],
    [{ temperature: { from: 1, to: -1 } }, /step 3: found the temperature -1/],
    [
      { choiceTemperature: { steps: [1, NaN, 0] } },
      /step 2: found the choiceTemperature NaN/,
    ],
    [{ choiceTemperature: { steps: [1] } }, /choiceTemperature .* 1 of them/],
    [
      { guidance: { kind: "constant", scale: NaN } },
      /guidance NaN, wanted a f/,
    ],
    [
      { guidance: { kind: "list", scales: [0, 1, Infinity] } },
      /step 3: found the guidance Infinity/,
    ],
    [{ topK: 0 }, /step 1: found the top k 0, wanted a whole number/],
    [{ topK: 1.5 }, /found the top k 1.5/],
    [{ topK: NaN }, /found the top k NaN/],
    [{ topP: 0 }, /found the top p 0, wanted a number above 0 and up to 1/],
    [{ topP: 1.01 }, /found the top p 1.01/],
    [
      { sampler: { kind: "hybrid", explore: 2 } },
      /step 1: found the share 2 of steps that explore, wanted .* 0 to 1/,
    ],
    [
      { remask: { kind: "cap", rate: 1.5 } },
      /found the rate 1.5 of re-masking, wanted a number from 0 to 1/,
    ],
    [{ topP: NaN }, /found the top p NaN/],
  ];
  for (const [changes, message] of wrong) {
    assert.throws(() => checkSteps({ ...OPTIONS, ...changes }, 3), {
      name: "RangeError",
      message,
    });
  }
});

Deno.test("checkSteps() finds a list of the schedule that doesn't fit the steps", () => {
  const check = (fractions: number[]) =>
    checkSteps({ ...OPTIONS, schedule: { fractions } }, 3);
  check([0.5, 0.2, 0]);
  assert.throws(() => check([0.5, 0]), /found 2 fractions for 3 steps/);
  assert.throws(
    () => check([0.2, 0.5, 0]),
    /found \[0.2,0.5,0\], .*never rise/,
  );
});
