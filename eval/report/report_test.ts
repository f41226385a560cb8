import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { RUN_FILES } from "../run/record.ts";
import {
  fixtureFigure,
  type FixtureRun,
  writeFixtureRun,
} from "./fixture_run.ts";
import { writeReport } from "./report.ts";

/** Writes runs and the report of the first; lends its text. */
async function withReport(
  runs: readonly FixtureRun[],
  use: (page: string) => void,
): Promise<void> {
  await withFolder(async (folder) => {
    const folders = runs.map((_, i) => join(folder, `run-${i}`));
    for (const [i, run] of runs.entries()) {
      await writeFixtureRun(folders[i], run);
    }
    const [first, ...others] = folders;
    const path = await writeReport(first, others);
    assert.equal(path, join(first, "report.html"));
    use(await Deno.readTextFile(path));
  });
}

/** The rows of a page's first table, cell by cell. */
function rowsOf(page: string): string[][] {
  const [table] = /<tbody>[\s\S]*?<\/tbody>/.exec(page) ?? [""];
  return [...table.matchAll(/<tr[\s\S]*?<\/tr>/g)].map(([row]) =>
    [...row.matchAll(/<t[hd][^>]*>([^<]*)/g)].map(([, cell]) => cell)
  );
}

Deno.test("writeReport() puts a COCO run's row in its place, with what keeps it from being compared", () =>
  withReport([{ count: 30 }], (page) => {
    const rows = rowsOf(page);
    const ours = rows.findIndex(([name]) => name === "mini");
    assert.deepEqual(
      rows.slice(ours - 1, ours + 2).map(([name, fid]) => [name, fid]),
      [["GLIDE", "12.24"], ["mini", "11.25"], ["DALL-E 2", "10.39"]],
    );
    // 27 by torchmetrics is the cosine 0.27.
    assert.match(page, /<div>0\.270<small>ViT-B\/32<\/small>/);
    assert.match(page, /of 30 pictures against val2014[^<]*\(40,504\)/);
    assert.match(page, /published figures are of 30,000 pictures/);
    assert.match(page, /does not say which weights of Inception/);
    assert.match(page, /FID of so few pictures is too high/, "its own note");
  }));

Deno.test("writeReport() tells each figure with what it depends on", () =>
  withReport([{}], (page) => {
    assert.match(page, /<h3>FID-infinity<\/h3>\s*<p class="value">9\.876/);
    assert.match(page, /± 0\.41/);
    assert.match(page, /26\.5 to 27\.5/);
    for (const said of ["pytorch-fid", "torch bilinear 299", "5e5e5e5e5e5e"]) {
      assert(page.includes(said), said);
    }
    assert.match(page, /<dt>guidance<\/dt><dd>3<\/dd>/);
    assert.match(page, /<dt>onnxruntime-node<\/dt><dd>1\.30\.0<\/dd>/);
    assert.match(page, /<b>broken\.jpg<\/b>: ends too early/);
  }));

Deno.test("writeReport() needs nothing from elsewhere and runs nothing of captions", () => {
  const evil = `</script><img src=x onerror="alert(1)">`;
  return withReport([{ captions: [evil, "{{x}} & <b>"] }], (page) => {
    assert(!page.includes(evil));
    assert(page.includes("&#60;/script&#62;&#60;img src=x onerror="));
    assert(page.includes("{{x}} &#38; &#60;b&#62;"));
    assert.match(
      page,
      /Content-Security-Policy"\s+content="default-src 'none'/,
    );
    const own = page.replace(/<script>[\s\S]*?<\/script>/g, "");
    assert.doesNotMatch(own, /(?:src|href)="(?!data:|#)/);
    assert(page.length < 3e6, `${page.length}`);
  });
});

Deno.test("writeReport() draws the sweep of several runs, each by what sets it apart", () =>
  withReport([{ guidance: 3 }, { guidance: 1 }, { guidance: 10 }], (page) => {
    const [, json] = /id="plots">([\s\S]*?)<\/script>/.exec(page) ?? [];
    const { sweep } = JSON.parse(json);
    assert.deepEqual(sweep.data[0].text, [
      "guidance 1",
      "guidance 3",
      "guidance 10",
    ]);
    assert.deepEqual(sweep.data[0].x, [15.25, 11.25, 60.25]);
    assert.match(page, /data-plot="sweep"><svg/);
  }));

Deno.test("writeReport() gives a run of scenes no row, but the judge's bars", () => {
  const judged = fixtureFigure({
    title: "Number of each",
    metric: "judge",
    value: 0.55,
    chance: 1 / 3,
    ofReference: 0.97,
  }, 400);
  const distance = fixtureFigure({ title: "FD-probe" }, 400);
  const empty = { ...judged, title: "Relation", settings: { answers: 0 } };
  const run = { protocol: "emoji", figures: [judged, empty, distance] };
  return withReport([run], (page) => {
    assert.match(page, /No row of this run/);
    assert.doesNotMatch(page, /class="ours"/);
    assert.match(page, /55\.0%/);
    assert.match(page, /<h3>Relation<\/h3>\s*<p class="besides">no caption/);
    assert.match(page, /reference 97\.0% · by chance 33\.3%/);
    const [, json] = /id="plots">([\s\S]*?)<\/script>/.exec(page) ?? [];
    const { judged } = JSON.parse(json);
    assert.deepEqual(
      judged.data.map((
        { name, x }: { name: string; x: number[] },
      ) => [name, x]),
      [["this run", [55]], ["real", [97]], ["by chance", [33.3333]]],
    );
  });
});

Deno.test("writeReport() holds no Plotly where there is nothing to plot", () => {
  const figures = [fixtureFigure({ title: "FD-probe" }, 400)];
  return withReport([{ protocol: "emoji", figures }], (page) => {
    assert(page.length < 1e6, `${page.length}`);
    assert.doesNotMatch(page, /data-plot="/);
  });
});

Deno.test("writeReport() says what a picture that can't be read is", () =>
  withFolder(async (folder) => {
    await writeFixtureRun(folder, { count: 4 });
    await Deno.writeTextFile(join(folder, "images", "000002.png"), "no PNG");
    const page = await Deno.readTextFile(await writeReport(folder));
    assert.equal(page.match(/not readable<\/div>/g)?.length, 2);
    assert.equal(page.match(/src="data:image\/webp/g)?.length, 4 + 4 - 2);
  }));

Deno.test("writeReport() refuses what is no run, or one that isn't finished", () =>
  withFolder(async (folder) => {
    await assert.rejects(writeReport(folder), /has no run\.json/);
    await writeFixtureRun(folder, { count: 2 });
    await Deno.remove(join(folder, RUN_FILES.metrics));
    await assert.rejects(
      writeReport(folder),
      /found no metrics\.json, wanted a finished run/,
    );
  }));
