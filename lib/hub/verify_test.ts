import assert from "node:assert/strict";
import { gitSha1, sha256 } from "./fake_hub.ts";
import {
  CONFIG,
  FILES,
  type Pulling,
  TINY,
  WEIGHTS,
  WEIGHTS_HASH,
  withHub,
} from "./fake_tiny.ts";
import { findFiles, type FoundCheckpoint } from "./find.ts";
import { pullCheckpoint } from "./pull.ts";
import { readRecords } from "./records.ts";
import { verifyCheckpoint } from "./verify.ts";

const verify = (found: FoundCheckpoint, { settings }: Pulling) =>
  Array.fromAsync(verifyCheckpoint(found, { settings }));

/** Makes records as if nothing had been downloaded by us. */
const forget = ({ settings }: Pulling) =>
  Deno.remove(`${settings.ownFolder}/records.jsonl`);

Deno.test("verifyCheckpoint() compares with the surest hash there is", () =>
  withHub(async (_, options) => {
    const found = await pullCheckpoint("some/tiny", options);
    const first = await verify(found, options);
    assert.deepEqual(
      first.map(({ path, against, wanted }) => ({ path, against, wanted })),
      FILES.map((path) => ({
        path,
        against: "first download",
        wanted: undefined,
      })),
    );
    await forget(options);
    const second = await verify(found, options);
    assert.deepEqual(second.map(({ against }) => against), ["hub", "hub"]);
    assert.equal(second[1].sha256, WEIGHTS_HASH);
    const files = found.checkpoint.files.map(({ path }) => ({
      path,
      sha256: path === FILES[1] ? WEIGHTS_HASH : undefined,
    }));
    const checkpoint = { ...found.checkpoint, kind: "hub" as const, files };
    const third = await verify(
      { ...found, checkpoint: checkpoint as typeof found.checkpoint },
      options,
    );
    assert.deepEqual(third.map(({ against }) => against), ["hub", "catalogue"]);
  }));

Deno.test("verifyCheckpoint() finds a changed bit, by every kind of hash", () =>
  withHub(async (_, options) => {
    const found = await pullCheckpoint("some/tiny", options);
    const [config, weights] = FILES.map((path) => found.files.get(path)!);
    const wrong = WEIGHTS.slice();
    wrong[7] ^= 1;
    await Deno.writeFile(weights, wrong);
    await Deno.writeTextFile(config, CONFIG.replace("2", "3"));
    for (const against of ["first download", "hub"] as const) {
      const verified = await verify(found, options);
      assert.equal(verified[1].sha256, sha256(wrong));
      assert.deepEqual(verified.map(({ against }) => against), [
        against,
        against,
      ]);
      assert.equal(verified[1].wanted, WEIGHTS_HASH);
      if (against === "hub") assert.equal(verified[0].wanted, gitSha1(CONFIG));
      else await forget(options);
    }
  }));

Deno.test("verifyCheckpoint() records what it has nothing to compare with", () =>
  withHub(async (_, options) => {
    const settings = { ...options.settings, symlinks: false };
    const found = await pullCheckpoint("some/tiny", { ...options, settings });
    await forget(options);
    const first = await verify(found, options);
    assert.deepEqual(first.map(({ against }) => against), [
      "nothing",
      "nothing",
    ]);
    const records = await readRecords(settings);
    assert.deepEqual(records.get("some/tiny@main/net/weights.bin"), {
      bytes: WEIGHTS.length,
      sha256: WEIGHTS_HASH,
    });
    await Deno.truncate(found.files.get(FILES[1])!, 5);
    const [, weights] = await verify(found, options);
    assert.deepEqual([weights.against, weights.wanted], [
      "first download",
      WEIGHTS_HASH,
    ]);
    const after = await findFiles(settings, found.checkpoint, records);
    assert.deepEqual(after.missing.map(({ path }) => path), [FILES[1]]);
  }, TINY));
