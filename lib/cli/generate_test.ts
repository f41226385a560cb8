import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeImage } from "../image/decode.ts";
import { readPngText } from "../image/encode.ts";
import type { GenerateResult } from "./drawing.ts";
import { withFolder } from "../run/temp_folder.ts";
import { run } from "./generate.ts";
import { runCaught } from "./run_caught.ts";

const QUICK = ["--steps", "2", "--no-superres"];
const generate = (...args: string[]) => runCaught("generate", run, args);

/** Starts the command as a user would, in a folder. */
function start(folder: string, args: string[]): Deno.ChildProcess {
  const main = new URL("main.ts", import.meta.url);
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-RWES", "--allow-ffi", main.href]
      .concat("generate", args),
    cwd: folder,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function finish(child: Deno.ChildProcess) {
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** Lines that tell no progress: of that there are some on a busy machine. */
const withoutProgress = (err: string) =>
  err.split("\n").filter((line) =>
    line !== "" && !/^(?:loading mini|step \d of \d|drew \d of .*)$/.test(line)
  );

const names = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("generate draws a picture, says where it is and how long it took", () =>
  withFolder(async (folder) => {
    const { code, out, err } = await finish(
      start(folder, ["A red apple!", ...QUICK]),
    );
    assert.equal(code, 0, err);
    assert.deepEqual(withoutProgress(err), []);
    const [path, times, end] = out.split("\n");
    assert.equal(path, join("out", "a-red-apple-0.png"));
    assert.match(
      times,
      /^load [\d.]+ s, text [\d.]+ s, decode [\d.]+ s, picture [\d.]+ s; [\d.]+ s in all$/,
    );
    assert.equal(end, "");
    assert.deepEqual(names(folder), ["out"]);
    assert.deepEqual(names(join(folder, "out")), ["a-red-apple-0.png"]);
    const bytes = await Deno.readFile(join(folder, path));
    const { width, height } = await decodeImage(bytes);
    assert.ok(width === height && width >= 64);
    const { "model hash": hash, ...text } = readPngText(bytes);
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(text, {
      prompt: "A red apple!",
      seed: "0",
      model: "mini",
      steps: "2",
      schedule: "cosine",
      guidance: "0.4",
      temperature: "0.5",
      "choice temperature": "3",
      sampler: "confidence",
      "superres steps": "0",
      Software: "Muselab",
    });
  }));

Deno.test("generate draws the picture of a seed, whatever else it draws", () =>
  withFolder(async (folder) => {
    const args = ["a fox", "--out", folder, ...QUICK];
    const first = await generate(...args, "--seed", "4", "--count", "3");
    assert.equal(first.code, 0, first.err);
    const three = ["a-fox-4.png", "a-fox-5.png", "a-fox-6.png"];
    assert.deepEqual(names(folder), ["a-fox-4-to-6.png", ...three]);
    const read = (name: string) => Deno.readFile(join(folder, name));
    const pictures = await Promise.all(three.map(read));
    assert.notDeepEqual(pictures[0], pictures[1]);
    const { width } = await decodeImage(pictures[0]);
    const sheet = await read("a-fox-4-to-6.png");
    assert.ok((await decodeImage(sheet)).width > 2 * width);
    assert.equal(readPngText(sheet).seed, "4 to 6");

    const alone = join(folder, "alone", "fox.png");
    await generate("a fox", "--seed", "5", "--out", alone, ...QUICK);
    assert.deepEqual(await Deno.readFile(alone), pictures[1]);
  }));

Deno.test("generate --sheet puts the pictures of all prompts on one", () =>
  withFolder(async (folder) => {
    const prompts = join(folder, "prompts.txt");
    await Deno.writeTextFile(prompts, "a fox\na bear\na cat\n");
    const path = join(folder, "sheet.png");
    await Deno.writeFile(path, new Uint8Array(3)); // named, so it is replaced
    const args = ["--prompts", prompts, "--count", "2", "--out", folder];
    const sheet = ["--sheet", path, "--sheet-side", "40"];
    const { code, err, out } = await generate(...args, ...sheet, ...QUICK);
    assert.equal(code, 0, err);
    assert.ok(out.trim().split("\n").includes(path), out);
    const bytes = await Deno.readFile(path);
    const { width, height } = await decodeImage(bytes);
    assert.equal(width, 6 + 4 * 46);
    assert.ok(height > 6 + 2 * 46, String(height));
    const text = readPngText(bytes);
    assert.equal(text.prompt, "a fox\na bear\na cat");
    assert.equal(text.seed, "0 to 1");
    assert.equal(names(folder).length, 3 * 3 + 2);
  }));

Deno.test("generate --json prints one object and nothing else", () =>
  withFolder(async (folder) => {
    const prompts = join(folder, "prompts.jsonl");
    await Deno.writeTextFile(
      prompts,
      '{"prompt": "a fox", "seed": 5}\n{"prompt": "a bear"}\n',
    );
    const { code, out, err } = await finish(
      start(
        folder,
        ["--prompts", prompts, "--batch", "1", "--top-k", "3", "--json"]
          .concat(
            "--sampler",
            "halton",
            "--top-p",
            "0.9",
            "--negative",
            "a dog",
            "--guidance",
            "2",
            QUICK,
          ),
      ),
    );
    assert.equal(code, 0, err);
    const result: GenerateResult = JSON.parse(out);
    assert.deepEqual(Object.keys(result), [
      ...["model", "settings", "pictures", "sheets", "trace"],
      ...["firstStep", "seconds"],
    ]);
    assert.equal(result.model.name, "mini");
    assert.deepEqual(result.settings, {
      steps: 2,
      schedule: "cosine",
      guidance: "2",
      temperature: 0.5,
      choiceTemperature: 3,
      sampler: "halton",
      remask: null,
      topK: 3,
      topP: 0.9,
      negative: "a dog",
      superresSteps: 0,
      superresGuidance: null,
      superresTemperature: null,
    });
    assert.deepEqual(result.pictures, [
      { file: join("out", "1-a-fox-5.png"), prompt: "a fox", seed: 5 },
      { file: join("out", "2-a-bear-0.png"), prompt: "a bear", seed: 0 },
    ]);
    assert.deepEqual(result.sheets, []);
    assert.equal(result.trace, null);
    const { load, text, decode, picture, total } = result.seconds;
    assert.ok(load > 0 && text > 0 && decode > 0 && picture > 0);
    assert.ok(total >= load + text + decode + picture);
    assert.ok(result.firstStep > load && result.firstStep < total);
    for (const { file, prompt, seed } of result.pictures) {
      const text = readPngText(await Deno.readFile(join(folder, file)));
      assert.deepEqual(
        [text.prompt, text.seed, text["top k"], text["top p"], text.negative],
        [prompt, String(seed), "3", "0.9", "a dog"],
      );
    }
  }));

Deno.test("generate keeps other pictures of a name, and replaces a named file", () =>
  withFolder(async (folder) => {
    const args = ["a fox", "--out", folder, "--schedule", "0"];
    await generate(...args);
    await generate(...args);
    assert.deepEqual(names(folder), ["a-fox-0.png"], "itself is replaced");
    const { out } = await generate(...args, "--temperature", "0");
    assert.equal(out.split("\n")[0], join(folder, "a-fox-0-2.png"));
    assert.deepEqual(names(folder), ["a-fox-0-2.png", "a-fox-0.png"]);
    const file = join(folder, "a-fox-0.png");
    const before = await Deno.readFile(file);
    await generate("a bear", "--out", file, "--schedule", "0");
    assert.notDeepEqual(await Deno.readFile(file), before);
    assert.equal(names(folder).length, 2);
  }));

Deno.test("generate --trace shows the decode beside the picture", () =>
  withFolder(async (folder) => {
    for (const name of ["t.html", "t.gif"]) {
      const path = join(folder, "traces", name);
      const { code, out, err } = await generate(
        ...["a <fox>", "--out", folder, "--trace", path, ...QUICK],
      );
      assert.equal(code, 0, err);
      assert.equal(out.split("\n")[1], path);
    }
    const html = await Deno.readTextFile(join(folder, "traces", "t.html"));
    assert.match(html, /^<!doctype html>[^]*<\/html>\n$/);
    assert.equal(html.match(/<tr data-step=/g)?.length, 2);
    assert.match(html, /<h1>a &#60;fox&#62;<\/h1>/);
    assert.match(html, /<dt>guidance<\/dt><dd>0\.4<\/dd>/);
    const gif = await Deno.readFile(join(folder, "traces", "t.gif"));
    assert.equal(new TextDecoder().decode(gif.subarray(0, 6)), "GIF89a");
    assert.equal(gif.at(-1), 0x3b, "the trailer");
  }));

Deno.test("generate warns of a prompt that the model doesn't read to its end", () =>
  withFolder(async (folder) => {
    const prompt = "a fox " + "and a fox ".repeat(12);
    const { code, err } = await generate(
      ...[prompt, "--out", folder, "--schedule", "0"],
    );
    assert.equal(code, 0);
    assert.match(err, /reads the first \d+ of the \d+ text ids of "a fox and/);
  }));

Deno.test({
  name: "generate ends at once on Ctrl-C, with whole files only",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const child = start(
        folder,
        ["a fox", "--count", "500", "--batch", "1", "--schedule", "0"],
      );
      const reader = child.stdout.getReader();
      await reader.read(); // the first picture is there
      child.kill("SIGINT");
      while (!(await reader.read()).done);
      const { code } = await child.status;
      await child.stderr.cancel();
      assert.equal(code, 130);
      const left = names(join(folder, "out"));
      assert.ok(left.length > 0 && left.length < 500);
      for (const name of left) {
        assert.match(name, /^a-fox-\d+\.png$/);
        await decodeImage(await Deno.readFile(join(folder, "out", name)));
      }
    }),
});

Deno.test("generate --help shows the options without loading a model", async () => {
  const { code, out } = await generate("--help");
  assert.equal(code, 0);
  assert.match(out, /--schedule NAME\|LIST/);
});
