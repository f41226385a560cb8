import assert from "node:assert/strict";
import { join } from "node:path";
import { makeCoco, writeFiles, zipped } from "../../datasets/pairs/fixture.ts";
import { countOf } from "../../eval/pictures/picture_set.ts";
import { openReader } from "../../eval/pictures/read.ts";
import { sceneReader } from "../../eval/protocols/emoji_scenes.ts";
import { openNpz, readNpzArray } from "../../eval/metrics/npz.ts";
import { withFolder } from "../run/temp_folder.ts";
import { evaluate, evaluated } from "./eval_fixture.ts";
import {
  openNamedPairs,
  openNamedPictures,
  openNamedSource,
  storedPath,
} from "./named_sets.ts";
import { withVariables } from "./with_variables.ts";

const INCEPTION = new URL(
  "../../eval/networks/testdata/narrow_inception.pth",
  import.meta.url,
).pathname;

/** A cache that holds COCO, as `datasets pull` leaves it. */
function withCache(body: (cache: string) => Promise<void>): Promise<void> {
  return withFolder((cache) =>
    withVariables({ XDG_CACHE_HOME: cache }, async () => {
      const { annotations, images } = await makeCoco(5);
      await writeFiles(join(cache, "muselab", "datasets", "coco"), {
        "annotations_trainval2014.zip": await zipped(annotations),
        "val2014.zip": await zipped(images),
      });
      await body(cache);
    })
  );
}

Deno.test("openNamedPictures() knows data sets that are here, and says how others get here", () =>
  withCache(async () => {
    const coco = await openNamedPictures("coco2014-val");
    assert.equal(coco.name, "coco2014-val");
    assert.equal(countOf(coco), 5);
    const pairs = await openNamedPairs("coco2014-val");
    assert.equal(pairs?.pairs.length, 5);
    assert.equal(await openNamedPairs("emoji-validation"), undefined);
    const refused: [string, RegExp][] = [
      ["coco2017-val", /no captions of val2017 in .*, only of val2014/],
      [
        "cc3m-val",
        /Cannot use cc3m-val: there is no .*cc3m; get it by .*pull cc3m/,
      ],
      ["coco2014-vla", /no set of that name; did you mean "coco2014-val"/],
      ["photos", /there are coco2014-val, coco2017-val, .*-256\./],
      ["./photos", /There is no \.\/photos; give a folder/],
    ];
    for (const [name, message] of refused) {
      await assert.rejects(openNamedPictures(name), message);
    }
    assert.throws(() => storedPath("coco2014-val"), /--name is another one/);
    assert.throws(() => storedPath("a/b"), /--name is letters, digits/);
  }));

Deno.test("openNamedPictures() draws the scenes that eval emoji compares with", async () => {
  const { places } = await openNamedPictures("emoji-validation");
  const reader = await openReader(places);
  assert.deepEqual([reader.count, reader.name(7)], [2000, "validation 7"]);
  assert.deepEqual(await reader.read(7), await sceneReader(128)(7));
});

Deno.test("eval stats keeps statistics under a name for eval fid", () =>
  withCache(async (cache) => {
    const args = ["stats", "coco2014-val", "--weights", INCEPTION];
    const refused = await evaluate(...args, "--name", "coco2014-val");
    assert.deepEqual([refused.code, refused.out], [2, ""]);
    const both = await evaluate(...args, "--name", "a", "--out", "a.npz");
    assert.match(both.err, /takes --out, .* or --name/);
    const how = ["--skip-broken", "--resize", "tf1"];
    const { out } = await evaluated(...args, ...how, "--name", "val-tf1");
    const path = join(cache, "muselab", "references", "val-tf1.npz");
    assert.ok(out.startsWith(`wrote ${path}: 4 pictures of coco2014-val`));
    const { data } = await readNpzArray(await openNpz(path), "origin");
    const origin = JSON.parse(
      new TextDecoder().decode(data as Uint8Array<ArrayBuffer>),
    );
    assert.deepEqual(
      [origin.network, origin.resize, origin.pictures],
      ["inception", "tf1", "coco2014-val"],
    );
    assert.equal((await openNamedSource("val-tf1", true)).kind, "numbers");
    const { out: same } = await evaluated(
      ...["fid", "coco2014-val", "val-tf1", "--weights", INCEPTION],
      ...["--skip-broken", "--json"],
    );
    const [figure] = JSON.parse(same);
    assert.ok(Math.abs(figure.value) < 1e-6, `${figure.value}`);
    assert.deepEqual(
      [figure.samples.resize, figure.reference.count],
      ["tf1", 4],
    );
    await assert.rejects(
      openNamedPictures("val-tf1"),
      /Cannot use val-tf1 as pictures: it is statistics/,
    );
    await assert.rejects(openNamedPictures("val-tf2"), /mean "val-tf1"/);
  }));
