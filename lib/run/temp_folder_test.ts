import assert from "node:assert/strict";
import { withFolder } from "./temp_folder.ts";

Deno.test("withFolder() removes the folder, and throws what went wrong in it", async () => {
  const used: string[] = [];
  const find = (folder: string) => {
    used.push(folder);
    return Deno.statSync(folder).isDirectory;
  };
  assert.equal(await withFolder(find), true);
  const fails = (remove: boolean) => (folder: string) => {
    find(folder);
    if (remove) Deno.removeSync(folder); // so that it can't be again
    throw new Error("of the test");
  };
  await assert.rejects(withFolder(fails(false)), /of the test/);
  await assert.rejects(withFolder(fails(true)), /of the test/);
  for (const folder of used) assert.throws(() => Deno.statSync(folder));
});
