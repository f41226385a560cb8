import assert from "node:assert/strict";
import { join } from "node:path";
import { input, matmul, parameter } from "../graph/ops.ts";
import { writeAtomic } from "./atomic.ts";
import { denoFolder } from "./deno_folder.ts";
import { roomError } from "./no_room.ts";
import { randomWeights, weightEntries } from "./random_weights.ts";
import { writeSafetensors } from "./safetensors.ts";
import { isSystemError, reasonOf } from "./system_error.ts";
import { contents, withFolder } from "./temp_folder.ts";

/**
 * The messages of what fails in a process whose files may have a megabyte or
 * two: `ulimit` counts in halves of a kilobyte or in whole ones.
 */
async function refusals(script: string, folder: string): Promise<string[]> {
  const limited = `trap "" XFSZ; ulimit -f 2048; exec "$@"`;
  const code = `
const refused = (promise) => promise.then(() => "written", (e) => e.message);
Deno.chdir(${JSON.stringify(folder)});
const load = (file) => import(new URL(file, ${
    JSON.stringify(import.meta.url)
  }));
${script}`;
  const args = [Deno.execPath(), "eval", "--quiet", "--no-check", code];
  const child = new Deno.Command("sh", {
    args: ["-c", limited, "sh", ...args],
    cwd: import.meta.dirname, // in the project, for its import map
    env: { DENO_DIR: await denoFolder() },
  });
  const { stdout, stderr, success } = await child.output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name:
    "writeAtomic() and writeAtomicSync() say that a file is too large, and leave nothing",
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const found = await refusals(
        `
const { writeAtomic, writeAtomicSync } = await load("./atomic.ts");
const bytes = new Uint8Array(5e6);
console.log(JSON.stringify([
  await refused(writeAtomic("a", [bytes])),
  await refused(writeAtomic("b", [bytes].values())),
  await refused((async () => writeAtomicSync("new/c", bytes))()),
]));`,
        folder,
      );
      const todo = "; make room there, or choose a folder on another disk";
      assert.deepEqual(found, [
        `Cannot write a: file too large (it takes 5.00 MB)${todo}`,
        `Cannot write b: file too large${todo}`,
        `Cannot write new/c: file too large (it takes 5.00 MB)${todo}`,
      ]);
      assert.deepEqual(contents(folder), []);
    }),
});

Deno.test({
  name:
    "quantizedCopy() says what it takes where there is no room, and leaves nothing",
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const path = join(folder, "x.safetensors");
      const y = matmul(input("x", [1, 1024]), parameter("a", [1024, 2048]));
      const weights = randomWeights("room", [y], 0.1);
      await writeSafetensors(path, weightEntries(weights));
      const found = await refusals(
        `
const { matmul, input, parameter } = await load("../graph/ops.ts");
const { loadWeights } = await load("./load_weights.ts");
const { quantizedCopy } = await load("./quantized_copy.ts");
const y = matmul(input("x", [1, 1024]), parameter("a", [1024, 2048]));
const weights = await loadWeights("x.safetensors");
console.log(JSON.stringify([
  await refused(quantizedCopy([y], weights, "fp16-storage", { cache: "c" })),
]));`,
        folder,
      );
      assert.match(
        found[0],
        /^Cannot keep .*x\.safetensors as safetensors in c: file too large \(it takes 4\.19 MB\); make room there, or name another cache by XDG_CACHE_HOME$/,
      );
      assert.deepEqual(contents(folder), ["c", "x.safetensors"]);
    }),
});

Deno.test("writeAtomic() doesn't begin a large file that can't fit", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "a");
    function* chunks() {
      yield Uint8Array.of(1);
      throw new Error("begun");
    }
    await assert.rejects(
      writeAtomic(path, chunks(), 1e18),
      /^NoRoomError: Cannot write .*a: no space left on device \(it takes 1000000 TB, and [\d.]+ .?B are free there\); make room there, or/,
    );
    assert.deepEqual(contents(folder), []);
  });
});

Deno.test("roomError() leaves other errors as they are", () => {
  const { os } = Deno.build;
  const full = new Error(`No room (os error ${os === "windows" ? 112 : 28})`);
  const told = roomError(full, "x/y", 2000);
  assert.ok(isSystemError(told));
  assert.match(
    reasonOf(told),
    /^no space left on device \(it takes 2\.00 kB, and .*B are free there\)$/,
  );
  const others = ["No room", "Permission denied (os error 13): open 'x'"];
  for (const error of [...others.map((text) => new Error(text)), "28"]) {
    assert.equal(roomError(error, "x/y", 2000), error);
  }
});
