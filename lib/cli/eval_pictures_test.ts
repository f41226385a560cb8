import assert from "node:assert/strict";
import { join } from "node:path";
import { openSource } from "../../eval/source.ts";
import type { MetricFigure } from "../../eval/metrics/metric_figure.ts";
import { loadInception } from "../../eval/networks/load_inception.ts";
import { writeToyJudge } from "../../eval/probe/toy_probe.ts";
import { loadClip } from "../clip/model.ts";
import { decodeAsPillow } from "../image/decode_pillow.ts";
import { readSafetensorsHeader, readTensor } from "../run/safetensors.ts";
import { withFolder } from "../run/temp_folder.ts";
import { run } from "./eval.ts";
import { runCaught } from "./run_caught.ts";
import { withVariables } from "./with_variables.ts";

const here = (path: string) => new URL(path, import.meta.url).pathname;
const PICTURES = await readSafetensorsHeader(
  here("../image/testdata/decode_pillow.safetensors"),
);
const INCEPTION = here("../../eval/networks/testdata/narrow_inception.pth");
const CLIP = here("../clip/testdata/tiny");
const SAMPLES = ["grey.jpg", "rgba.png", "turned.tif"];
const REFERENCE = ["cmyk.jpg", "rgb.png", "lossy.webp"];

const evaluate = (...args: string[]) => runCaught("eval", run, args);

async function figuresOf(...args: string[]): Promise<MetricFigure[]> {
  const { code, out, err } = await evaluate(...args, "--json");
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

const bytesOf = async (name: string) =>
  await readTensor(PICTURES, `file ${name}`) as Uint8Array<ArrayBuffer>;

/** Two folders of pictures, and a judge that has learned nothing. */
async function withPictures(
  body: (path: (name: string) => string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const path = (name: string) => join(folder, name);
    for (const [name, files] of Object.entries({ a: SAMPLES, b: REFERENCE })) {
      await Deno.mkdir(path(name));
      for (const file of files) {
        await Deno.writeFile(join(path(name), file), await bytesOf(file));
      }
    }
    await writeToyJudge(path("judge.safetensors"));
    await body(path);
  });
}

Deno.test("eval fid and eval stats give one figure of pictures, features and statistics", () =>
  withPictures(async (path) => {
    const network = ["--weights", INCEPTION, "--convention", "clean-fid"];
    const [figure] = await figuresOf(
      ...["fid", path("a"), path("b"), ...network],
      ...["--save-features", path("a.safetensors")],
    );
    assert.equal(figure.title, "FID");
    assert.deepEqual(
      [figure.samples.network, figure.samples.resize, figure.samples.count],
      ["inception", "clean", 3],
    );
    assert.match(figure.samples.weights!, /^[0-9a-f]{64}$/);
    const out = path("b.npz");
    const stats = ["--weights", INCEPTION, "--resize=clean", "--batch=2"];
    const told = await evaluate("stats", path("b"), "--out", out, ...stats);
    assert.equal(told.code, 0, told.err);
    assert.match(
      told.out,
      /wrote .*b\.npz: 3 pictures of .*, 128 numbers each, inception, weights [0-9a-f]{12}, resize clean, fp32/,
    );
    const numbers = [path("a.safetensors"), out];
    const [same] = await figuresOf("fid", ...numbers, "--convention=clean-fid");
    assert.equal(same.value, figure.value);
    // What isn't said is as it was for the reference.
    const [again] = await figuresOf(
      ...["fid", path("a"), out, "--weights", INCEPTION],
    );
    assert.deepEqual(
      [again.value, again.samples.resize],
      [figure.value, "clean"],
    );
    const text = await evaluate("fid", ...numbers);
    assert.match(
      text.out,
      /^features {3}inception, weights .*resize clean, fp32$/m,
    );
    const other = await evaluate(
      ...["fid", path("a"), out, "--weights", INCEPTION, "--resize", "tf1"],
    );
    assert.match(other.err, /of pictures resized as tf1 with clean; wanted/);
  }));

Deno.test("eval fid, stats and clip-score compute in the precision that is named, and tell", () =>
  withPictures(async (path) => {
    await Deno.writeTextFile(
      path("captions.jsonl"),
      SAMPLES.map((name) =>
        JSON.stringify({ image: `a/${name}`, caption: `a picture of ${name}` })
      ).join("\n"),
    );
    const pairs = ["clip-score", path("captions.jsonl"), "--clip", CLIP];
    const how = ["--out", path("scores.jsonl"), "--threads=1"];
    const half = "--precision=fp16-storage";
    const small = ["--weights", INCEPTION, half];
    await withVariables({ XDG_CACHE_HOME: path("cache") }, async () => {
      const [exact] = await figuresOf(...pairs, ...how);
      const [rounded] = await figuresOf(...pairs, ...how, half);
      const scores = [exact, rounded] as unknown as {
        readonly precision: string;
        readonly x100: number;
      }[];
      assert.deepEqual(scores.map(({ precision }) => precision), [
        ...["fp32", "fp16-storage"],
      ]);
      const apart = Math.abs(scores[0].x100 - scores[1].x100);
      assert(apart > 0 && apart < 0.2, `${apart} points`);

      const [score] = await figuresOf(
        ...["fid", path("captions.jsonl"), path("b"), "--metrics=clip-score"],
        ...["--clip", CLIP, half],
      );
      assert.equal(100 * score.value, scores[1].x100);
      assert.equal(score.samples.precision, "fp16-storage");

      const out = path("b.npz");
      const told = await evaluate(
        ...["stats", path("b"), "--out", out, ...small],
      );
      assert.match(told.out, /resize torch, fp16-storage$/m);
      const [same] = await figuresOf("fid", path("a"), out, ...small);
      assert.equal(same.reference!.precision, "fp16-storage");
      const other = await evaluate(
        ...["fid", path("a"), out, "--weights", INCEPTION],
      );
      assert.match(other.err, /computed in fp32 with fp16-storage; wanted/);
      const judge = ["--features=probe", "--precision=int8"];
      const { code, err } = await evaluate("fid", path("a"), out, ...judge);
      assert.equal(code, 2);
      assert.match(err, /the judge reads in fp32; leave out --precision/);
    });
  }));

Deno.test("eval fid takes inner layers of Inception, as pytorch-fid's --dims", () =>
  withPictures(async (path) => {
    const both = ["fid", path("a"), path("b"), "--weights", INCEPTION];
    const saved = path("a.safetensors");
    const [figure] = await figuresOf(
      ...[...both, "--layer", "768", "--save-features", saved],
    );
    // The narrow network has a sixteenth of the channels.
    assert.deepEqual([figure.samples.network, figure.samples.width], [
      ...["inception-768", 48],
    ]);
    assert.equal(figure.title, "Fréchet distance");
    const network = await loadInception(INCEPTION);
    const pictures = await Promise.all(
      SAMPLES.map(async (name) => decodeAsPillow(await bytesOf(name))),
    );
    const wanted = await network.outputs(pictures, ["768"]);
    await network.release();
    const source = await openSource(saved, false);
    assert.ok(source.kind === "numbers");
    assert.deepEqual(source.set.features!.data, wanted["768"]);
    const mixed = await evaluate("fid", saved, ...both.slice(2));
    assert.match(mixed.err, /of the network inception-768 with inception;/);
    const wrong: [string[], RegExp][] = [
      [["--layer", "100"], /--layer is one of 64, 192, 768, 2048/],
      [["--layer=64", "--features=clip"], /--layer is of inception, not of cl/],
    ];
    for (const [args, message] of wrong) {
      const { code, err } = await evaluate(...both, ...args);
      assert.equal(code, 2);
      assert.match(err, message);
    }
  }));

Deno.test("eval fid shows pictures to the network that is named", () =>
  withPictures(async (path) => {
    const [figure] = await figuresOf(
      ...["fid", path("a"), path("b"), "--features", "probe"],
      ...["--weights", path("judge.safetensors")],
    );
    assert.equal(figure.title, "FD-probe");
    const [cmmd] = await figuresOf(
      ...["fid", path("a"), path("b"), "--metrics", "cmmd", "--weights", CLIP],
    );
    assert.deepEqual(
      [cmmd.title, cmmd.samples.network, cmmd.samples.resize],
      ["CMMD", "clip", "cmmd"],
    );
    const scores = await figuresOf(
      ...["fid", path("a"), path("b"), "--metrics=is", "--weights", INCEPTION],
      "--convention=torchmetrics",
    ).catch((error) => error);
    assert.match(String(scores), /3 samples/);
    assert.equal((await openSource(path("a"), true)).kind, "pictures");
  }));

Deno.test("eval fid, stats and clip-score say what they can't do", () =>
  withPictures(async (path) => {
    await Deno.writeFile(join(path("b"), "z.png"), new Uint8Array(3));
    const both = ["fid", path("a"), path("b")];
    const cases: [string[], number, RegExp][] = [
      [
        [...both, "--metrics=fid,cmmd", "--weights", INCEPTION],
        2,
        /--weights is of one network, .* inception and clip/,
      ],
      [[...both, "--resize", "openai"], 2, /--resize is one of torch, tf1/],
      [[...both, "--features", "vgg"], 2, /--features is one of inception/],
      [
        [...both, "--weights", INCEPTION],
        1,
        /Cannot use z\.png: Decoding 3 bytes as a picture failed/,
      ],
      [[...both, "--features=dinov2"], 1, /dinov2-vitl14 is not all here/],
      [["stats", path("a")], 2, /--out, a file that ends in \.npz or/],
      [["stats", "--out=a.npz"], 2, /takes one set of pictures, not 0/],
      [["clip-score"], 2, /takes one set of pairs, not 0/],
    ];
    await withVariables({ XDG_CACHE_HOME: path("cache") }, async () => {
      for (const [args, code, message] of cases) {
        const ended = await evaluate(...args);
        assert.match(ended.err, message);
        assert.deepEqual([ended.code, ended.out], [code, ""], ended.err);
      }
    });
    const skipped = await evaluate(
      ...[...both, "--weights", INCEPTION, "--skip-broken"],
    );
    assert.equal(skipped.code, 0);
    assert.match(
      skipped.err,
      /left out of .*b 1 that can't be read:\n.*z\.png/,
    );
  }));

Deno.test("eval fid gives the CLIP score of captioned samples, as eval clip-score does", () =>
  withPictures(async (path) => {
    for (const name of SAMPLES) {
      const text = join(path("a"), name.replace(/\w+$/, "txt"));
      await Deno.writeTextFile(text, `a picture called ${name}`);
    }
    const lines = SAMPLES.map((name) =>
      JSON.stringify({
        image: `a/${name}`,
        caption: `a picture called ${name}`,
      })
    );
    await Deno.writeTextFile(path("captions.jsonl"), lines.join("\n"));
    const scores = ["clip-score", path("a"), "--out", path("scores.jsonl")];
    const [wanted] = await figuresOf(...scores, "--clip", CLIP) as unknown as {
      readonly cosine: number;
    }[];
    const metrics = ["--metrics", "fid,clip-score", "--clip", CLIP];
    const others = ["--weights", INCEPTION];
    for (const samples of ["a", "captions.jsonl"]) {
      const both = [path(samples), path("b")];
      const [fid, score] = await figuresOf(
        ...["fid", ...both, ...metrics, ...others],
      );
      assert.equal(fid.title, "FID");
      assert.equal(score.title, "CLIP score, tiny");
      assert.equal(score.value, wanted.cosine);
      const { convention, samples: set, settings } = score;
      assert.deepEqual([convention, set.count, set.network, set.resize], [
        ...["cosine", 3, "clip", "openai"],
      ]);
      assert.match(set.weights!, /^[0-9a-f]{64}$/);
      assert.deepEqual(settings, { captions: 3 });
    }
    const [hundred] = await figuresOf(
      ...["fid", path("a"), path("b"), "--metrics=clip-score", "--clip", CLIP],
      "--convention=torchmetrics",
    );
    assert(Math.abs(hundred.value - 100 * Math.max(0, wanted.cosine)) < 1e-9);
    for (const samples of [path("b"), path("scores.jsonl"), CLIP]) {
      const { code, err } = await evaluate(
        ...["fid", samples, path("b"), ...metrics, ...others],
      );
      assert.equal(code, 1);
      assert.match(
        err,
        /Cannot compute clip-score of .*, for want of captions/,
      );
    }
  }));

Deno.test("eval clip-score scores each caption of each picture", () =>
  withPictures(async (path) => {
    const captions: Record<string, string[]> = {
      "a/grey.jpg": ["a grey slope"],
      "a/rgba.png": ["colours", `a ${"very ".repeat(40)}long text`],
    };
    const lines = Object.entries(captions).map(([image, captions]) =>
      JSON.stringify({ image, captions })
    );
    await Deno.writeTextFile(path("captions.jsonl"), lines.join("\n"));
    const out = path("scores.jsonl");
    const args = ["clip-score", path("captions.jsonl"), "--out", out];
    const told = await evaluate(...args, "--clip", CLIP, "--batch", "1");
    assert.equal(told.code, 0, told.err);
    const clip = await loadClip(CLIP);
    const pairs = (await Deno.readTextFile(out)).trim().split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      pairs.map(({ image, caption }) => [image, caption]),
      Object.entries(captions).flatMap(([image, captions]) =>
        captions.map((caption) => [image, caption])
      ),
    );
    let sum = 0;
    for (const { image, caption, cosine } of pairs) {
      const file = await Deno.readFile(path(image));
      const [x, y] = [
        await clip.encodeImages([await decodeAsPillow(file)]),
        await clip.encodeTexts([caption]),
      ];
      const wanted = x.reduce((sum, value, i) => sum + value * y[i], 0);
      assert(Math.abs(cosine.tiny - wanted) < 1e-6, `${cosine.tiny}`);
      sum += wanted / 3;
    }
    await clip.release();
    assert.match(told.out, /^3 pairs of .*captions\.jsonl, fp32$/m);
    const [, cosine, times] =
      /tiny +cosine (\S+) ± \S+, x100 (\S+); 1 captions cut/
        .exec(told.out)!;
    assert(Math.abs(Number(cosine) - sum) < 1e-4);
    assert(Math.abs(Number(times) - 100 * sum) < 1e-2);
    const again = await evaluate(...args, "--clip", CLIP, "--json");
    assert.equal(JSON.parse(again.out)[0].pairs, 3);
  }));
