import assert from "node:assert/strict";
import { join } from "node:path";
import { createPicture, type Picture } from "../image/picture.ts";
import { assertWithin } from "../run/assert_close.ts";
import { createRng } from "../run/random.ts";
import {
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
} from "../run/safetensors.ts";
import { withFolder } from "../run/temp_folder.ts";
import { type Clip, loadClip } from "./model.ts";

const FOLDER = new URL("testdata/", import.meta.url).pathname;
const TINY = join(FOLDER, "tiny");

/** What a fixture was given, and what the reference made of it. */
async function readReference(name: string) {
  const path = join(FOLDER, `${name}_outputs.safetensors`);
  const header = await readSafetensorsHeader(path);
  const floats = await readTensorsF32(header);
  const [height, width] = header.tensors.get("picture")!.shape;
  const bytes = await readTensor(header, "picture") as Uint8Array;
  return {
    texts: [0, 1, 2].map((i) => header.metadata[`prompt.${i}`]),
    picture: createPicture(width, height, bytes),
    values: (name: string) => floats.get(name)!.data,
  };
}

async function withClip(
  path: string,
  body: (clip: Clip) => Promise<void>,
): Promise<void> {
  const clip = await loadClip(path);
  try {
    await body(clip);
  } finally {
    await clip.release();
  }
}

function randomPictures(count: number): Picture[] {
  const rng = createRng("clip test");
  return Array.from({ length: count }, (_, i) => {
    const [width, height] = [30 + i, 40 - i];
    const data = new Uint8Array(width * height * 3);
    return createPicture(width, height, data.map(() => rng.integer(256)));
  });
}

Deno.test("loadClip() gives the reference's vectors of texts and pictures", () =>
  withClip(TINY, async (clip) => {
    const { texts, picture, values } = await readReference("tiny");
    assert.equal(texts[1], "");
    assertWithin(await clip.encodeTexts(texts), values("text_unit"), 1e-5);
    const raw = { normalized: false };
    const embedding = values("text_embedding");
    assertWithin(await clip.encodeTexts(texts, raw), embedding, 1e-5);
    assertWithin(
      await clip.encodeImages([picture]),
      values("picture_unit"),
      1e-5,
    );
    assert.ok(Math.abs(clip.logitScale - Math.exp(2.5)) < 1e-5);
  }));

Deno.test("loadClip() reads OpenAI's file, with the vocabulary beside it", () =>
  withFolder(async (folder) => {
    for (const name of ["vocab.json", "merges.txt"]) {
      await Deno.copyFile(join(TINY, name), join(folder, name));
    }
    const path = join(folder, "ViT-tiny.pt");
    await Deno.copyFile(join(FOLDER, "tiny_openai.pt"), path);
    const { texts, picture, values } = await readReference("tiny_openai");
    await withClip(path, async (clip) => {
      const raw = { normalized: false };
      assertWithin(
        await clip.encodeTexts(texts, raw),
        values("text_embedding"),
        1e-5,
      );
      assertWithin(
        await clip.encodeImages([picture], raw),
        values("picture_embedding"),
        1e-5,
      );
    });
  }));

Deno.test("loadClip() gives the same vectors whatever the batch", () =>
  withClip(TINY, async (clip) => {
    const pictures = randomPictures(5);
    const texts = ["a fox", "two bears", "", "the sea", "in it"];
    for (const normalized of [true, false]) {
      const whole = { batch: 5, normalized };
      const parts = { batch: 2, normalized };
      assert.deepEqual(
        await clip.encodeImages(pictures, parts),
        await clip.encodeImages(pictures, whole),
      );
      assert.deepEqual(
        await clip.encodeTexts(texts, parts),
        await clip.encodeTexts(texts, whole),
      );
    }
    assert.equal((await clip.encodeTexts([])).length, 0);
    await assert.rejects(clip.encodeTexts(texts, { batch: 0 }), RangeError);
  }));

Deno.test("loadClip() prepares pictures as the checkpoint says, by either convention", () =>
  withFolder(async (folder) => {
    for (const { name } of Deno.readDirSync(TINY)) {
      await Deno.copyFile(join(TINY, name), join(folder, name));
    }
    const preparing = join(folder, "preprocessor_config.json");
    const write = (fields: Record<string, unknown>) =>
      Deno.writeTextFile(
        preparing,
        JSON.stringify({
          crop_size: 32,
          size: { shortest_edge: 32 },
          resample: 3,
          image_mean: [0.5, 0.5, 0.5],
          image_std: [0.5, 0.5, 0.5],
          ...fields,
        }),
      );
    const pictures = randomPictures(1);
    const encode = async (path: string, convention?: "transformers") => {
      const clip = await loadClip(path, { convention });
      const vectors = await clip.encodeImages(pictures);
      await clip.release();
      return vectors;
    };
    const own = await encode(TINY);
    assert.notDeepEqual(await encode(TINY, "transformers"), own);
    await write({});
    assert.notDeepEqual(await encode(folder), own);
    const wrong: [Record<string, unknown>, RegExp][] = [
      [{ size: 224 }, /"size" is 224, wanted 32/],
      [{ crop_size: { height: 32, width: 16 } }, /"crop_size" is \{/],
      [{ resample: 2 }, /"resample" is 2, wanted 3, bicubic/],
      [{ do_center_crop: false }, /"do_center_crop" is false, wanted true/],
      [{ image_std: [1, 1] }, /"image_std" is \[1,1\], wanted three numbers/],
    ];
    for (const [fields, message] of wrong) {
      await write(fields);
      await assert.rejects(loadClip(folder), message);
    }
  }));

Deno.test("loadClip() says what doesn't belong together", () =>
  withFolder(async (folder) => {
    const weights = join(folder, "model.safetensors");
    await Deno.copyFile(join(TINY, "model.safetensors"), weights);
    await assert.rejects(loadClip(folder), Deno.errors.NotFound);
    const config = JSON.parse(
      await Deno.readTextFile(join(TINY, "config.json")),
    );
    const write = (changed: unknown) =>
      Deno.writeTextFile(join(folder, "config.json"), JSON.stringify(changed));
    await write(config);
    await assert.rejects(loadClip(folder), /found neither tokenizer.json nor/);
    for (const name of ["vocab.json", "merges.txt"]) {
      await Deno.copyFile(join(TINY, name), join(folder, name));
    }
    const text_config = { ...config.text_config, vocab_size: 800 };
    await write({ ...config, text_config });
    await assert.rejects(
      loadClip(folder),
      /its tokenizer has 814 ids, its text tower 800/,
    );
    const vision_config = { ...config.vision_config, intermediate_size: 65 };
    await write({ ...config, vision_config });
    await assert.rejects(
      loadClip(folder),
      /mlp.fc1.bias is \[64\], wanted \[65\]/,
    );
  }));
