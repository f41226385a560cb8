import assert from "node:assert/strict";
import { join } from "node:path";
import { REPORT_FILE } from "../../eval/report/report.ts";
import { readRunJson, readRunLines } from "../../eval/run/files.ts";
import {
  imageName,
  RUN_FILES,
  runMetrics,
  runRecord,
  runScores,
  sample,
} from "../../eval/run/record.ts";
import { decodeImage } from "../image/decode.ts";
import { DEVICES } from "../run/device.ts";
import { knownDevices } from "../run/on_device.ts";
import { evaluate, evaluated, runFiles, withEval } from "./eval_fixture.ts";

Deno.test("eval emoji judges pictures and says what figures depend on", () =>
  withEval(async ({ folder, emoji }) => {
    const out = join(folder, "run");
    const args = [...emoji, "--samples", "80", "--seed", "7", "--out", out];
    const { out: text } = await evaluated(...args);
    assert.match(text, /^tiny, weights \w{12}, float32: 80 pictures of 16x16/);
    assert.match(text, /FD-probe +\d/);
    assert.match(text, /Diversity \(Vendi score\) +\d/);
    assert.match(text, /few samples/);
    const report = join(out, REPORT_FILE);
    assert.ok(text.endsWith(`\n${report}`));
    assert.match(await Deno.readTextFile(report), /FD-probe/);

    const record = await readRunJson(join(out, RUN_FILES.run), runRecord);
    assert.equal(record.source.kind, "model");
    assert.equal(record.samples.count, 80);
    assert.equal(record.reference?.count, 150);
    const metrics = await readRunJson(
      join(out, RUN_FILES.metrics),
      runMetrics,
    );
    const titles = metrics.figures.map(({ title }) => title);
    assert.deepEqual(titles.slice(6, 8), [
      "All kinds of objects, no other",
      "FD-probe",
    ]);
    assert.equal(titles.length, 7 + 1 + 4 + 1);
    const style = metrics.figures.find(({ title }) => title === "Style")!;
    assert.equal(style.chance, 0.5);
    assert.ok(style.interval!.low <= style.value && style.ofReference! > 0);
    assert.equal(style.samples.count, 80);
    assert.equal(style.reference?.count, 150);
    const { scores } = await readRunJson(
      join(out, RUN_FILES.scores),
      runScores,
    );
    assert.deepEqual(scores.map(({ values }) => values.length), [80]);
    const samples = await readRunLines(join(out, RUN_FILES.samples), sample);
    assert.equal(samples[79].seed, 7 + 79);

    // The same once more changes nothing, and JSON says the same.
    const before = runFiles(out);
    const { out: json } = await evaluated(...args, "--json");
    assert.deepEqual(JSON.parse(json).metrics, metrics);
    assert.equal(JSON.parse(json).report, report);
    assert.deepEqual(runFiles(out), before);
    const other = await evaluate(...args, "--steps", "3");
    assert.equal(other.code, 1);
    assert.match(
      other.err,
      /source\.settings\.steps was 2 and is 3 now; .* another folder by --out/,
    );
  }));

Deno.test("eval merge gives the figures of one machine", () =>
  withEval(async ({ folder, emoji }) => {
    const args = [...emoji, "--samples", "150"];
    const whole = join(folder, "whole");
    await evaluated(...args, "--out", whole);
    const parts = join(folder, "parts");
    for (const k of [3, 1, 2]) {
      // Pictures don't depend on which are drawn together.
      const how = ["--shard", `${k}/3`, "--batch", String(k), "--out", parts];
      const { out } = await evaluated(...args, ...how);
      assert.match(out, /part \d of 3 is complete/);
    }
    const names = [1, 2, 3].map((k) => `${parts}-${k}-of-3`);
    const { out: merged } = await evaluated("merge", ...names);
    assert.ok(merged.endsWith(join(parts, REPORT_FILE)));
    assert.deepEqual(runFiles(parts), runFiles(whole));

    const refused: [string[], RegExp][] = [
      [names.slice(0, 2), /of 3 parts, 3 are missing/],
      [[...names, names[1]], /part 2 is there twice/],
      [[whole, ...names], /whole is a whole run/],
      [[folder], /has no run\.json/],
    ];
    for (const [given, message] of refused) {
      const to = ["--out", join(folder, "again")];
      const { code, err } = await evaluate("merge", ...given, ...to);
      assert.equal(code, 1);
      assert.match(err, message);
    }
    await Deno.remove(join(names[0], RUN_FILES.images, imageName(3)));
    const again = ["--out", join(folder, "again")];
    const { err } = await evaluate("merge", ...names, ...again);
    assert.match(err, /000003\.png is missing; the part is not complete/);
  }));

Deno.test("eval emoji judges the pictures of another system alike", () =>
  withEval(async ({ folder, emoji }) => {
    const drawn = join(folder, "drawn");
    const args = [...emoji, "--samples", "20", "--out", drawn];
    await evaluated(...args);
    const images = join(drawn, RUN_FILES.images);
    const judged = emoji.slice(emoji.indexOf("--judge"));
    const how = judged.toSpliced(judged.indexOf("--steps"), 2);
    const other = join(folder, "other");
    const given = ["emoji", ...how, "--samples", "20", "--images", images];
    await evaluated(...given, "--out", other);
    const figures = async (run: string) =>
      (await readRunJson(join(run, RUN_FILES.metrics), runMetrics)).figures
        .map(({ title, value }) => [title, value]);
    assert.deepEqual(await figures(other), await figures(drawn));
    const [first] = await readRunLines(join(other, RUN_FILES.samples), sample);
    assert.equal(first.file, join(images, imageName(0)));

    const listed = join(folder, "prompts.jsonl");
    await evaluated(...given, "--list", listed);
    const prompts = await readRunLines(listed, sample);
    assert.equal(prompts.length, 20);
    assert.equal(prompts[0].caption, first.caption);

    const none = DEVICES.find((device) => !knownDevices().includes(device))!;
    const nowhere = ["--out", join(folder, "nowhere"), "--device", none];
    const { err: device } = await evaluate(...given, ...nowhere);
    assert.match(device, /Cannot run on /);

    await Deno.remove(join(images, imageName(5)));
    const { code, err } = await evaluate(...given, "--out", other);
    assert.equal(code, 1);
    assert.match(err, /it has 19 for 20 samples, .* sample 5 .*, 5\.png/);
    const { code: usage, err: wrong } = await evaluate(
      ...given,
      ...["--steps", "3"],
    );
    assert.equal(usage, 2);
    assert.match(wrong, /leave out --steps/);
    const rounded = await evaluate(...given, "--precision", "int8");
    assert.match(rounded.err, /leave out --precision/);
  }));

Deno.test("eval emoji resizes pictures, and needs a judge and a free folder", () =>
  withEval(async ({ folder, emoji }) => {
    const out = join(folder, "large");
    const args = [...emoji, "--samples", "10", "--out", out];
    await evaluated(...args, "--superres-steps", "1");
    const path = join(out, RUN_FILES.images, imageName(0));
    assert.equal((await decodeImage(await Deno.readFile(path))).width, 32);
    const { source } = await readRunJson(join(out, RUN_FILES.run), runRecord);
    assert.ok(source.kind === "model");
    const { settings } = source;
    assert.deepEqual(
      Object.entries(settings).filter(([name]) => name.startsWith("superres")),
      [
        ["superresSteps", 1],
        ["superresGuidance", "0"],
        ["superresTemperature", 0.6],
        ["superresSchedule", "cosine"],
        ["superresChoiceTemperature", 2],
        ["superresSampler", "confidence"],
      ],
    );

    const none = join(folder, "none.safetensors");
    const missing = await evaluate(...args, "--judge", none);
    assert.equal(missing.code, 1);
    assert.match(missing.err, /there is no .*none\.safetensors; train one/);
    const few = await evaluate(...args, "--samples", "5");
    assert.equal(few.code, 2);
    assert.match(few.err, /--samples is a whole number from 6 .*, not "5"/);
    const taken = await evaluate(...args, "--out", folder);
    assert.match(taken.err, /Cannot begin a run in .*: there is /);
  }));

Deno.test("a run that is killed again and again ends with the same figures", () =>
  withEval(async ({ folder, emoji }) => {
    const args = [...emoji, "--samples", "100", "--batch", "2"];
    const whole = join(folder, "whole");
    await evaluated(...args, "--out", whole);
    const main = new URL("main.ts", import.meta.url).href;
    const killed = join(folder, "killed");
    let endings = 0;
    for (let code = 1; code !== 0;) {
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-q", "--no-check", "-RWES", "--allow-ffi", main, "eval"],
          ...[...args, "--out", killed],
        ],
        stdout: "null",
        stderr: "null",
      }).spawn();
      // First before a fast machine can be done, then from that to when it is
      // almost done; each time longer, so that it ends on a slow machine too.
      const more = endings === 0 ? 0 : 2500 * Math.random();
      const patience = (500 + more) * 1.5 ** endings;
      const timer = setTimeout(() => child.kill("SIGKILL"), patience);
      ({ code } = await child.status);
      clearTimeout(timer);
      if (code !== 0) endings++;
    }
    assert.ok(endings > 0);
    assert.deepEqual(runFiles(killed), runFiles(whole));
  }));
