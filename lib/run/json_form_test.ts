import assert from "node:assert/strict";
import { z } from "zod";
import { checkForm, parseJson } from "./json_form.ts";

const kinds = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("a") }),
  z.strictObject({ kind: z.literal("b"), name: z.string() }),
]);

Deno.test("checkForm() says of each kind of fault where it is, what was found and what was wanted", () => {
  const cases: [z.ZodType, unknown, string][] = [
    [z.int(), 1.5, "found 1.5, wanted a whole number"],
    [z.array(z.int()), {}, "found {}, wanted a list"],
    [z.object({ a: z.string() }), {}, "a: found nothing, wanted a string"],
    [z.object({}), "x", 'found "x", wanted an object'],
    [z.record(z.string(), z.int()), 4, "found 4, wanted an object"],
    [
      z.strictObject({}),
      { b: 1, c: 2 },
      "found b, c, wanted no field of that name",
    ],
    [z.number().min(0).max(1), -1, "found -1, wanted at least 0"],
    [z.number().gt(0).lt(1), 0, "found 0, wanted more than 0"],
    [z.number().gt(0).lt(1), 1, "found 1, wanted less than 1"],
    [z.enum(["x", "y"]), "z", 'found "z", wanted "x" or "y"'],
    [z.literal(1), 2, "found 2, wanted 1"],
    [
      z.string().regex(/^[0-9a-f]+$/),
      "g",
      'found "g", wanted text that fits /^[0-9a-f]+$/',
    ],
    [
      z.union([z.string(), z.int()]),
      true,
      "found true, wanted a string or a number",
    ],
    [
      z.union([z.enum(["x"]), z.object({ n: z.number().max(1) })]),
      { n: "2" },
      'found {"n":"2"}, wanted "x" or n a number',
    ],
    [kinds, { kind: "c" }, 'kind: found "c", wanted "a" or "b"'],
    [kinds, { kind: "b" }, "name: found nothing, wanted a string"],
    [
      z.object({ a: z.int(), b: z.array(z.int()) }),
      { a: "1", b: [0, null] },
      'a: found "1", wanted a number; b.1: found null, wanted a number',
    ],
    [
      z.int().refine((value) => value % 2 === 0, "found an odd one"),
      3,
      "found an odd one",
    ],
  ];
  for (const [form, value, message] of cases) {
    assert.throws(() => checkForm(form, value), { message });
  }
  assert.deepEqual(checkForm(kinds, { kind: "a" }), { kind: "a" });
});

Deno.test("checkForm() cuts what is long, and counts the faults of a damaged file", () => {
  const form = z.array(z.int());
  assert.throws(
    () => checkForm(form, "x".repeat(1000)),
    { message: `found "${"x".repeat(79)}…, wanted a list` },
  );
  assert.throws(
    () => checkForm(form, new Array(1000).fill("x")),
    /^Error: 0: found "x", .*; 11: found "x", wanted a number; and 988 more$/,
  );
});

Deno.test("parseJson() says that a text is not JSON", () => {
  assert.deepEqual(parseJson('{"a":[1]}'), { a: [1] });
  assert.throws(() => parseJson("{"), /^Error: it is not JSON \(/);
});
