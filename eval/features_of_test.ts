import assert from "node:assert/strict";
import { join } from "node:path";
import { clipPixels } from "../lib/clip/preprocess.ts";
import { createPicture, type Picture } from "../lib/image/picture.ts";
import { createRng } from "../lib/run/random.ts";
import { withFolder } from "../lib/run/temp_folder.ts";
import {
  type Extractor,
  FEATURE_NAMES,
  type FeatureName,
  openExtractor,
  resizesOf,
} from "./extract/extractor.ts";
import { prepare } from "./extract/preparation.ts";
import { featuresOf } from "./features_of.ts";
import { loadDino } from "./networks/load_dino.ts";
import { loadInception } from "./networks/load_inception.ts";
import { writeToyJudge } from "./probe/toy_probe.ts";

const here = (path: string) => new URL(path, import.meta.url).pathname;
const PATHS: Readonly<Record<Exclude<FeatureName, "probe">, string>> = {
  inception: here("networks/testdata/narrow_inception.pth"),
  clip: here("../lib/clip/testdata/tiny"),
  dinov2: here("networks/testdata/tiny_dino.pth"),
};

function makePicture(width: number, height: number): Picture {
  const rng = createRng("picture", width, height);
  const data = Uint8Array.from(
    { length: 3 * width * height },
    () => rng.integer(256),
  );
  return createPicture(width, height, data);
}

const PICTURES = [
  makePicture(40, 30),
  makePicture(17, 33),
  makePicture(16, 16),
];

async function* oneByOne(): AsyncGenerator<Picture> {
  for (const picture of PICTURES) yield await Promise.resolve(picture);
}

async function withExtractors(
  use: (open: (name: FeatureName) => Promise<Extractor>) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const probe = join(folder, "judge.safetensors");
    await writeToyJudge(probe);
    await use((name) => openExtractor(name, { ...PATHS, probe }[name]));
  });
}

Deno.test("featuresOf() gives each network's features, whatever the batch", () =>
  withExtractors(async (open) => {
    const widths = { inception: 128, clip: 20, dinov2: 128, probe: 32 };
    for (const name of FEATURE_NAMES) {
      const extractor = await open(name);
      const done: number[] = [];
      const found = await featuresOf(extractor, PICTURES, {
        batch: 2,
        onProgress: (count) => done.push(count),
      });
      assert.deepEqual(done, [2, 3]);
      assert.equal(found.features.count, 3);
      assert.equal(found.features.width, widths[name], name);
      const whole = await featuresOf(extractor, oneByOne(), { batch: 3 });
      assert.deepEqual(whole, found, name);
      assert.equal("logits" in found, name === "inception");
      assert.match(extractor.record.weights, /^[0-9a-f]{64}$/);
      await extractor.release();
    }
  }));

Deno.test("featuresOf() gives what the networks themselves give", () =>
  withExtractors(async (open) => {
    const inception = await loadInception(PATHS.inception);
    const dino = await loadDino(PATHS.dinov2);
    for (const network of [inception, dino]) {
      const name = network === inception ? "inception" : "dinov2";
      const extractor = await open(name);
      const { features } = await featuresOf(extractor, PICTURES);
      assert.deepEqual(features.data, await network.features(PICTURES));
      await extractor.release();
    }
    const { logits } = await inception.outputs(PICTURES, ["logits_unbiased"])
      .then(({ logits_unbiased: logits }) => ({ logits }));
    const extractor = await open("inception");
    const found = await featuresOf(extractor, PICTURES);
    assert.deepEqual(found.logits!.data, logits);
    await Promise.all([extractor, inception, dino].map((one) => one.release()));
  }));

Deno.test("prepare() makes CLIP's squares as OpenAI and as CMMD do", () => {
  const statistics = {
    mean: [0, 0, 0],
    deviation: [1, 1, 1],
  } as const;
  const how = { kind: "clip", size: 8, statistics } as const;
  const [picture] = PICTURES;
  const openai = prepare([picture], { ...how, resize: "openai" });
  assert.deepEqual(openai, clipPixels([picture], 8, { statistics }));
  const cmmd = prepare([picture], { ...how, resize: "cmmd" });
  assert.notDeepEqual(cmmd, openai);
  // Of a square there is nothing to cut.
  const [, , square] = PICTURES;
  assert.deepEqual(
    prepare([square], { ...how, resize: "cmmd" }),
    prepare([square], { ...how, resize: "openai" }),
  );
});

Deno.test("featuresOf() gives the same features by one thread as by all", async () => {
  const found = [];
  for (const options of [{}, { threads: 1 }]) {
    const extractor = await openExtractor("clip", PATHS.clip, options);
    found.push(await featuresOf(extractor, PICTURES));
    await extractor.release();
  }
  assert.deepEqual(found[0], found[1]);
});

Deno.test("openExtractor() and featuresOf() say what they can't do", async () => {
  assert.deepEqual(resizesOf("inception"), [
    "torch",
    "tf1",
    "clean",
    "torchmetrics",
  ]);
  await assert.rejects(
    openExtractor("dinov2", PATHS.dinov2, { resize: "clean" }),
    /Cannot prepare pictures for dinov2 by clean: wanted one of dgm-eval/,
  );
  const extractor = await openExtractor("clip", PATHS.clip);
  await assert.rejects(featuresOf(extractor, []), /found no pictures/);
  await assert.rejects(
    featuresOf(extractor, PICTURES, { batch: 0 }),
    /Cannot measure 0 pictures at a time/,
  );
  await extractor.release();
});
