import assert from "node:assert/strict";
import { join } from "node:path";
import { makeTar } from "../../datasets/files/tar_fixture.ts";
import {
  makeCoco,
  makePicture,
  writeFiles,
  writePairs,
  zipped,
} from "../../datasets/pairs/fixture.ts";
import { openExtractor } from "../../eval/extract/extractor.ts";
import { featuresOf } from "../../eval/features_of.ts";
import { CLIP_SCORE_CONVENTIONS } from "../../eval/metrics/clip_score.ts";
import { frechetDistance } from "../../eval/metrics/frechet.ts";
import { gaussianOf, momentsOf } from "../../eval/metrics/moments.ts";
import { writeStatistics } from "../../eval/metrics/statistics_file.ts";
import { readRunJson, readRunLines } from "../../eval/run/files.ts";
import {
  imageName,
  leftOutLine,
  RUN_FILES,
  type RunFigure,
  runMetrics,
  runRecord,
  sample,
} from "../../eval/run/record.ts";
import { tinyFolder } from "../amused/parity.ts";
import { loadClip } from "../clip/model.ts";
import { decodeImage } from "../image/decode.ts";
import type { Picture } from "../image/picture.ts";
import { squareOf } from "../../datasets/pairs/square.ts";
import { assertClose } from "../run/assert_close.ts";
import { exists } from "../run/exists.ts";
import { withFolder } from "../run/temp_folder.ts";
import { DEVICES } from "../run/device.ts";
import { knownDevices } from "../run/on_device.ts";
import { evaluate, evaluated, runFiles } from "./eval_fixture.ts";
import { withVariables } from "./with_variables.ts";

const here = (path: string) => new URL(path, import.meta.url).pathname;
const INCEPTION = here("../../eval/networks/testdata/narrow_inception.pth");
const CLIP = here("../clip/testdata/tiny");
const NETWORKS = ["--inception", INCEPTION, "--clip", CLIP];
const HOW = [
  ...["--model", tinyFolder("tiny-256"), "--size", "32x32", "--steps", "1"],
  ...["--side", "32", ...NETWORKS],
];

const COCO = await makeCoco(9);

async function writeCoco(folder: string): Promise<string> {
  const path = join(folder, "coco");
  await writeFiles(path, {
    "annotations_trainval2014.zip": await zipped(COCO.annotations),
    "val2014.zip": await zipped(COCO.images),
  });
  return path;
}

async function figuresOf(run: string): Promise<readonly RunFigure[]> {
  return (await readRunJson(join(run, RUN_FILES.metrics), runMetrics)).figures;
}

async function readAll(
  paths: readonly (string | Uint8Array)[],
): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const path of paths) {
    const bytes = typeof path === "string" ? await Deno.readFile(path) : path;
    pictures.push(await decodeImage(bytes));
  }
  return pictures;
}

Deno.test("eval coco gives FID and CLIP score of drawn and of all real pictures", () =>
  withFolder(async (folder) => {
    const data = await writeCoco(folder);
    const out = join(folder, "run");
    const args = ["coco", ...HOW, "--data", data, "--samples", "6"];
    const { err, out: text } = await evaluated(...args, "--out", out);
    assert.match(err, /takes about .* to draw \d+ pictures, .* to see 15/);
    assert.match(text, /^ {2}FID +\S+/m);
    assert.match(text, /1 pictures could not be read: left_out\.jsonl/);

    const record = await readRunJson(join(out, RUN_FILES.run), runRecord);
    assert.deepEqual(record.settings, {
      data: "COCO val2014",
      captions: "seed",
      crop: "centre",
      side: 32,
    });
    assert.equal(record.reference?.count, 9);
    assert.equal(record.networks[0].resize, "torch");
    const left = join(out, RUN_FILES.leftOut);
    const [broken, ...none] = await readRunLines(left, leftOutLine);
    assert.equal(broken.name, "COCO_val2014_000000000090.jpg");
    assert.deepEqual(none, []);

    // The same figures by hand.
    const samples = await readRunLines(join(out, RUN_FILES.samples), sample);
    const drawn = await readAll(
      samples.map(({ index }) => join(out, RUN_FILES.images, imageName(index))),
    );
    const whole = Object.values(COCO.images).slice(0, -1) as Uint8Array[];
    const real = (await readAll(whole))
      .map((picture) => squareOf(picture, 32, { at: 0.5, flipped: false }));
    const inception = await openExtractor("inception", INCEPTION);
    const gaussians = await Promise.all([drawn, real].map(async (some) => {
      const { features } = await featuresOf(inception, some);
      return gaussianOf(await momentsOf(features));
    }));
    await inception.release();
    const [fid, score] = await figuresOf(out);
    assert.equal(fid.title, "FID");
    const distance = await frechetDistance(gaussians[0], gaussians[1]);
    assertClose([fid.value], [distance], 1e-9);
    const clip = await loadClip(CLIP);
    const images = await clip.encodeImages(drawn);
    const texts = await clip.encodeTexts(samples.map((one) => one.caption));
    await clip.release();
    const cosine = images.reduce((sum, x, i) => sum + x * texts[i], 0);
    assertClose([score.value], [cosine / samples.length], 1e-6);
  }));

Deno.test("eval coco gives the same of unpacked files, and other figures by choice", () =>
  withFolder(async (folder) => {
    const data = await writeCoco(folder);
    const unpacked = join(folder, "unpacked");
    await writeFiles(unpacked, { ...COCO.annotations, ...COCO.images });
    const drawn = join(folder, "drawn");
    const count = ["--samples", "6"];
    const args = ["coco", ...HOW, ...count, "--data", data];
    await evaluated(...args, "--out", drawn);
    // The pictures of the first run are another system's for those that follow.
    const images = join(drawn, RUN_FILES.images);
    let runs = 0;
    const judged = async (...more: string[]) => {
      const out = join(folder, `run ${runs++}`);
      const given = [...NETWORKS, "--side", "32", "--images", images];
      await evaluated("coco", ...given, ...more, "--out", out);
      return await figuresOf(out);
    };
    const values = (figures: readonly RunFigure[]) =>
      figures.map(({ title, value }) => [title, value]);
    const same = await judged(...count, "--data", unpacked);
    assert.deepEqual(values(same), values(await figuresOf(drawn)));

    const chosen = ["--data", unpacked, ...count];
    const squashed = await judged(...chosen, "--crop", "squash");
    assert.notEqual(squashed[0].value, same[0].value);
    assert.equal(squashed[1].value, same[1].value);
    const own = await judged(...chosen, "--reference", "same");
    assert.ok(own[0].reference!.count! <= 6);
    const clean = await judged(...chosen, "--convention", "clean-fid");
    assert.equal(clean[0].convention, "clean-fid");
    assert.notEqual(clean[0].value, same[0].value);

    const list = join(folder, "ids.csv");
    const rows = [10, 20, 30, 40, 50, 60].map((id) => `${id},number ${id}`);
    await Deno.writeTextFile(list, ["image_id,text", ...rows].join("\n"));
    const ids = await judged("--data", unpacked, "--ids", list);
    assert.equal(ids[0].samples.count, 6);
    assert.notEqual(ids[1].value, same[1].value);

    const stats = join(folder, "stats.npz");
    const features = { count: 9, width: 128, data: new Float64Array(9 * 128) };
    features.data.forEach((_, i) => features.data[i] = Math.sin(i * i));
    const moments = await momentsOf(features);
    await writeStatistics(stats, { features: gaussianOf(moments) });
    const more = ["--metrics", "fid,cmmd", "--cmmd-clip", CLIP];
    const statistics = await judged(
      ...[...chosen, "--reference", stats, "--metrics", "fid"],
    );
    assert.equal(statistics[0].reference!.name, "stats.npz");
    // By a name, as eval fid takes it: COCO itself, or statistics.
    const cache = join(folder, "cache");
    const folders = join(cache, "muselab");
    await Deno.mkdir(join(folders, "datasets"), { recursive: true });
    await Deno.mkdir(join(folders, "references"));
    await Deno.symlink(unpacked, join(folders, "datasets", "coco"));
    await Deno.copyFile(stats, join(folders, "references", "mine.npz"));
    const [byName, kept, again] = await withVariables(
      { XDG_CACHE_HOME: cache },
      async () => {
        const fid = ["--metrics", "fid", "--reference"];
        const byName = await judged(...chosen, ...fid, "coco2014-val");
        const kept = await judged(...chosen, ...fid, "mine");
        return [byName[0], kept[0], await judged(...chosen, ...fid, images)];
      },
    );
    assert.equal(byName.value, same[0].value);
    assert.deepEqual(
      [kept.value, kept.reference!.name],
      [statistics[0].value, "mine.npz"],
    );
    assert.ok(Math.abs(again[0].value) < 1e-6, "the drawn ones themselves");

    const two = await judged(...chosen, ...more, "--crop", "none");
    assert.deepEqual(two.map(({ title }) => title), ["FID", "CMMD"]);
  }));

Deno.test("eval merge gives the figures of one machine by COCO 2017 too", () =>
  withFolder(async (folder) => {
    // More than a block of pictures, on both sides.
    const { images, annotations } = await makeCoco(71, "val2017");
    const data = join(folder, "coco");
    await writeFiles(data, { ...annotations, ...images });
    const drawn = join(folder, "drawn");
    const other = await Promise.all(
      Array.from({ length: 70 }, (_, i) => makePicture(1000 + i)),
    );
    const numbered = other.map(({ ending, bytes }, i) =>
      [`${i}.${ending}`, bytes] as const
    );
    await writeFiles(drawn, Object.fromEntries(numbered));
    const args = [
      ...["coco", "--split", "val2017", "--data", data, "--samples", "70"],
      ...["--images", drawn, "--side", "32", ...NETWORKS],
      ...["--metrics", "fid,kid,prdc,clip-score", "--convention", "clean-fid"],
    ];
    const whole = join(folder, "whole");
    await evaluated(...args, "--out", whole);
    const [fid] = await figuresOf(whole);
    assert.deepEqual([fid.samples.count, fid.reference!.count], [70, 70]);
    const parts = join(folder, "parts");
    for (const k of [2, 1]) {
      await evaluated(...args, "--shard", `${k}/2`, "--out", parts);
    }
    await evaluated("merge", `${parts}-1-of-2`, `${parts}-2-of-2`);
    assert.deepEqual(runFiles(parts), runFiles(whole));
  }));

Deno.test("eval coco says what it can't do before it begins", () =>
  withFolder(async (folder) => {
    const data = await writeCoco(folder);
    const args = ["coco", ...HOW, "--data", data];
    const cases: [string[], number, RegExp][] = [
      [["coco", "--model", "mini"], 2, /mini draws scenes of emoji/],
      [[...args, "--metrics", "fod"], 2, /--metrics is one of .*, not "fod"/],
      [[...args, "--crop", "round"], 2, /--crop is one of centre, squash/],
      [
        [...args, "--samples", "6", "--reference", "coco2014-vla"],
        2,
        /no set of that name; did you mean "coco2014-val"/,
      ],
      [[...args, "--convention", "x"], 2, /--convention is one of .*, not "x"/],
      [[...args, "--resize", "x"], 2, /--resize is one of torch, tf1/],
      [args, 1, /Cannot take 30000 samples of .*coco: it has 9/],
      [[...args, "--split", "val2017"], 1, /of val2017 in .*, only of val2014/],
      [
        ["coco", ...HOW, "--data", join(folder, "no")],
        1,
        /get COCO there with `deno task datasets pull coco`/,
      ],
    ];
    for (const [given, code, message] of cases) {
      const ended = await evaluate(...given);
      assert.match(ended.err, message);
      assert.equal(ended.code, code);
    }
    const absent = args.toSpliced(args.indexOf("--inception"), 2);
    const { err } = await withVariables(
      { HF_HOME: folder, HF_HUB_CACHE: folder, XDG_CACHE_HOME: folder },
      () => evaluate(...absent, "--samples", "6"),
    );
    assert.match(err, /`deno task weights pull fid-inception`, or add --yes/);
  }));

Deno.test("eval cc3m takes the validation set, and lists what it lacks", () =>
  withFolder(async (folder) => {
    const made = await Promise.all(
      Array.from({ length: 6 }, (_, i) => makePicture(i)),
    );
    const url = (i: number) => `http://pictures.invalid/${i}`;
    const files = made.slice(0, 5).flatMap(({ ending, bytes }, i) => {
      const data = i === 4 ? bytes.subarray(0, 40) : bytes;
      const json = JSON.stringify({ url: url(i), status: "success" });
      return [[`0000${i}.${ending}`, data], [`0000${i}.json`, json]] as const;
    });
    const lines = made.map(({ caption }, i) => `${caption}\t${url(i)}`);
    const data = join(folder, "cc3m");
    await writeFiles(data, {
      "Validation_GCC-1.1.0-Validation.tsv": `${lines.join("\n")}\n`,
      "Train_GCC-training.tsv": "a cat\thttp://pictures.invalid/cat\n",
      ...Object.fromEntries(files),
    });
    const out = join(folder, "run");
    const { err } = await evaluated(
      ...["cc3m", ...HOW, "--data", data, "--out", out],
    );
    assert.match(err, /1 are left out, the first .*\/5 \(not downloaded\)/);
    const record = await readRunJson(join(out, RUN_FILES.run), runRecord);
    assert.equal(record.samples.count, 5);
    assert.equal(record.settings.crop, "squash");
    const metrics = await readRunJson(join(out, RUN_FILES.metrics), runMetrics);
    assert.equal(metrics.leftOut, 2);
    const left = join(out, RUN_FILES.leftOut);
    const [missing, broken] = await readRunLines(left, leftOutLine);
    assert.equal(missing.name, url(5));
    assert.match(broken.name, /00004/);
    assert.equal(metrics.figures[0].reference!.count, 4);

    const shards = join(folder, "shards");
    const entries = made.slice(0, 4).flatMap((
      { ending, bytes, caption },
      i,
    ) => [
      { name: `00000${i}.${ending}`, data: bytes },
      { name: `00000${i}.txt`, data: new TextEncoder().encode(caption) },
    ]);
    await writeFiles(shards, {
      "cc3m-validation-0000.tar": makeTar(entries.slice(0, 4)),
      "cc3m-validation-0001.tar": makeTar(entries.slice(4)),
      "cc3m-train-0000.tar": makeTar(entries.slice(0, 2)),
    });
    const packed = join(folder, "packed");
    await evaluated("cc3m", ...HOW, "--data", shards, "--out", packed);
    const [fid] = await figuresOf(packed);
    assert.deepEqual([fid.samples.count, fid.reference!.count], [4, 4]);
    const { code } = await evaluate("cc3m", "--split", "test");
    assert.equal(code, 2);
  }));

Deno.test("eval pairs keeps what it could compute, and goes on with other metrics", () =>
  withFolder(async (folder) => {
    const [data, drawn] = [join(folder, "photos"), join(folder, "drawn")];
    await writePairs(data, 4);
    await writePairs(drawn, 4);
    const out = join(folder, "run");
    const shown = ["--data", data, "--images", drawn, "--crop", "none"];
    const args = ["pairs", ...shown, ...NETWORKS, "--out", out];
    const early = await evaluate(...args, "--metrics", "fid,kid");
    assert.match(
      early.err,
      /Cannot begin a run with kid .* 1000 from 4 samples/,
    );
    assert.ok(!await exists(out));

    // Of which nothing can be said before they are read: three are too few.
    const [one] = [...Deno.readDirSync(data)].map(({ name }) => name)
      .filter((name) => !name.endsWith(".txt"));
    const path = join(data, one);
    await Deno.writeFile(path, (await Deno.readFile(path)).subarray(0, 60));
    const late = await evaluate(...args, "--metrics", "fid,prdc");
    assert.equal(late.code, 1);
    assert.match(late.err, /prdc: Cannot find 3 neighbours: found 3 .*--out/);
    const kept = await figuresOf(out);
    assert.deepEqual(kept.map(({ title }) => title), ["FID"]);
    await evaluated(...args, "--metrics", "fid,clip-score");
    const both = await figuresOf(out);
    assert.deepEqual(both.map(({ metric }) => metric), ["fid", "clip-score"]);
    assert.equal(both[0].value, kept[0].value);
  }));

Deno.test("eval pairs gives the CLIP scores of eval fid, by each program", () =>
  withFolder(async (folder) => {
    const data = join(folder, "photos");
    await writePairs(data, 3);
    const clip = ["--metrics", "clip-score", "--clip", CLIP];
    for (const program of Object.keys(CLIP_SCORE_CONVENTIONS)) {
      const how = [...clip, "--convention", program];
      const { out } = await evaluated("fid", data, data, ...how, "--json");
      const [wanted] = JSON.parse(out) as RunFigure[];
      const run = join(folder, program);
      const shown = ["--data", data, "--images", data, "--crop", "none"];
      await evaluated("pairs", ...shown, ...how, "--out", run);
      const [found] = await figuresOf(run);
      assert.equal(found.convention, program);
      assertClose([found.value], [wanted.value], 1e-6);
      const { networks } = await readRunJson(
        join(run, RUN_FILES.run),
        runRecord,
      );
      assert.equal(
        networks[0].prefix,
        program === "clipscore" ? "A photo depicts " : undefined,
      );
    }
  }));

Deno.test("eval pairs takes any pictures with captions", () =>
  withFolder(async (folder) => {
    const data = join(folder, "photos");
    await writePairs(data, 4);
    const out = join(folder, "run");
    const args = ["pairs", ...HOW, "--metrics", "clip-score"];
    await evaluated(...args, "--data", data, "--out", out);
    const record = await readRunJson(join(out, RUN_FILES.run), runRecord);
    assert.deepEqual(
      [record.protocol, record.samples.count, record.settings.data],
      ["pairs", 4, "a folder"],
    );
    const [score] = await figuresOf(out);
    assert.equal(score.metric, "clip-score");
    const device = DEVICES.find((one) => !knownDevices().includes(one))!;
    const shown = ["--clip", CLIP, "--metrics", "clip-score", "--data", data];
    const nowhere = ["--out", join(folder, "nowhere"), "--device", device];
    const other = await evaluate(
      "pairs",
      ...shown,
      "--images",
      data,
      ...nowhere,
    );
    assert.match(other.err, /Cannot run on /);
    const none = await evaluate(...args);
    assert.match(none.err, /say which pictures and captions: --data PATH/);
    const split = await evaluate(...args, "--data", data, "--split", "train");
    assert.match(split.err, /--split is for coco and cc3m/);
  }));
