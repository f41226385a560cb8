import assert from "node:assert/strict";
import { UsageError } from "./errors.ts";
import { checkPrompt, type PromptLine, readPrompts } from "./prompts.ts";

/** Reads a file with this content; `FILE` stands for its path in an error. */
async function read(
  suffix: string,
  content: string | Uint8Array,
): Promise<PromptLine[]> {
  const path = await Deno.makeTempFile({ suffix });
  try {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    await Deno.writeFile(path, bytes);
    return await readPrompts(path);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.message.replace(path, "FILE"));
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("readPrompts() reads a line as a prompt, blank lines apart", async () => {
  assert.deepEqual(
    await read(".txt", "\ufeffa fox\r\n\n  a red apple \n"),
    [{ prompt: "a fox" }, { prompt: "a red apple" }],
  );
});

Deno.test("readPrompts() reads objects with a prompt and perhaps a seed", async () => {
  const lines = [
    '{"prompt": "a fox"}',
    "",
    '{"id": 7, "seed": 3, "prompt": "a {red} apple"}',
    '{"prompt": "a bear", "seed": null}',
  ];
  assert.deepEqual(await read(".jsonl", lines.join("\n")), [
    { prompt: "a fox" },
    { prompt: "a {red} apple", seed: 3 },
    { prompt: "a bear" },
  ]);
});

Deno.test("readPrompts() names the line that is no prompt", async () => {
  const wrong: [string, string][] = [
    ["{", "it is not JSON."],
    ['"a fox"', 'it is not an object with a "prompt".'],
    ["null", 'it is not an object with a "prompt".'],
    ['{"promt": "a fox"}', 'it is not an object with a "prompt".'],
    ['{"prompt": 3}', 'its "prompt" is not a string.'],
    ['{"prompt": " "}', "the prompt is empty."],
    ['{"prompt": "a\\u0000"}', "the prompt holds a NUL character."],
    ...["-1", "1.5", '"1"', "1e300", "9007199254740991"].map((
      seed,
    ): [string, string] => [
      `{"prompt": "a fox", "seed": ${seed}}`,
      'its "seed" is not a whole number from 0 up.',
    ]),
  ];
  for (const [line, problem] of wrong) {
    await assert.rejects(
      read(".jsonl", `{"prompt": "a fox"}\n\n${line}\n`),
      new UsageError(`FILE, line 3: ${problem}`),
      line,
    );
  }
});

Deno.test("readPrompts() refuses what is not a file of prompts", async () => {
  await assert.rejects(read(".txt", "\n \n"), /FILE holds no prompt/);
  await assert.rejects(read(".csv", "a fox"), /is a \.txt or \.jsonl file/);
  const bytes = Uint8Array.of(97, 0xff, 98);
  await assert.rejects(read(".txt", bytes), /FILE is not UTF-8 text/);
  await assert.rejects(
    readPrompts("missing.txt"),
    new UsageError("there is no file missing.txt."),
  );
});

Deno.test("checkPrompt() finds nothing wrong with any language", () => {
  for (const prompt of ["a fox", "一只狐狸", "🦊", '"'] as const) {
    assert.equal(checkPrompt(prompt), undefined);
  }
  assert.match(checkPrompt(" \t\n") ?? "", /empty/);
});
