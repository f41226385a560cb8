import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { checkTrained } from "./train_stages.ts";

Deno.test("checkTrained() says how to come by a tokenizer that nobody named", () => {
  const here = fileURLToPath(import.meta.url);
  const absent = {
    "tokenizer": here,
    "tokenizer-high": "/no/high.safetensors",
  };
  assert.throws(() => checkTrained(absent, {}), {
    name: "UsageError",
    message: /no high\.safetensors yet: train tokenizer-high first, .*--export/,
  });
  checkTrained(absent, { "tokenizer-high": "/no/high.safetensors" });
  checkTrained({ "tokenizer": here }, {});
});
