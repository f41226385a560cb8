import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MetricFigure } from "../../eval/metrics/metric_figure.ts";
import { gaussianOf, momentsOf } from "../../eval/metrics/moments.ts";
import { writeNpy } from "../../eval/metrics/npy.ts";
import { openNpz, readNpzArray, writeNpz } from "../../eval/metrics/npz.ts";
import { writeStatistics } from "../../eval/metrics/statistics_file.ts";
import parity from "../../eval/metrics/testdata/parity.json" with {
  type: "json",
};
import { writeSafetensors } from "../run/safetensors.ts";
import { withFolder } from "../run/temp_folder.ts";
import { run } from "./eval.ts";
import { runCaught } from "./run_caught.ts";

const PARITY = new URL(
  "../../eval/metrics/testdata/parity.npz",
  import.meta.url,
);
const npz = await openNpz(fileURLToPath(PARITY));

const evaluate = (...args: string[]) => runCaught("eval", run, args);

/** Features and logits of the parity test, in every form. */
async function withSets(
  body: (path: (name: string) => string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const path = (name: string) => join(folder, name);
    const [generated, reference, logits] = await Promise.all(
      ["generated", "reference", "logits"].map((name) =>
        readNpzArray(npz, name)
      ),
    );
    await writeNpz(path("feats.npz"), { feats: generated });
    await Deno.writeFile(path("features.npy"), writeNpy(generated));
    const tensor = (name: string, array: typeof logits) => ({
      name,
      dtype: "F32" as const,
      shape: array.shape,
      data: array.data as Float32Array,
    });
    for (const network of ["inception", "dinov2"]) {
      const tensors = [tensor("features", reference), tensor("logits", logits)];
      await writeSafetensors(path(`${network}.safetensors`), tensors, {
        network,
      });
    }
    const [count, width] = reference.shape;
    const data = reference.data as Float32Array;
    const moments = await momentsOf({ count, width, data });
    await writeStatistics(path("stats.npz"), { features: gaussianOf(moments) });
    await writeNpz(path("logits.npz"), { logits });
    await body(path);
  });
}

async function figuresOf(...args: string[]): Promise<MetricFigure[]> {
  const { code, out, err } = await evaluate("fid", ...args, "--json");
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

Deno.test("eval fid gives one figure for every form of the same sets", () =>
  withSets(async (path) => {
    const wanted = parity.frechet[""]["pytorch-fid"];
    for (const samples of ["feats.npz", "features.npy"]) {
      for (const reference of ["stats.npz", "inception.safetensors"]) {
        const [figure] = await figuresOf(path(samples), path(reference));
        assert(Math.abs(figure.value / wanted - 1) < 1e-6, `${figure.value}`);
        assert.deepEqual(
          [figure.convention, figure.title, figure.samples.count],
          ["pytorch-fid", "Fréchet distance", 120],
        );
        assert.equal(figure.reference!.count, 150);
        assert.match(figure.notes[0], /few samples: sets of 120 and 150/);
      }
    }
    const { code, out } = await evaluate(
      "fid",
      path("feats.npz"),
      path("stats.npz"),
    );
    assert.equal(code, 0);
    assert.match(
      out,
      /^samples {4}.*feats\.npz: 120 samples, 12 numbers each, /,
    );
    assert.match(
      out,
      /^ {2}Fréchet distance {2}0\.3123394 +pytorch-fid, ddof 1$/m,
    );
    assert.match(out, /^few samples: /m);
  }));

Deno.test("eval fid divides stored covariances as the program does, or says that it can't", () =>
  withSets(async (path) => {
    const stylegan = "--convention=stylegan3";
    const samples = path("feats.npz");
    const features = path("inception.safetensors");
    const [wanted] = await figuresOf(samples, features, stylegan);
    const [found] = await figuresOf(samples, path("stats.npz"), stylegan);
    assert(Math.abs(found.value / wanted.value - 1) < 1e-9, `${found.value}`);
    assert.deepEqual(found.settings, { ddof: 0 });
    // As others write them, without a count.
    const stats = await openNpz(path("stats.npz"));
    const [mu, sigma] = await Promise.all(
      ["mu", "sigma"].map((name) => readNpzArray(stats, name)),
    );
    const foreign = path("foreign.npz");
    await writeNpz(foreign, { mu, sigma });
    const [half] = await figuresOf(samples, foreign, stylegan);
    assert.notEqual(half.value, wanted.value);
    assert.equal(half.settings.ddof, "0, of the reference as stored");
    const [none] = await figuresOf(foreign, foreign, stylegan);
    assert.equal(none.settings.ddof, "as stored");
    const [usual] = await figuresOf(samples, foreign);
    assert.equal(usual.settings.ddof, 1);
  }));

Deno.test("eval fid computes each metric as the program that is named", () =>
  withSets(async (path) => {
    const both = [path("feats.npz"), path("inception.safetensors")];
    const dgm = await figuresOf(
      ...both,
      ...["--metrics", "fid,kid,prdc,fid-inf", "--convention", "dgm-eval"],
      ...["--subset-size", "50"],
    );
    assert.deepEqual(dgm.map(({ metric }) => metric), [
      "fid",
      "kid",
      ...Array(4).fill("prdc"),
      "fid-inf",
    ]);
    assert.deepEqual(dgm[1].settings, { seed: 13579, subsets: 100, size: 50 });
    assert.equal(dgm[5].title, "Coverage");
    assert.equal(dgm[5].value, parity.prdc["dgm-eval"].coverage);
    const scores = await figuresOf(
      path("inception.safetensors"),
      path("stats.npz"),
      ...["--metrics=is", "--convention=torchmetrics"],
    );
    const [value] = parity["inception score"].torchmetrics;
    assert(Math.abs(scores[0].value - value) < 1e-9);
    assert.equal(scores[0].reference, undefined);
    const same = path("inception.safetensors");
    const named = await figuresOf(
      same,
      same,
      "--metrics=fid,kid",
      "--seed=1",
      "--subset-size=40",
    );
    assert.deepEqual(named.map(({ title }) => title), ["FID", "KID"]);
    assert.equal(named[1].settings.seed, 1);
  }));

Deno.test("eval fid counts neighbours as programs do that have the network, and tells otherwise", () =>
  withSets(async (path) => {
    const [inception, dinov2] = ["inception", "dinov2"].map((name) =>
      path(`${name}.safetensors`)
    );
    const prdc = "--metrics=prdc";
    const usual = await figuresOf(inception, inception, prdc);
    assert.deepEqual(
      usual.map(({ title, convention, notes }) => [title, convention, notes]),
      ["Precision", "Recall"].map((title) => [title, "guided-diffusion", []]),
    );
    const ofDino = await figuresOf(dinov2, dinov2, prdc);
    assert.deepEqual(
      ofDino.map(({ title, convention, notes }) => [title, convention, notes]),
      ["Precision", "Recall", "Density", "Coverage"]
        .map((title) => [title, "dgm-eval", []]),
    );
    const stylegan = "--convention=stylegan3";
    const [precision, ...more] = await figuresOf(
      ...[inception, inception, prdc, stylegan],
    );
    assert.equal(more.length, 1);
    assert.match(
      precision.notes[0],
      /stylegan3 counts neighbours among features of vgg16, .* of inception/,
    );
  }));

Deno.test("eval fid says what it can't compare", () =>
  withSets(async (path) => {
    const [feats, stats] = [path("feats.npz"), path("stats.npz")];
    await Deno.writeTextFile(path("a.txt"), "");
    const cases: [string[], number, RegExp][] = [
      [[feats], 2, /takes two sets, samples and a reference, not 1\./],
      [[feats, stats, "--metrics", "kdi"], 2, /did you mean "kid"\?/],
      [
        [feats, stats, "--convention", "matlab"],
        2,
        /--convention is one of .*, not "matlab"/,
      ],
      [[feats, stats, "--seed", "-1"], 2, /--seed is a whole number/],
      [
        [feats, stats, "--metrics", "kid"],
        1,
        /stats\.npz: it has no features, only statistics/,
      ],
      [
        [feats, stats, "--metrics", "is"],
        1,
        /feats\.npz: it has no logits, only features/,
      ],
      [
        [feats, stats, "--metrics=cmmd", "--convention=prdc"],
        1,
        /Cannot compute cmmd as prdc does: wanted one of cmmd/,
      ],
      [
        [feats, feats, "--metrics", "kid"],
        1,
        /subsets of 1000 from 120 samples/,
      ],
      [[feats, path("a.txt")], 1, /a\.txt: there is no picture in it/],
      [[feats, stats, "--seed=1"], 2, /--seed is of kid, is, fid-inf, and/],
      [[feats, stats, "--subset-size=9"], 2, /--subset-size is of kid, and/],
      [[feats, stats, "--clip=b-32"], 2, /--clip is of clip-score, and/],
      ...[
        "features=clip",
        "layer=64",
        "resize=odd",
        "weights=a",
        "save-features=b",
      ]
        .map((option): [string[], number, RegExp] => [
          [feats, stats, `--${option}`],
          2,
          /^.*--[-a-z]+ is for pictures, and both sets are numbers already; leave it out/,
        ]),
      [[feats, path("none.npz")], 1, /none\.npz: no such file/],
      [[feats, path("logits.npz")], 1, /it has no statistics, only logits/],
      [
        [feats, path("inception.safetensors"), "--metrics=fd-dinov2"],
        1,
        /Cannot compute fd-dinov2 of .*: its features are of inception/,
      ],
      [
        [path("inception.safetensors"), path("dinov2.safetensors")],
        1,
        /of the network inception with dinov2; wanted the same/,
      ],
    ];
    for (const [args, code, message] of cases) {
      const ended = await evaluate("fid", ...args);
      assert.match(ended.err, message);
      assert.deepEqual([ended.code, ended.out], [code, ""], ended.err);
    }
  }));

Deno.test("eval explains itself, and what there is not", async () => {
  const help = await evaluate("--help");
  assert.match(help.out, /^Usage: eval \[NAME\].*^ {2}fid +how far/ms);
  assert.match(
    (await evaluate("fid", "--help")).out,
    /^Usage: eval fid SAMPLES/,
  );
  const more = (await evaluate("--samples", "no")).err;
  assert.match(more, /--samples is a whole number/); // of emoji
  assert.match(more, /See `deno task eval emoji --help`/);
  for (const odd of [["one"], ["--no-such-option"]]) {
    const { code, err } = await evaluate("fid", ...odd);
    assert.equal(code, 2);
    assert.match(err, /^eval: .*\nSee `deno task eval fid --help`\.$/s);
  }
  assert.match((await evaluate("fud")).err, /did you mean "fid"\?/);
});
