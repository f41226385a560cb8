import assert from "node:assert/strict";
import { createPicture } from "../../lib/image/picture.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { extractMissing } from "./features.ts";
import { drawMissing, imagePlaces } from "./images.ts";
import type { Run } from "./open_run.ts";

Deno.test("drawMissing() and extractMissing() tell of what is missing, from 0 on", () =>
  withFolder(async (folder) => {
    const samples = [0, 1, 2].map((index) => (
      { index, id: String(index), caption: "", seed: index }
    ));
    const run = { folder, record: { block: 2 }, samples } as unknown as Run;
    const told: [number, number][] = [];
    const onProgress = (done: number, total: number) => {
      told.push([done, total]);
    };
    const draw = (some: readonly unknown[]) =>
      Promise.resolve(some.map(() => createPicture(4, 4)));
    const batch = { draw, batch: 2, onProgress };
    await drawMissing(run, { ...batch, most: 1 });
    assert.deepEqual(told.splice(0), [[0, 1], [1, 1]]);
    await drawMissing(run, batch);
    assert.deepEqual(told.splice(0), [[0, 2], [2, 2]]);
    await drawMissing(run, batch);
    assert.deepEqual(told, []);

    const network = { name: "net", kind: "net", hash: "", resize: "" };
    const extract = (seen: readonly unknown[]) => {
      const { length: count } = seen;
      const features = { count, width: 1, data: new Float32Array(count) };
      return Promise.resolve({ rows: { features } });
    };
    const see = (count: number) =>
      extractMissing(
        run,
        { set: "samples", hash: "", count, places: imagePlaces(run) },
        { network, extract },
        onProgress,
      );
    await see(3);
    assert.deepEqual(told.splice(0), [[0, 3], [2, 3], [3, 3]]);
    await see(3);
    assert.deepEqual(told, []);
  }));
