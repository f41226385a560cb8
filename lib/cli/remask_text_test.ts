import assert from "node:assert/strict";
import { readRemask, remaskText } from "./remask_text.ts";

Deno.test("readRemask() takes a kind and a rate, and prints them again", () => {
  assert.deepEqual(readRemask("cap:.1"), { kind: "cap", rate: 0.1 });
  const confidence = { kind: "confidence", rate: 0.25 } as const;
  assert.deepEqual(readRemask("Confidence:0.25"), confidence);
  assert.deepEqual(readRemask(remaskText(confidence)), confidence);
});

Deno.test("readRemask() says what it takes", () => {
  for (const text of ["", "cap", "cap:", "cap:a", "loop:0.1", "cap:0.1:2"]) {
    assert.throws(() => readRemask(text), {
      name: "UsageError",
      message: "--remask is cap:RATE or confidence:RATE, such as cap:0.1, " +
        `not "${text}".`,
    });
  }
  assert.throws(() => readRemask("cap:2"), /from 0 to 1, not "2"/);
});
