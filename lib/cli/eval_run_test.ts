import assert from "node:assert/strict";
import { listenerOf } from "./eval_run.ts";

Deno.test("listenerOf() counts the time of each work from when it is told of", () => {
  let [time, shown] = [5000, ""];
  const status = { show: (text: string) => shown = text, clear() {} };
  const { progress } = listenerOf(status, () => time);
  progress("drew", 0, 100);
  time += 10_000;
  progress("fetched", 0, 9); // in between
  time += 10_000;
  progress("drew", 40, 100);
  assert.equal(shown, "drew 40 of 100, 2.0 a second, 30 s left");
  progress("drew", 0, 50); // once more
  time += 5000;
  progress("drew", 5, 50);
  assert.match(shown, /1\.0 a second/);
});
