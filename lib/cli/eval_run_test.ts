import assert from "node:assert/strict";
import { withFolder } from "../run/temp_folder.ts";
import { listenerOf, runPictures } from "./eval_run.ts";

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

Deno.test("runPictures() releases the model and the networks of a run that fails", () =>
  withFolder(async (folder) => {
    const released: string[] = [];
    const release = (what: string) => () => {
      released.push(what);
      return Promise.resolve();
    };
    const samples = [{ index: 0, id: "0", caption: "a fox", seed: 0 }];
    const source = {
      ...{ kind: "model", name: "tiny", hash: "", settings: {} } as const,
      ...{ width: 4, height: 4, precision: "float32" },
    };
    const drawing = {
      batch: 1,
      draw: () => Promise.reject(new Error("no room to draw")),
      release: release("model"),
    };
    const run = runPictures(
      { model: "tiny", seed: 0, shard: undefined, out: folder },
      {
        name: "emoji",
        samples,
        record: { settings: {}, networks: [], metrics: [] },
        extractors: [],
        release: release("networks"),
      },
      () => Promise.resolve({ samples, source, drawing }),
    );
    await assert.rejects(run, /no room to draw/);
    assert.deepEqual(released, ["model", "networks"]);
  }));
