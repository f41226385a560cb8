import assert from "node:assert/strict";
import { join } from "node:path";
import { createEmojiLoader } from "../../datasets/mod.ts";
import { writePairs } from "../../datasets/pairs/fixture.ts";
import { psnr, ssim } from "../../eval/metrics/ssim.ts";
import { readRunJson } from "../../eval/run/files.ts";
import { RUN_FILES, runMetrics, runRecord } from "../../eval/run/record.ts";
import { perplexity } from "../../eval/tokenizer_quality.ts";
import { tinyFolder } from "../amused/parity.ts";
import { writeTinyBaai } from "../baai/tiny_baai.ts";
import { startHub } from "../hub/fake_hub.ts";
import { folderRepository } from "../hub/fake_tiny.ts";
import { fromPlanarBatch } from "../image/picture.ts";
import { assertClose } from "../run/assert_close.ts";
import { withFolder } from "../run/temp_folder.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import { evaluate, evaluated, runFiles, withEval } from "./eval_fixture.ts";
import { hubVariables, withVariables } from "./with_variables.ts";

async function figuresOf(run: string): Promise<Map<string, number>> {
  const path = join(run, RUN_FILES.metrics);
  const { figures } = await readRunJson(path, runMetrics);
  return new Map(figures.map(({ title, value }) => [title, value]));
}

Deno.test("eval tokenizer compares scenes with what their tokens leave of them", () =>
  withEval(async ({ folder, emoji }) => {
    const weights = join(folder, "weights");
    const judge = emoji.slice(emoji.indexOf("--judge")).slice(0, 2);
    const how = ["tokenizer", "--model", "tiny", "--weights", weights];
    const args = [...how, ...judge, "--samples", "70"];
    const whole = join(folder, "whole");
    const { out } = await evaluated(...args, "--out", whole);
    assert.match(out, /SSIM +-?0\.\d+/);
    const found = await figuresOf(whole);
    assert.ok(found.get("FD-probe")! > 0);

    // The same by hand.
    const path = join(weights, "tokenizer.safetensors");
    const tokenizer = await loadTokenizer(path);
    const side = tokenizer.config.imageSize;
    const options = { split: "validation", size: side, batch: 70 } as const;
    const { pixels } = (await createEmojiLoader(options)).next();
    const ids = await tokenizer.encode(pixels);
    const again = await tokenizer.decode(ids);
    await tokenizer.release();
    const real = fromPlanarBatch(pixels, side, side);
    const rebuilt = fromPlanarBatch(again, side, side);
    const mean = (compare: typeof psnr) =>
      real.reduce((sum, one, i) => sum + compare(one, rebuilt[i]), 0) / 70;
    const counts = new Float64Array(tokenizer.config.codes);
    for (const id of ids) counts[id]++;
    assertClose([found.get("PSNR in dB")!], [mean(psnr)], 1e-6);
    assertClose([found.get("SSIM")!], [mean(ssim)], 1e-6);
    assert.equal(found.get("Codes in effect"), perplexity(counts));
    const used = counts.filter((n) => n > 0).length / counts.length;
    assert.equal(found.get("Codes that occur"), used);

    const parts = join(folder, "parts");
    for (const k of [1, 2]) {
      await evaluated(...args, "--shard", `${k}/2`, "--out", parts);
    }
    await evaluated("merge", `${parts}-1-of-2`, `${parts}-2-of-2`);
    assert.deepEqual(runFiles(parts), runFiles(whole));

    const high = join(folder, "high");
    await evaluated(...args, "--high", "--samples", "8", "--out", high);
    const { source } = await readRunJson(
      join(high, RUN_FILES.run),
      runRecord,
    );
    assert.ok(source.kind === "model" && source.width === 32);

    const low = join(folder, "low");
    const precision = ["--precision", "fp16-storage", "--out", low];
    await withVariables(
      { XDG_CACHE_HOME: join(folder, "cache") },
      () => evaluated(...args, "--samples", "8", ...precision),
    );
    const { source: rounded } = await readRunJson(
      join(low, RUN_FILES.run),
      runRecord,
    );
    assert.ok(rounded.kind === "model");
    assert.equal(rounded.precision, "fp16-storage");
  }));

Deno.test("eval tokenizer takes published tokenizers, and pictures of any folder", () =>
  withFolder(async (folder) => {
    const data = join(folder, "pictures");
    await writePairs(data, 5);
    const inception = new URL(
      "../../eval/networks/testdata/narrow_inception.pth",
      import.meta.url,
    );
    const out = join(folder, "run");
    const args = ["tokenizer", "--model", tinyFolder("tiny-256")];
    const how = ["--data", data, "--inception", inception.pathname];
    const few = ["--samples", "4", "--side", "32", "--out", out];
    await evaluated(...args, ...how, ...few);
    const found = await figuresOf(out);
    assert.ok(found.get("FID")! > 0 && found.get("SSIM")! < 1);
    const again = join(folder, "again");
    const named = ["tokenizer", "--model", "some/tuned", ...how];
    const less = ["--samples", "4", "--side", "32", "--out", again];
    const root = tinyFolder("tiny-256");
    await using hub = startHub(await folderRepository("some/tuned", root));
    await withVariables(hubVariables(hub, folder), async () => {
      const { code, err } = await evaluate(...named, ...less);
      assert.equal(code, 1);
      assert.match(
        err,
        /some\/tuned is not all here: 3 files.* pull some\/tuned transformer\/config\.json vqvae\/config\.json vqvae\/diffusion_pytorch_model\.safetensors --like amused-256`, or add --yes/,
      );
      await evaluated(...named, ...less, "--yes");
      const offers: [string, RegExp][] = [
        ["amused-512", /3 files, about 585 MB .*512 transformer\/config\.json/],
        ["muse-cc3m", /mage-vqgan is not all here: 1 file, 218 MB/],
      ];
      for (const [model, offer] of offers) {
        const { code, err } = await evaluate("tokenizer", "--model", model);
        assert.equal(code, 1);
        assert.match(err, offer);
      }
    });
    assert.deepEqual(await figuresOf(again), found);
    const baai = join(folder, "baai");
    await writeTinyBaai(baai);
    const third = ["--samples", "4", "--out", join(folder, "third")];
    await evaluated("tokenizer", "--model", baai, ...how, ...third);
    const high = await evaluate(...args, "--high");
    assert.equal(high.code, 2);
    assert.match(high.err, /has no super-resolution; leave out --high/);
    const none = await evaluate("tokenizer", "--model", "nothing");
    assert.equal(none.code, 1);
  }));
