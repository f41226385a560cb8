import assert from "node:assert/strict";
import type { Stage } from "../train/loop.ts";
import { openOver } from "./train_open.ts";

Deno.test("openOver() closes the source of a stage that can't be opened", async () => {
  let closed = 0;
  const source = { close: () => void closed++ };
  const opened = openOver(source, () => Promise.reject(new Error("no memory")));
  await assert.rejects(opened, /no memory/);
  assert.equal(closed, 1);
});

Deno.test("openOver() closes a stage with all that it reads", async () => {
  const closed: string[] = [];
  const note = (name: string) => () => void closed.push(name);
  const stage = { close: () => Promise.resolve(note("stage")()) } as Stage;
  const parts = ["low", "high"].map((name) => ({
    release: () => Promise.resolve(note(name)()),
  }));
  const opened = await openOver(
    { close: note("source") },
    () => Promise.resolve(stage),
    parts,
  );
  assert.equal(opened.stage, stage);
  assert.deepEqual(closed, []);
  await opened.close();
  assert.deepEqual(closed, ["source", "stage", "low", "high"]);
});
