/** The commands that draw, with a published model. */

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { TESTDATA, tinyFolder } from "../amused/parity.ts";
import { startHub } from "../hub/fake_hub.ts";
import { folderRepository } from "../hub/fake_tiny.ts";
import { decodeImage } from "../image/decode.ts";
import { encodePng, readPngText } from "../image/encode.ts";
import { createPicture } from "../image/picture.ts";
import { sizeText } from "../run/disk.ts";
import { contents, withFolder } from "../run/temp_folder.ts";
import { run as edit } from "./edit.ts";
import { run as generate } from "./generate.ts";
import { runCaught } from "./run_caught.ts";
import { hubVariables, withVariables } from "./with_variables.ts";

const MODEL = ["--model", tinyFolder("tiny-256")];
const LORA = join(TESTDATA, "lora.safetensors");

async function read(path: string) {
  const bytes = await Deno.readFile(path);
  const { width, height, data } = await decodeImage(bytes);
  return { size: [width, height], data, text: readPngText(bytes) };
}

Deno.test("generate draws with a folder of aMUSEd's, at any size", () =>
  withFolder(async (folder) => {
    const draw = async (name: string, ...options: string[]) => {
      const out = join(folder, name);
      const args = ["a red apple", ...MODEL, "--size", "96x64", "--out", out];
      const more = ["--steps", "2", ...options];
      const { code, err } = await runCaught("generate", generate, [
        ...args,
        ...more,
      ]);
      assert.equal(code, 0, err);
      return await read(out);
    };
    const plain = await draw("a.png");
    assert.deepEqual(plain.size, [96, 64]);
    const { text } = plain;
    assert.equal(text.model, "tiny-256");
    assert.equal(text.schedule, "cosine32");
    assert.equal(text.guidance, "9");
    assert.equal(text["choice temperature"], "2");
    const low = await draw("b.png", "--low-memory");
    assert.deepEqual(low, plain);
    const best = await draw("c.png", "--preset", "best");
    assert.equal(best.text.guidance, "3");
    const adapted = await draw("d.png", "--lora", LORA, "--lora-scale", "3");
    assert.equal(adapted.text.adapters, "lora.safetensors 3");
    assert.notEqual(adapted.text["model hash"], text["model hash"]);
    assert.notDeepEqual(adapted.data, plain.data);
  }));

Deno.test("generate draws with a finetuned model by its name on the hub", async () => {
  const root = tinyFolder("tiny-256");
  const repository = await folderRepository("some/tuned", root);
  await withFolder(async (folder) => {
    await using hub = startHub(repository);
    const draw = async (model: string, ...options: string[]) => {
      const out = join(folder, `${options.length}.png`);
      const { code, err } = await runCaught("generate", generate, [
        ...["a red apple", "--model", model, "--steps", "2", "--out", out],
        ...options,
      ]);
      return { code, err, drawn: code === 0 ? await read(out) : undefined };
    };
    await withVariables(hubVariables(hub, folder), async () => {
      const asked = await draw("some/tuned");
      assert.equal(asked.code, 1);
      assert.match(
        asked.err,
        /some\/tuned is not all here: 12 files, \d{3} kB to download.*get it with `deno task weights pull some\/tuned --like amused-256`, or add --yes/,
      );
      assert.ok(hub.asked.every(({ method }) => method === "HEAD"));
      const { code, err, drawn } = await draw("some/tuned", "--yes");
      assert.equal(code, 0, err);
      assert.equal(drawn!.text.model, "some/tuned");
      const own = await draw(tinyFolder("tiny-256"));
      assert.deepEqual(drawn!.data, own.drawn!.data);
      const requests = hub.asked.length;
      const offline = { HF_HUB_OFFLINE: "1" };
      const again = await withVariables(offline, () => draw("some/tuned"));
      assert.deepEqual(again.drawn, drawn);
      assert.equal(hub.asked.length, requests);
    });
  });
});

Deno.test("generate --preset best downloads a model before it goes by its size", () =>
  withFolder(async (folder) => {
    const root = tinyFolder("tiny-256");
    const repository = await folderRepository("some/tuned-256", root);
    const path = "transformer/config.json";
    const small = repository.small![path];
    const large = JSON.stringify({ ...JSON.parse(small), sample_size: 32 });
    await using hub = startHub({
      ...repository,
      small: { ...repository.small, [path]: large },
    });
    const out = join(folder, "a.png");
    const draw = (...options: string[]) =>
      runCaught("generate", generate, [
        ...["a red apple", "--model", "some/tuned-256", "--preset", "best"],
        ...["--steps", "2", "--size", "64x64", "--out", out, ...options],
      ]);
    await withVariables(hubVariables(hub, folder), async () => {
      const asked = await draw();
      assert.equal(asked.code, 1);
      assert.match(asked.err, /some\/tuned-256 is not all here: 12 files/);
      const { code, err } = await draw("--yes");
      assert.equal(code, 0, err);
      assert.equal((await read(out)).text.guidance, "19");
    });
  }));

Deno.test("generate draws with a finetuned model that is on the hub in float16 alone", () =>
  withFolder(async (folder) => {
    const root = join(folder, "half");
    const whole = tinyFolder("tiny-256");
    for (const path of contents(whole)) {
      const { isFile } = await Deno.stat(join(whole, path));
      if (!isFile || /^[^.]*\.safetensors$/.test(path)) continue;
      await Deno.mkdir(dirname(join(root, path)), { recursive: true });
      await Deno.copyFile(join(whole, path), join(root, path));
    }
    await using hub = startHub(await folderRepository("some/half", root));
    const out = join(folder, "a.png");
    const run = (model: string, ...options: string[]) =>
      runCaught("generate", generate, [
        ...["a red apple", "--model", model, "--steps", "2", "--out", out],
        ...options,
      ]);
    const draw = async (model: string) => {
      const { code, err } = await run(model, "--yes");
      assert.equal(code, 0, err);
      return (await read(out)).data;
    };
    await withVariables(hubVariables(hub, folder), async () => {
      const bytes = contents(root).map((path) =>
        Deno.statSync(join(root, path))
      )
        .reduce((sum, { isFile, size }) => sum + (isFile ? size : 0), 0);
      const { err } = await run("some/half");
      assert.ok(err.includes(`12 files, ${sizeText(bytes)} to download`), err);
      assert.deepEqual(await draw("some/half"), await draw(root));
    });
  }));

Deno.test("generate says what a repository lacks that has a part of a model alone", () =>
  withFolder(async (folder) => {
    const root = join(tinyFolder("tiny-256"), "transformer");
    await using hub = startHub(await folderRepository("some/part", root));
    await withVariables(hubVariables(hub, folder), async () => {
      for (const options of [[], ["--yes"]]) {
        const args = ["a fox", "--model", "some/part", ...options];
        const { code, err } = await runCaught("generate", generate, args);
        assert.equal(code, 1);
        assert.match(err, /some\/part lacks model_index\.json, .*vqvae\/conf/);
        assert.match(err, /that it was finetuned from, put the files of both/);
      }
    });
  }));

Deno.test("edit shows aMUSEd a whole picture, or a window of it", () =>
  withFolder(async (folder) => {
    const grey = createPicture(48, 32, new Uint8Array(48 * 32 * 3).fill(99));
    const picture = join(folder, "grey.png");
    await Deno.writeFile(picture, await encodePng(grey));
    const change = async (...args: string[]) => {
      const [kind, ...options] = args;
      const out = join(folder, `${kind}.png`);
      const { code, err } = await runCaught("edit", edit, [
        ...[kind, picture, "frog", ...MODEL, "--steps", "2"],
        ...["--out", out, ...options],
      ]);
      assert.equal(code, 0, err);
      return await read(out);
    };
    const box = ["--box", "0,0,16,16"];
    for (const how of [["--whole"], []]) {
      const drawn = await change("inpaint", ...box, ...how);
      assert.deepEqual(drawn.size, [48, 32]);
      assert.equal(drawn.text.schedule, "linear32");
      assert.equal(drawn.text.whole, how.length > 0 ? "true" : undefined);
      const at = (x: number, y: number) => drawn.data[3 * (48 * y + x)];
      assert.equal(at(40, 20), 99);
      assert.ok(
        Array.from({ length: 16 }, (_, x) => at(x, 3)).some((v) => v !== 99),
      );
    }
    const varied = await change("vary", "--whole", "--strength", "1");
    assert.deepEqual(varied.size, [48, 32]);
  }));

Deno.test("commands say what a published model can't do", async () => {
  const wrong: [string[], RegExp, number][] = [
    [["--size", "96x64", "--superres-steps", "2"], /no super-resolution/, 2],
    [["--best-of", "2", "--score", "likelihood"], /by agreement/, 1],
    [["--lora", "nothing.safetensors"], /nothing\.safetensors/, 1],
  ];
  for (const [options, message, ending] of wrong) {
    const args = ["a frog", ...MODEL, "--steps", "1", ...options];
    const { code, err } = await runCaught("generate", generate, args);
    assert.match(err, message);
    assert.equal(code, ending);
  }
});
