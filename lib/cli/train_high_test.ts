import assert from "node:assert/strict";
import { join } from "node:path";
import { loadSuperresModel } from "../muse/superres_model.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import { toyPictures } from "../train/toy_pictures.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import { sha256, SUPERRES, TOKENIZER, type } from "./train_fixture.ts";

Deno.test("train, of the stages of twice the size", async (t) => {
  const cwd = await Deno.makeTempDir();
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(join(cwd, name), JSON.stringify(value));
  const train = (...args: string[]) => type(cwd, "train", ...args);
  const here = ["--runs", "runs"];
  const exportTo = (stage: string, file: string, ...args: string[]) =>
    train(stage, ...here, "--export", file, ...args);

  await t.step("trains the stages of twice the size", async () => {
    const network = { ...TOKENIZER.network, imageSize: 32 };
    await write("high.json", { ...TOKENIZER, network });
    await write("tokenizer.json", TOKENIZER);
    const tokenizer = ["tokenizer", "--config", "tokenizer.json", ...here];
    const small = await train(...tokenizer, "--steps", "2");
    assert.equal(small.code, 0, small.err);
    await exportTo("tokenizer", "t.safetensors");
    const high = ["tokenizer-high", "--config", "high.json", ...here];
    const start = ["--init", "t.safetensors", "--steps", "1"];
    const enlarged = await train(...high, ...start);
    assert.match(enlarged.out, /^Done: 1 steps, in runs\/tokenizer-high$/);
    const exported = await exportTo("tokenizer-high", "h.safetensors");
    assert.equal(exported.code, 0, exported.err);
    const own = ["--tokenizer", "t.safetensors"];
    const superres = [
      ...["superres", "--config", "superres.json", ...here, ...own],
      ...["--tokenizer-high", "h.safetensors"],
    ];
    await write("superres.json", SUPERRES);
    const trained = await train(...superres);
    assert.equal(trained.code, 0, trained.err);
    const picture = await Deno.stat(join(cwd, "runs/superres/0000002.png"));
    assert.ok(picture.size > 1000);
    const written = await exportTo("superres", "s.safetensors");
    assert.equal(written.code, 0, written.err);
    const path = join(cwd, "s.safetensors");
    await (await loadSuperresModel(path)).release();
    const { metadata } = await readSafetensorsHeader(path);
    for (const option of ["tokenizer", "tokenizer-high"]) {
      assert.match(metadata[option], /^[0-9a-f]{64}$/);
    }
    const others = ["--tokenizer-high", "t.safetensors", "--resume"];
    const refused = await train(...superres, ...others, "--steps", "3");
    assert.match(refused.err, /give the --tokenizer-high it began with/);
    const odd = await train(...superres, ...others, "--name", "odd");
    assert.match(odd.err, /grid of the high-resolution .*: 4x4, wanted 8x8/);
  });

  await t.step("finetunes a larger decoder of the same tokens", async () => {
    const network = {
      ...TOKENIZER.network,
      imageSize: 32,
      decoderBlocks: 2,
      decoderWidening: 2,
    };
    const { losses: _, reviveEvery: _e, reviveWindow: _w, ...training } =
      TOKENIZER.training;
    const losses = { absolute: 1, squared: 2 };
    const config = { network, training: { ...training, losses, steps: 3 } };
    await write("decoder.json", config);
    const own = ["--config", "decoder.json", ...here];
    const decoder = ["decoder", ...own, "--tokenizer-high", "h.safetensors"];
    const trained = await train(...decoder);
    assert.equal(trained.code, 0, trained.err);
    const picture = await Deno.stat(join(cwd, "runs/decoder/0000003.png"));
    assert.ok(picture.size > 1000);
    const wrong = ["--tokenizer-high", "t.safetensors"];
    const refused = await exportTo("decoder", "d.safetensors", ...wrong);
    assert.match(refused.err, /finetuned for another tokenizer than t\.safe/);
    const odd = await train(...decoder, ...wrong, "--name", "odd");
    assert.match(odd.err, /encoder and .*\(imageSize: 32, wanted 16\)/);
    const right = ["--tokenizer-high", "h.safetensors", "--int8"];
    const exported = await exportTo("decoder", "d.safetensors", ...right);
    assert.equal(exported.code, 0, exported.err);
    const [before, after] = await Promise.all(
      ["h.safetensors", "d.safetensors"]
        .map((name) => loadTokenizer(join(cwd, name))),
    );
    assert.equal(after.config.decoderWidening, 2);
    const pixels = toyPictures(5, 4, 32);
    const tokens = await before.encode(pixels);
    assert.deepEqual(await after.encode(pixels), tokens);
    assert.notDeepEqual(
      await after.decode(tokens),
      await before.decode(tokens),
    );
    await Promise.all([before.release(), after.release()]);
    const { metadata, tensors } = await readSafetensorsHeader(
      join(cwd, "d.safetensors"),
    );
    // 16 channels of 9 pixels make groups of 24; 4 codes of 1 pixel make none.
    const dtypes = ["decoder.up_blocks.0.resnets.0.conv1", "post_quant_conv"]
      .map((name) => tensors.get(`${name}.weight`)?.dtype);
    assert.deepEqual(dtypes, ["I8", "F16"]);
    assert.equal(metadata.tokensOf, await sha256(join(cwd, "h.safetensors")));
    // Its weights are those of a tokenizer, and a start for another run.
    const init = ["--init", "d.safetensors", "--name", "again"];
    const again = await train(...decoder, ...init, "--steps", "1");
    assert.equal(again.code, 0, again.err);
    // A run goes on with a tokenizer of other pixels, but the same tokens.
    const same = ["--tokenizer-high", "d.safetensors"];
    const longer = await train(...decoder, ...same, "--resume", "--steps", "4");
    assert.equal(longer.code, 0, longer.err);
  });

  await Deno.remove(cwd, { recursive: true });
});
