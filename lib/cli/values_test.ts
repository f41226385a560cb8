import assert from "node:assert/strict";
import { UsageError } from "./errors.ts";
import {
  readKnown,
  readNumber,
  readNumbers,
  readShare,
  readText,
  readWhole,
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

Deno.test("readNumbers() takes a list with commas between the numbers", () => {
  assert.deepEqual(readNumbers("schedule", "1, .5,0"), [1, 0.5, 0]);
  assert.throws(
    () => readNumbers("schedule", "1,,0"),
    /--schedule is a list of numbers with commas .* "" is not a number/,
  );
});

Deno.test("readText() refuses a blank", () => {
  assert.equal(readText("out", "there"), "there");
  assert.equal(readText("out", undefined), undefined);
  assert.throws(() => readText("out", " "), /--out is empty/);
});

Deno.test("readKnown() takes a known name, and lists them for any other", () => {
  const known = ["small", "large"];
  assert.equal(readKnown("size", "large", known), "large");
  for (const name of ["medium", "toString"]) {
    assert.throws(
      () => readKnown("size", name, known),
      new RegExp(`--size is one of small, large, not "${name}"`),
    );
  }
});
