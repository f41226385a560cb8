import assert from "node:assert/strict";
import { join } from "node:path";
import { writeSafetensors } from "../run/safetensors.ts";
import { withFolder } from "../run/temp_folder.ts";
import { runCaught } from "./run_caught.ts";
import { run } from "./weights.ts";

const weights = (...args: string[]) => runCaught("weights", run, args);

/** Runs with a folder that holds the weights of a model without sense. */
async function withWeights(
  test: (root: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (root) => {
    const files = {
      "tiny/tokenizer": { stage: "tokenizer" },
      "tiny/base": { stage: "base" },
      "text/encoder": { model: "some/encoder", license: "MIT" },
    };
    for (const [path, metadata] of Object.entries(files)) {
      await Deno.mkdir(join(root, path.split("/")[0]), { recursive: true });
      await writeSafetensors(`${root}/${path}.safetensors`, [], metadata);
    }
    await test(root);
  });
}

Deno.test("weights manifest lists the files, and says what changed later", () =>
  withWeights(async (root) => {
    const first = await weights("manifest", "--weights", root);
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /new: text\/encoder\.safetensors/);
    const names = async () => {
      const entries = await Array.fromAsync(Deno.readDir(root));
      return entries.map(({ name }) => name).sort();
    };
    assert.deepEqual(await names(), ["manifest.json", "text", "tiny"]);
    const second = await weights("manifest", "--weights", root);
    assert.equal(second.out, "Nothing has changed.");
    const base = `${root}/tiny/base.safetensors`;
    await writeSafetensors(base, [], { stage: "base", steps: "9" });
    const third = await weights("manifest", "--weights", root);
    assert.equal(third.out, "changed: tiny/base.safetensors");
    const { code } = await weights("verify", "--weights", root);
    assert.equal(code, 0);
  }));

Deno.test("weights verify goes through all files and fails if one is damaged", () =>
  withWeights(async (root) => {
    await weights("manifest", "--weights", root);
    await Deno.truncate(`${root}/text/encoder.safetensors`, 20);
    const { code, out, err } = await weights("verify", "--weights", root);
    assert.equal(code, 1);
    assert.match(err, /text\/encoder\.safetensors: it is damaged \(20 bytes/);
    assert.match(out, /tiny\/base\.safetensors {2}[0-9a-f]{12} {2}good/);
    assert.match(out, /tiny\/tokenizer\.safetensors .*good/);
  }));

Deno.test("weights list shows models, sizes, licences and origins", () =>
  withWeights(async (root) => {
    await weights("manifest", "--weights", root);
    const { out } = await weights("list", "--weights", root);
    assert.match(out, /tiny {2}tiny\/tokenizer\.safetensors, .*, text$/m);
    assert.match(out, /text\/encoder\.safetensors +\d\.\d MB +MIT +some\/enc/);
  }));

Deno.test("weights path finds models, files and the text encoder", () =>
  withWeights(async (root) => {
    await weights("manifest", "--weights", root);
    const found = {
      "tiny": `${root}/tiny`,
      "text": `${root}/text`,
      "tiny/base": `${root}/tiny/base.safetensors`,
      "tiny/base.safetensors": `${root}/tiny/base.safetensors`,
    };
    for (const [name, path] of Object.entries(found)) {
      const { out } = await weights("path", name, "--weights", root);
      assert.equal(out, path);
    }
    const { code, err } = await weights("path", "tyni", "--weights", root);
    assert.equal(code, 2);
    assert.match(err, /no weights "tyni"; did you mean "tiny"\?/);
  }));

Deno.test("weights says what is wrong with its arguments", async () => {
  const wrong: [string[], RegExp][] = [
    [[], /say what to do: list, pull, verify, path, manifest/],
    [["lst"], /did you mean "list"\?/],
    [["remove"], /no "weights remove"; there are list/],
    [["list", "all"], /takes nothing more, not "all"/],
    [["path"], /takes one name\./],
    [["list", "--weight", "x"], /no option --weight; did you mean --weights\?/],
    [["list", "--weights"], /--weights needs a value/],
  ];
  for (const [args, message] of wrong) {
    const { code, out, err } = await weights(...args);
    assert.equal(code, 2, args.join(" "));
    assert.match(err, message);
    assert.equal(out, "");
  }
});

Deno.test("weights fails where there is no manifest", async () => {
  const { code, err } = await weights("list", "--weights", "nowhere");
  assert.equal(code, 1);
  assert.match(err, /nowhere\/manifest\.json/);
});

Deno.test("weights --help prints its actions", async () => {
  const { code, out } = await weights("--help");
  assert.equal(code, 0);
  assert.match(out, /path NAME/);
});
