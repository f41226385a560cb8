import assert from "node:assert/strict";
import { join } from "node:path";
import { loadJudge, loadProbe } from "../../eval/probe/judge.ts";
import { TOY } from "../../eval/probe/toy_probe.ts";
import { withFolder } from "../run/temp_folder.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import { COMMON, TOKENIZER, type } from "./train_fixture.ts";

const LOSSES = {
  centre: 1,
  kind: 1,
  side: 1,
  tint: 1,
  background: 1,
  style: 1,
};
const JUDGE = {
  network: TOY,
  training: { ...COMMON, steps: 3, losses: LOSSES, rebuilt: 0.5 },
};

Deno.test("train judge, as a user calls it", async () => {
  await withFolder(async (cwd) => {
    const train = (...args: string[]) =>
      type(cwd, "train", ...args, "--runs", "runs");
    const write = (name: string, value: unknown) =>
      Deno.writeTextFile(join(cwd, name), JSON.stringify(value));
    await write("t.json", { ...TOKENIZER });
    await train("tokenizer", "--config", "t.json", "--steps", "1");
    const exported = await train("tokenizer", "--export", "t.safetensors");
    assert.equal(exported.code, 0, exported.err);

    await write("judge.json", JUDGE);
    const judge = ["judge", "--config", "judge.json"];
    const own = ["--tokenizer", "t.safetensors"];
    await write("odd.json", { ...JUDGE, network: { ...TOY, groups: 3 } });
    const odd = await train("judge", "--config", "odd.json", ...own);
    assert.equal(odd.code, 1);
    assert.match(odd.err, /odd\.json: network\.channels: .* groups; correct/);
    const larger = { ...TOY, stem: 2, imageSize: 32 };
    await write("larger.json", { ...JUDGE, network: larger });
    const large = await train("judge", "--config", "larger.json", ...own);
    assert.match(large.err, /judge of 32 px with .*: it is for 16 px; give/);

    const other = await train(...judge, ...own, "--data", "coco");
    assert.equal(other.code, 2);
    assert.match(other.err, /--data is for other stages: a judge reads emoji/);

    const trained = await train(...judge, ...own);
    assert.equal(trained.code, 0, trained.err);
    assert.match(trained.out, /^Done: 3 steps, in runs\/judge$/);
    const more = await train(...judge, ...own, "--resume", "--steps", "4");
    assert.match(more.out, /^Done: 4 steps/, more.err);
    const file = join(cwd, "j.safetensors");
    const written = await train("judge", "--export", file, "--int8");
    assert.equal(written.code, 0, written.err);
    assert.match(written.out, /^It may not judge yet: object right in \d/);
    const { metadata } = await readSafetensorsHeader(file);
    assert.equal(JSON.parse(metadata.quality).pictures, 2000);
    assert.match(metadata.tokenizer, /^[0-9a-f]{64}$/);
    await (await loadProbe(file)).release();
    await assert.rejects(loadJudge(file), /object right in .*, wanted 90%/);
  });
});
