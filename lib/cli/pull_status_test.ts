import assert from "node:assert/strict";
import type { PullProgress } from "../hub/pull_step.ts";
import { pullStatus, pullText } from "./pull_status.ts";

const HALF: PullProgress = {
  path: "vqvae/model.bin",
  done: 500e6,
  total: 1e9,
  index: 1,
  count: 3,
  after: 100e6,
};

Deno.test("pullText() gives sizes, rate and the time left for all files", () => {
  assert.equal(
    pullText(HALF, 10e6),
    "model.bin, 2 of 3: 500 MB of 1.00 GB, 10.0 MB a second, 1 min 0 s left",
  );
  assert.equal(pullText(HALF), "model.bin, 2 of 3: 500 MB of 1.00 GB");
  const alone = { ...HALF, index: 0, count: 1, after: 0, total: undefined };
  assert.equal(pullText(alone, 10e6), "model.bin: 500 MB, 10.0 MB a second");
});

Deno.test("pullStatus() takes the rate of the last seconds, not of what was here", () => {
  let time = 0;
  const shown: string[] = [];
  const noted: string[] = [];
  using status = pullStatus(
    { show: (text) => shown.push(text), clear() {} },
    () => time,
    (text) => noted.push(text),
  );
  const at = (seconds: number, done: number, path = "a.bin") => {
    time = seconds * 1000;
    status.onProgress({ ...HALF, path, done, index: 0, count: 1, after: 0 });
    return /([\d.]+ \wB) a second/.exec(shown.at(-1)!)?.[1];
  };
  assert.equal(at(0, 400e6), undefined);
  assert.equal(at(10, 500e6), "10.0 MB");
  assert.equal(at(20, 520e6), "2.00 MB");
  assert.equal(at(21, 100e6), undefined); // all of it again
  assert.equal(at(22, 101e6), "1.00 MB");
  assert.equal(at(23, 1e6, "b.bin"), undefined);
  status.onNote("Trying again");
  assert.deepEqual(noted, ["Trying again"]);
});
