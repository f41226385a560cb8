import assert from "node:assert/strict";
import type {
  MetricFigure,
  SetRecord,
} from "../../eval/metrics/metric_figure.ts";
import { withResizeNotes } from "./resize_notes.ts";

const set = (name: string, resize?: string): SetRecord => ({
  ...{ name, hash: "0", width: 2048, network: "inception" },
  ...(resize === undefined ? {} : { resize }),
});

function notesOf(
  samples: SetRecord,
  reference: SetRecord | undefined,
  named?: string,
): readonly string[] {
  const figure: MetricFigure = {
    ...{ title: "FID", metric: "fid", convention: "pytorch-fid", value: 1 },
    ...{ samples, settings: {}, notes: ["few samples"] },
    ...(reference ? { reference } : {}),
  };
  const [{ notes }] = withResizeNotes([figure], named);
  assert.equal(notes[0], "few samples");
  return notes.slice(1);
}

Deno.test("withResizeNotes() tells of pictures that weren't resized as the named program does", () => {
  const [torch, clean] = [set("a", "torch"), set("b", "clean")];
  const [note, ...more] = notesOf(torch, torch, "clean-fid");
  assert.match(
    note,
    /of a were resized by torch, and clean-fid resizes by clean: the figure is/,
  );
  assert.deepEqual(more, []);
  assert.equal(notesOf(clean, undefined, "torch-fidelity").length, 1);
  assert.deepEqual(notesOf(clean, clean, "clean-fid"), []);
  assert.deepEqual(notesOf(clean, clean), []); // no program was named
  assert.deepEqual(notesOf(clean, clean, "prdc"), []); // it resizes nothing
  const ofClip = { ...set("c", "openai"), network: "clip" };
  assert.deepEqual(notesOf(ofClip, ofClip, "clean-fid"), []);
});

Deno.test("withResizeNotes() tells of a set that nobody says it of", () => {
  const [known, foreign] = [set("a", "torch"), set("b")];
  assert.match(
    notesOf(known, foreign)[0],
    /nobody says how the pictures of the reference were resized; .* by torch/,
  );
  assert.match(
    notesOf(foreign, known)[0],
    /how the pictures of the samples were/,
  );
  assert.deepEqual(notesOf(foreign, foreign), []);
});
