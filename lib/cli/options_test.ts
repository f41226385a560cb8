import assert from "node:assert/strict";
import { UsageError } from "./errors.ts";
import { readOptions } from "./options.ts";

const KINDS = { out: "value", steps: "value", json: "flag", help: "flag" };
const read = (...args: string[]) =>
  readOptions(KINDS as Record<keyof typeof KINDS, "value" | "flag">, args);

Deno.test("readOptions() splits options from the rest, in any order", () => {
  const wanted = {
    positionals: ["a fox"],
    values: { out: "x", steps: "3", json: true, help: false },
  };
  assert.deepEqual(read("a fox", "--out", "x", "--steps=3", "--json"), wanted);
  assert.deepEqual(read("--json", "--steps", "3", "--out=x", "a fox"), wanted);
  assert.deepEqual(
    read("--json", "--steps", "3", "--out=x", "--", "a fox"),
    wanted,
  );
  assert.deepEqual(read("--", "--json").positionals, ["--json"]);
  assert.equal(read("-h").values.help, true);
  assert.equal(read().values.out, undefined);
});

Deno.test("readOptions() leaves numbers below 0 to whoever reads them", () => {
  assert.equal(read("--steps", "-3").values.steps, "-3");
  assert.equal(read("--steps", "-.5").values.steps, "-.5");
});

Deno.test("readOptions() refuses unknown options, and values amiss", () => {
  const wrong: [string[], string][] = [
    [["--stesp", "3"], "there is no option --stesp; did you mean --steps?"],
    [["--num-steps"], "there is no option --num-steps; did you mean --steps?"],
    [["--colour"], "there is no option --colour."],
    [["-x"], "there is no option -x."],
    [["--toString"], "there is no option --toString."],
    [["--out"], "--out needs a value."],
    [["--out", "--json"], "--out needs a value."],
    [["--json=yes"], '--json takes no value, not "yes".'],
  ];
  for (const [args, message] of wrong) {
    assert.throws(() => read(...args), new UsageError(message));
  }
});
