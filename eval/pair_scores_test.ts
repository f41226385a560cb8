/** CLIP scores of captioned pictures in files, against the programs' own. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { openPairs } from "../datasets/mod.ts";
import { loadClip } from "../lib/clip/model.ts";
import { assertClose } from "../lib/run/assert_close.ts";
import { readSafetensorsHeader, readTensor } from "../lib/run/safetensors.ts";
import { withFolder } from "../lib/run/temp_folder.ts";
import {
  CLIP_SCORE_CONVENTIONS,
  scoreOfCosines,
} from "./metrics/clip_score.ts";
import { scorePairs } from "./pair_scores.ts";
import reference from "./pictures/testdata/clip_score.json" with {
  type: "json",
};

const here = (path: string) => new URL(path, import.meta.url).pathname;
const CLIPS = here("../lib/clip/testdata");
const CAPTIONS = Object.entries(reference.captions);

/** The tiny CLIP that the reference has run. */
const MODELS = {
  torchmetrics: "tiny/model.safetensors",
  clipscore: "tiny_openai.pt",
} as const;

/** A folder with the pictures, their captions and the models. */
async function withPairs(body: (folder: string) => Promise<void>) {
  const pictures = await readSafetensorsHeader(
    here("../lib/image/testdata/decode_pillow.safetensors"),
  );
  await withFolder(async (folder) => {
    for (const [name] of CAPTIONS) {
      const bytes = await readTensor(pictures, `file ${name}`);
      await Deno.writeFile(join(folder, name), bytes as Uint8Array);
    }
    const lines = CAPTIONS.map(([image, caption]) =>
      JSON.stringify({ image, caption })
    );
    await Deno.writeTextFile(join(folder, "captions.jsonl"), lines.join("\n"));
    // OpenAI's file has no vocabulary.
    for (const name of ["vocab.json", "merges.txt", "config.json"]) {
      await Deno.copyFile(join(CLIPS, "tiny", name), join(folder, name));
    }
    for (const path of Object.values(MODELS)) {
      const [name] = path.split("/").slice(-1);
      await Deno.copyFile(join(CLIPS, path), join(folder, name));
    }
    await body(folder);
  });
}

Deno.test("scorePairs() gives the CLIP scores of torchmetrics and of clipscore", () =>
  withPairs(async (folder) => {
    for (const program of ["torchmetrics", "clipscore"] as const) {
      const [model] = MODELS[program].split("/").slice(-1);
      const clip = await loadClip(join(folder, model), { threads: 1 });
      const set = await openPairs(join(folder, "captions.jsonl"));
      const convention = CLIP_SCORE_CONVENTIONS[program];
      const found = await scorePairs(clip, set, { convention, batch: 4 });
      const usual = await scorePairs(clip, set);
      await clip.release();
      const images = found.pairs.map(({ image }) => image);
      assert.deepEqual(images, CAPTIONS.map(([name]) => name));
      const cosines = found.pairs.map(({ cosine }) => cosine);
      const { value, pairs } = scoreOfCosines(cosines, convention);
      const wanted = reference[program];
      assertClose(pairs, wanted.pairs, 2e-5, () => program);
      assertClose([value], [wanted.value], 2e-5, () => program);
      // It isn't what OpenAI's way to show pairs gives.
      assert(usual.pairs.some((pair, i) => {
        return Math.abs(pair.cosine - cosines[i]) > 1e-3;
      }));
      // A prefix is no part of what is told.
      assert.deepEqual(
        found.pairs.map(({ caption }) => caption),
        CAPTIONS.map(([, caption]) => caption),
      );
    }
  }));

Deno.test("scorePairs() reads captions as the program's own tokenizer does", () =>
  withPairs(async (folder) => {
    const [image] = CAPTIONS[0];
    const captions = ["it's a cat &amp; a fox", "it’s a cat & a fox"];
    const lines = ["it's a cat & a fox", ...captions].map((caption) =>
      JSON.stringify({ image, caption })
    );
    await Deno.writeTextFile(join(folder, "odd.jsonl"), lines.join("\n"));
    const set = await openPairs(join(folder, "odd.jsonl"));
    const clip = await loadClip(join(folder, "model.safetensors"));
    for (const program of ["cosine", "clip-score", "torchmetrics"] as const) {
      const convention = CLIP_SCORE_CONVENTIONS[program];
      const { pairs } = await scorePairs(clip, set, { convention });
      const [plain, ...others] = pairs.map(({ cosine }) => cosine);
      const areSame = others.map((cosine) => cosine === plain);
      const isRepaired = program !== "torchmetrics";
      assert.deepEqual(areSame, [isRepaired, isRepaired], program);
      assert.deepEqual(
        pairs.slice(1).map(({ caption }) => caption),
        captions,
      );
    }
    await clip.release();
  }));
