import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { denoFolder } from "./deno_folder.ts";
import { contents, withFolder } from "./temp_folder.ts";

/** Uses the runtime, and gives it the time to write what it writes. */
const SCRIPT = `
import { largestSum } from
  ${JSON.stringify(import.meta.resolve("./int8_levels.ts"))};
await largestSum(1);
await new Promise((resolve) => setTimeout(resolve, 500));
console.log(Deno.env.get("ORT_DISABLE_TELEMETRY"));
`;

/** What a new process prints, and what it leaves in its cache and beside it. */
async function use(variables: Record<string, string>) {
  return await withFolder(async (folder) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", "--no-check", SCRIPT],
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      clearEnv: true, // builds of CI, which it says by a variable, send nothing
      env: {
        DENO_DIR: await denoFolder(),
        XDG_CACHE_HOME: folder,
        TMPDIR: folder,
        ...variables,
      },
    });
    const { stdout, stderr, success } = await child.output();
    const [out, err] = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes).trimEnd()
    );
    assert.ok(success, err);
    return { out, left: contents(folder) };
  });
}

Deno.test({
  name: "the runtime keeps no record of what it does",
  ignore: Deno.build.os !== "linux",
  async fn() {
    assert.deepEqual(await use({}), { out: "1", left: [] });
  },
});

Deno.test("a variable that the user set stays", async () => {
  const { out } = await use({ ORT_DISABLE_TELEMETRY: "true" });
  assert.equal(out, "true");
});
