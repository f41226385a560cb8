import assert from "node:assert/strict";
import { join } from "node:path";
import { tinyFolder } from "../amused/parity.ts";
import { withFolder } from "../run/temp_folder.ts";
import { UsageError } from "./errors.ts";
import { readRequest } from "./generate_args.ts";
import { hubVariables, withVariables } from "./with_variables.ts";

/** The scale of guidance that the preset for a model is. */
function bestScale(model: string) {
  const args = ["a fox", "--model", model, "--preset", "best"];
  const { guidance } = readRequest(args)!.settings;
  return typeof guidance === "object" && guidance.kind === "constant"
    ? guidance.scale
    : guidance;
}

const [SMALL, LARGE] = [3, 19];

/** What is looked at of a pipeline. */
async function writePipeline(folder: string, config: unknown) {
  await Deno.mkdir(join(folder, "transformer"), { recursive: true });
  await Deno.writeTextFile(join(folder, "model_index.json"), "{}");
  const path = join(folder, "transformer", "config.json");
  await Deno.writeTextFile(path, JSON.stringify(config));
}

Deno.test("--preset best goes by the config of a folder, whatever its name", () =>
  withFolder(async (folder) => {
    const [small, large, odd] = ["tuned-512", "tuned-256", "odd-512"]
      .map((name) => join(folder, name));
    await writePipeline(small, { sample_size: 16 });
    await writePipeline(large, { sample_size: 32 });
    await writePipeline(odd, {});
    assert.equal(bestScale(tinyFolder("tiny-256")), SMALL);
    assert.equal(bestScale(small), SMALL);
    assert.equal(bestScale(large), LARGE);
    assert.throws(() => bestScale(odd), (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /own pictures, which .*config\.json doesn't/);
      return true;
    });
  }));

Deno.test("--preset best goes by the config of a repository that is here", () =>
  withFolder(async (folder) => {
    const hub = { endpoint: "http://127.0.0.1" };
    const snapshot = (name: string, commit: string) =>
      join(
        ...[folder, "huggingface", "hub", `models--some--${name}`],
        ...["snapshots", commit.repeat(20)],
      );
    await writePipeline(snapshot("tuned-512", "ab"), { sample_size: 16 });
    await writePipeline(snapshot("tuned-512", "cd"), { sample_size: 16 });
    await writePipeline(snapshot("tuned-256", "ab"), { sample_size: 32 });
    await writePipeline(snapshot("other", "ab"), { sample_size: 32 });
    await writePipeline(snapshot("other", "cd"), { sample_size: 16 });
    await withVariables(hubVariables(hub, folder), () => {
      assert.equal(bestScale("some/tuned-512"), SMALL);
      assert.equal(bestScale("some/tuned-256@main"), LARGE);
      for (const name of ["some/none-512", "some/other"]) {
        assert.throws(
          () => bestScale(name),
          new RegExp(
            `known once it is here; get it with \`deno task weights pull ` +
              `${name} --like amused-256\`\\.$`,
          ),
        );
      }
      return Promise.resolve();
    });
  }));

Deno.test("--preset best knows the models of the catalogue before they are here", () => {
  assert.equal(bestScale("amused-256"), SMALL);
  assert.equal(bestScale("amused-512-fp16"), LARGE);
  assert.equal(bestScale("amused/amused-512"), LARGE);
  assert.equal(bestScale("amused-512@v1"), LARGE);
});
