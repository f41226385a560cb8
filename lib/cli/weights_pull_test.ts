import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  fakeBytes,
  type FakeHub,
  type FakeRepository,
  startHub,
} from "../hub/fake_hub.ts";
import {
  blobs,
  COMMIT,
  FILES,
  ranges,
  TINY,
  WEIGHTS,
  WEIGHTS_HASH,
} from "../hub/fake_tiny.ts";
import { withFolder } from "../run/temp_folder.ts";
import { denoFolder } from "../run/deno_folder.ts";
import { runCaught } from "./run_caught.ts";
import { run } from "./weights.ts";
import { hubVariables, withVariables } from "./with_variables.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

const weights = (...args: string[]) => runCaught("weights", run, args);

/** aMUSEd with tiny files, in the layout of the published one. */
function tinyAmused(pixels: 256 | 512): FakeRepository {
  return {
    name: `amused/amused-${pixels}`,
    commit: COMMIT,
    small: { "vqvae/config.json": "{}", "transformer/config.json": "{}" },
    large: {
      "vqvae/diffusion_pytorch_model.safetensors": fakeBytes(3000, 1),
      "transformer/diffusion_pytorch_model.safetensors": fakeBytes(3000, 2),
    },
  };
}

/** Lends a hub and an empty home to commands. */
async function withHome(
  test: (hub: FakeHub, folder: string) => Promise<void>,
): Promise<void> {
  const packages = await denoFolder();
  await withFolder(async (folder) => {
    await using hub = startHub(TINY, tinyAmused(256), tinyAmused(512));
    const variables = { ...hubVariables(hub, folder), DENO_DIR: packages };
    await withVariables(variables, () => test(hub, folder));
  });
}

const repository = (folder: string) =>
  `${folder}/huggingface/hub/models--some--tiny`;

Deno.test("weights pull downloads a repository's files and prints where", () =>
  withHome(async (hub, folder) => {
    const pull = ["pull", "some/tiny", ...FILES];
    const first = await weights(...pull);
    assert.equal(first.code, 0, first.err);
    assert.equal(first.out, `${repository(folder)}/snapshots/${COMMIT}`);
    assert.match(first.err, /some\/tiny: 2 files, 50\.0 kB, from http/);
    const before = hub.asked.length;
    const again = await weights(...pull);
    assert.deepEqual([again.out, again.err], [first.out, ""]);
    const like = await weights("pull", "some/tiny", "--like", "amused-512");
    assert.equal(like.code, 1);
    assert.match(
      like.err,
      /\/some\/tiny lacks model_index\.json, .* wants all of its 12 files/,
    );
    const asked = hub.asked.slice(before);
    assert.ok(asked.every(({ method }) => method === "HEAD"));
    // What is not in the catalogue is known by what is here.
    const path = await weights("path", "some/tiny");
    assert.equal(path.out, first.out);
    const verified = await weights("verify", "some/tiny");
    assert.equal(verified.code, 0, verified.err);
    assert.deepEqual(
      verified.out.split("\n").map((line) => line.split(/ +/)[1]),
      FILES,
    );
  }));

Deno.test("weights knows what is here of a published checkpoint", () =>
  withHome(async (hub, folder) => {
    const part = "amused-512/vqvae";
    const missing = await weights("path", part);
    assert.equal(missing.code, 1);
    assert.match(
      missing.err,
      /amused-512\/vqvae is not all here \(2 files, about 585 MB missing\); get it with `deno task weights pull amused-512\/vqvae`/,
    );
    const pulled = await weights("pull", part);
    assert.equal(pulled.code, 0, pulled.err);
    assert.match(
      pulled.err,
      /2 files, 3\.00 kB, .*\(licence: OpenRAIL\+\+/,
    );
    assert.equal((await weights("path", part)).out, pulled.out);
    const list = await weights("list");
    assert.match(list.out, /^ {2}amused-512 .*2 of 12 files here/m);
    assert.match(list.out, /^ {2}fid-inception +95\.6 MB +Apache-2\.0/m);
    assert.match(list.out, /^ {2}mini /m);
    const good = await weights("verify", part);
    assert.deepEqual([good.code, good.err], [0, ""]);
    assert.match(good.out, /vqvae\/config\.json {2}\w{12} {2}good \(first/);
    const whole = await weights("verify", "amused-512");
    assert.equal(whole.code, 1);
    assert.match(whole.err, /amused-512 is not all here \(10 files, about 2/);
    assert.equal(ranges(hub).length, 1);
    assert.ok(pulled.out.startsWith(folder));
  }));

Deno.test("weights verify finds damage among all that is here", () =>
  withHome(async () => {
    const { out } = await weights("pull", "amused-512/vqvae");
    const file = `${out}/vqvae/diffusion_pytorch_model.safetensors`;
    const bytes = await Deno.readFile(file);
    bytes[5] ^= 1;
    await Deno.writeFile(file, bytes);
    const all = await weights("verify");
    assert.equal(all.code, 1);
    assert.match(all.out, /mini\/base\.safetensors {2}\w{12} {2}good/);
    assert.match(
      all.err,
      /^Cannot use vqvae\/diff.* of amused-512: it is damaged .*; remove .*\/blobs\/\w{64} and pull it again$/,
    );
    await Deno.remove(await Deno.realPath(file));
    await weights("pull", "amused-512/vqvae");
    assert.equal((await weights("verify")).code, 0);
    // What has a name of its own is verified alone.
    const mini = await weights("verify", "mini");
    assert.equal(mini.code, 0);
    assert.doesNotMatch(mini.out, /minilm|amused/);
  }));

Deno.test("weights pull refuses another file than the catalogue's", () =>
  withHome(async (hub) => {
    const { code, err } = await weights("pull", "amused-256/transformer");
    assert.equal(code, 1);
    assert.match(
      err,
      /transformer\/diffusion_pytorch_model\.safetensors of amused\/amused-256@\w{7}: the publisher has another file now, with the SHA-256 \w{64}, wanted 9cc8627b\w{56}$/,
    );
    assert.deepEqual(ranges(hub), []);
  }));

Deno.test("weights says what it does not understand", () =>
  withHome(async (hub) => {
    const wrong: [string[], number, RegExp][] = [
      [["pull"], 2, /takes one name\./],
      [["pull", "some/tiny"], 2, /say which files of some\/tiny to pull/],
      [["pull", "amused-265"], 1, /Cannot find the checkpoint "amused-265"/],
      [["path", "amused-265"], 2, /did you mean "amused-256"\?/],
      [["verify", "nothing-like-it"], 2, /see `weights list`/],
      [["verify", "a", "b"], 2, /takes at most one name, not "a b"/],
      [["list", "--like", "mini"], 2, /--like says what `weights pull`/],
      [["path", "some/tiny"], 1, /nothing of some\/tiny is here; get its/],
      [["verify", "some/tiny"], 1, /nothing of some\/tiny is here; get its/],
    ];
    for (const [args, code, message] of wrong) {
      const ended = await weights(...args);
      assert.equal(ended.code, code, args.join(" "));
      assert.match(ended.err, message);
    }
    assert.deepEqual(hub.asked, []);
  }));

/** Starts the command as a user does, in the same home. */
function start() {
  const permissions = ["-RWES", "--allow-net=127.0.0.1"];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", ...permissions, MAIN, "weights"]
      .concat("pull", "some/tiny", ...FILES),
    // Those that are to be missing are missing here already.
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

Deno.test("weights pull of two processes at once downloads one file once", () =>
  withHome(async (hub, folder) => {
    // Both have asked before either is sent the large file.
    const both = Promise.withResolvers<void>();
    hub.intercept(({ server, method }) => {
      const heads = hub.asked.filter(({ path, method }) =>
        method === "HEAD" && path.endsWith("weights.bin")
      );
      if (heads.length === 2) both.resolve();
      if (server !== "storage" || method !== "GET") return;
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await both.promise;
          controller.enqueue(WEIGHTS);
          controller.close();
        },
      });
      return new Response(body);
    });
    const ended = await Promise.all(
      [1, 2].map(() => start().output()),
    );
    const decoder = new TextDecoder();
    for (const { code, stdout, stderr } of ended) {
      assert.equal(code, 0, decoder.decode(stderr));
      assert.match(decoder.decode(stdout), /snapshots\/(?:ab){20}\n$/);
    }
    assert.equal(ranges(hub).length, 1);
    const hubCache = `${folder}/huggingface/hub`;
    assert.equal(blobs({ settings: { hubCache } }).length, 2);
  }));

Deno.test({
  name: "weights pull keeps its part on Ctrl-C, and goes on from there",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withHome(async (hub, folder) => {
      const isStopped = Promise.withResolvers<void>();
      hub.intercept(({ server }) => {
        if (server !== "storage") return;
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(WEIGHTS.slice(0, 20_000)),
          cancel: () => isStopped.resolve(),
        });
        return new Response(body);
      });
      const child = start().spawn();
      const part = `${repository(folder)}/blobs/${WEIGHTS_HASH}.incomplete`;
      const size = async () => (await Deno.stat(part).catch(() => null))?.size;
      while (await size() !== 20_000) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      child.kill("SIGINT");
      const { code, stderr } = await child.output();
      assert.equal(code, 130);
      assert.match(
        new TextDecoder().decode(stderr),
        /Stopped; the same command goes on from here\.\n$/,
      );
      await isStopped.promise;
      hub.intercept(() => undefined);
      assert.equal((await weights("pull", "some/tiny", ...FILES)).code, 0);
      assert.deepEqual(ranges(hub), [null, "bytes=20000-"]);
      assert.equal(await size(), undefined);
    }),
});
