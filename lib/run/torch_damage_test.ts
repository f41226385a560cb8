import assert from "node:assert/strict";
import fc from "fast-check";
import { join } from "node:path";
import { pickle, pickledTensor, pickledText } from "./make_torch_zip.ts";
import { torchWorld } from "./pickle_calls.ts";
import { bytesSource } from "./pickle_source.ts";
import { assertRefusal, readAll } from "./torch_refusals.ts";
import { unpickle } from "./unpickle.ts";

const FOLDER = new URL("testdata/torch/", import.meta.url).pathname;

for (const name of ["zip_views", "legacy_views", "traced", "deflated"]) {
  Deno.test(`openTorch() refuses ${name} cut anywhere`, async () => {
    const whole = await Deno.readFile(join(FOLDER, `${name}.pth`));
    for (let size = 0; size < whole.length; size += 61) {
      await assert.rejects(
        readAll(whole.subarray(0, size)),
        (error) => assertRefusal(error),
      );
    }
    await assert.rejects(
      readAll(whole.subarray(0, whole.length - 1)),
      (error) => assertRefusal(error),
    );
  });

  Deno.test(`openTorch() reads or refuses ${name} with other bytes in it`, async () => {
    const whole = await Deno.readFile(join(FOLDER, `${name}.pth`));
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const bytes = whole.slice();
          for (const [at, value] of changes) bytes[at] = value;
          await readAll(bytes).catch((error) => assertRefusal(error));
        },
      ),
      { numRuns: 40 },
    );
  });
}

Deno.test("openTorch() refuses what only begins as a PyTorch file", async () => {
  const start = fc.constantFrom(
    "PK\x03\x04",
    "\x80\x02",
    "\x80\x02\x8a\x0a",
    "",
  );
  await fc.assert(
    fc.asyncProperty(
      start,
      fc.uint8Array({ maxLength: 300 }),
      async (head, rest) => {
        await assert.rejects(
          readAll(pickle(head, [...rest])),
          (error) => assertRefusal(error),
        );
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("unpickle() reads or refuses whatever the opcodes are", () => {
  const refuse = (found: string): never => {
    throw new Error(`reading the PyTorch file x: ${found}; fetch it again`);
  };
  const word = fc.constantFrom(
    ..."N()]}tlduesab.012RbQ\x81\x85\x86\x87\x88\x8f\x90\x91\x92\x93\x94",
    "K\x02",
    "q\x00",
    "h\x00",
    pickledText("storage"),
    "ctorch\nSize\n",
    "ctorch\nFloatStorage\n",
    "ctorch._utils\n_rebuild_tensor_v2\n",
    "ctorch._tensor\n_rebuild_from_type_v2\n",
    "ccollections\nOrderedDict\n",
    "cargparse\nNamespace\n",
    pickledTensor({ shape: [4], strides: [1], count: 4 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      try {
        unpickle(
          bytesSource(pickle(words.join(""), "."), refuse),
          torchWorld(refuse),
        );
      } catch (error) {
        assertRefusal(error);
      }
    }),
    { numRuns: 3000 },
  );
});
