import assert from "node:assert/strict";
import { FLOAT32_SCHEDULE_NAMES, SCHEDULE_NAMES } from "../muse/schedule.ts";
import { readSchedule, scheduleSteps, scheduleText } from "./schedule_text.ts";

Deno.test("readSchedule() takes names in any case, and lists", () => {
  for (const name of [...SCHEDULE_NAMES, ...FLOAT32_SCHEDULE_NAMES]) {
    assert.equal(readSchedule(name), name);
  }
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
