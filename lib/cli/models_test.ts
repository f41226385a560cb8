import assert from "node:assert/strict";
import { type ModelSize, run } from "./models.ts";
import { runCaught } from "./run_caught.ts";

const models = (...args: string[]) => runCaught("models", run, args);

Deno.test("models counts the paper's networks within 2% of the paper, and says where that can't be", async () => {
  const { code, out, err } = await models("--json");
  assert.equal(code, 0, err);
  const sizes: ModelSize[] = JSON.parse(out);
  const given = sizes.filter(({ paper }) => paper !== null);
  assert.deepEqual(
    given.map(({ network, parameters, paper }) => {
      const off = parameters / paper! - 1;
      return [network, Math.abs(off) < 0.02];
    }),
    [
      ["base, CC3M", true],
      ["super-resolution, CC3M", true],
      // Its own table has more: see the note.
      ["base, 3B", false],
    ],
  );
  const named = (name: string) =>
    sizes.find(({ network }) => network === name)!;
  assert.match(named("base, 3B").note!, /Table 4's .* 3\.2 billion/);
  // 16 D² in each of 48 layers, 16 D² in 32 and 12 D² in 16, and the tables
  const { parameters: base } = named("base, 3B");
  assert.ok(base > 48 * 16 * 2048 ** 2 && base < 49 * 16 * 2048 ** 2);
  const { parameters: table6 } = named("super-resolution, Table 6");
  const layers = (32 * 16 + 16 * 12) * 1024 ** 2;
  assert.ok(table6 > layers && table6 < 1.06 * layers);
  // All but the embeddings multiply each of 256 tokens, twice; attention adds.
  const { gflop, parameters: cc3m } = named("base, CC3M");
  const products = 2 * 256 * cc3m / 1e9;
  assert.ok(gflop > 0.8 * products && gflop < 1.1 * products, `${gflop}`);
  const judge = named("judge");
  assert.deepEqual([judge.codes, judge.grid], [null, "16x16"]);
  assert.ok(judge.parameters > 5e5 && judge.gflop > 0.2);
  const [small, high, finetuned] = sizes;
  assert.deepEqual([small.grid, high.grid], ["16x16", "64x64"]);
  assert.ok(finetuned.parameters > 3 * high.parameters);
});

Deno.test("models prints a table with the networks of mini", async () => {
  const { code, out, err } = await models();
  assert.equal(code, 0, err);
  const lines = out.split("\n");
  assert.match(
    lines[0],
    /^model +network +layers +width +grid +codes +parameters +GFLOP +in /,
  );
  assert.match(
    out,
    /^paper +base, CC3M +36 +1024 +16x16 +8,192 +\d+\.\d M +\d+\.\d +632 M \(-?\d\.\d %\)$/m,
  );
  assert.match(
    out,
    /^mini +base +\d+ +\d+ +\d+x\d+ +[\d,]+ +\d+\.\d M +\d+\.\d$/m,
  );
  assert.match(out, /^mini +judge +1, 1, 2 +56 96 128 +16x16 +\d\.\d M +\d/m);
  assert.match(out, /^mini +super-resolution +\d+ \+ \d+ /m);
  assert.equal((await models("more")).code, 2);
});
