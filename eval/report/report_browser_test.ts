import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { findChromium, withPage } from "../../lib/run/chromium.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { writeFixtureRun } from "./fixture_run.ts";
import { writeReport } from "./report.ts";

const chromium = await findChromium();
if (!chromium) {
  console.warn(
    "The test of a report in a browser is skipped: there is no Chromium on " +
      "the PATH, nor named by the variable CHROMIUM.",
  );
}

const EVIL = `<script>document.title = "broken in"</script>`;

Deno.test({
  name: "a report is drawn by a browser, answers clicks and fits a phone",
  ignore: !chromium,
  fn: () =>
    withFolder((folder) =>
      withPage(chromium!, async (page) => {
        const folders = ["a", "b"].map((name) => join(folder, name));
        await writeFixtureRun(folders[0], { captions: [EVIL], count: 12 });
        await writeFixtureRun(folders[1], { guidance: 1, count: 12 });
        const path = await writeReport(folders[0], [folders[1]]);
        await page.resize(1200, 900);
        await page.open(pathToFileURL(path).href);

        // Plotly drew both figures, and the pointer is told of a point.
        await page.until(
          `document.querySelectorAll(".plot .main-svg").length >= 2`,
        );
        assert.equal(
          await page.evaluate(`document.querySelectorAll(
            '[data-plot="sweep"] .scatterlayer .point').length`),
          2,
        );
        await page.click(
          `[data-plot="sweep"] .modebar-btn[data-title^="Zoom in"]`,
        );

        // A row of a table in place, another table behind a click.
        const ours = `document.querySelector(".ours").offsetHeight`;
        assert(await page.evaluate<number>(ours) > 20);
        await page.click("details summary");
        assert(await page.evaluate(`document.querySelector("details").open`));

        // A picture opens, the next one follows, and it closes.
        const shown = `document.querySelector("dialog p").textContent`;
        await page.click("#sample figure:first-child button");
        await page.until(`document.querySelector("dialog").open`);
        const isEvil = `${shown} === ${JSON.stringify(EVIL)}`;
        await page.until(isEvil);
        await page.click(`dialog [data-move="next"]`);
        await page.until(`!(${isEvil}) && ${shown}.length > 5`);
        await page.press("ArrowLeft");
        await page.until(isEvil);
        await page.press("Escape");
        await page.until(`!document.querySelector("dialog").open`);

        // On a phone nothing is wider than the screen.
        await page.resize(360, 740);
        await page.until(
          `document.documentElement.scrollWidth <= 360`,
        );
        const wide = `[...document.querySelectorAll(".plot, .card, figure")]
          .filter((one) => one.getBoundingClientRect().right > 361).length`;
        await page.until(`${wide} === 0`);

        assert.deepEqual(page.faults, []);
        assert.equal(await page.evaluate("document.title"), "coco: mini");
      })
    ),
});
