import assert from "node:assert/strict";
import { loadTogether } from "./load_together.ts";

function part(name: string, released: string[]) {
  return {
    name,
    release: () => Promise.resolve(void released.push(name)),
  };
}

Deno.test("loadTogether() gives all parts, or releases those that are loaded", async () => {
  const released: string[] = [];
  const slow = (name: string) =>
    new Promise<ReturnType<typeof part>>((resolve) =>
      setTimeout(() => resolve(part(name, released)), 5)
    );
  const names = await loadTogether(
    [slow("a"), slow("b")],
    (parts) => parts.map(({ name }) => name),
  );
  assert.deepEqual([names, released], [["a", "b"], []]);

  const damaged = Promise.reject(new Error("damaged"));
  await assert.rejects(
    loadTogether([slow("a"), damaged, slow("c")], () => {}),
    /damaged/,
  );
  assert.deepEqual(released.splice(0), ["a", "c"]);

  const misfit = loadTogether([slow("a")], () => {
    throw new Error("misfit");
  });
  await assert.rejects(misfit, /misfit/);
  assert.deepEqual(released, ["a"]);
});
