import assert from "node:assert/strict";
import {
  createStatus,
  duration,
  progressText,
  withProgress,
} from "./status.ts";

/** A sink that keeps what is written, at a time that the test sets. */
function fakeSink(isTerminal: boolean, columns = 20) {
  const sink = { time: 0, text: "" };
  const status = createStatus({
    isTerminal,
    columns: () => columns,
    write: (text) => sink.text += text,
    now: () => sink.time,
  });
  return { sink, status };
}

Deno.test("createStatus() keeps to one line on a terminal, and erases it", () => {
  const { sink, status } = fakeSink(true);
  status.show("step 1 of 12");
  sink.time = 20; // too soon
  status.show("step 2 of 12");
  sink.time = 100;
  status.show("a state that is wider than the terminal");
  status.clear();
  status.clear();
  assert.equal(
    sink.text,
    "\r\x1b[Kstep 1 of 12\r\x1b[Ka state that is wid\r\x1b[K",
  );
});

Deno.test("createStatus() shows whole lines where the width is unknown", () => {
  const { sink, status } = fakeSink(true, 0);
  status.show("step 1 of 12");
  assert.equal(sink.text, "\r\x1b[Kstep 1 of 12");
  status.clear();
});

Deno.test("createStatus() erases its line when the program ends", () => {
  const { sink, status } = fakeSink(true);
  status.show("step 1");
  globalThis.dispatchEvent(new Event("unload"));
  assert.equal(sink.text, "\r\x1b[Kstep 1\r\x1b[K");
  status.clear();
});

Deno.test("createStatus() prints plain lines now and then elsewhere", () => {
  const { sink, status } = fakeSink(false);
  for (sink.time = 0; sink.time <= 30_000; sink.time += 1000) {
    status.show(`second ${sink.time / 1000}`);
  }
  status.clear();
  assert.equal(sink.text, "second 10\nsecond 20\nsecond 30\n");
});

Deno.test("progressText() tells the rate and the time left", () => {
  assert.equal(
    progressText("drew", 16.5, 100, 8.25),
    "drew 16 of 100, 2.0 a second, 42 s left",
  );
  assert.equal(
    progressText("drew", 2, 100, 8),
    "drew 2 of 100, 4.0 s each, 6 min 32 s left",
  );
  assert.equal(progressText("drew", 0, 100, 0), "drew 0 of 100");
  assert.equal(progressText("drew", 1, 100, 0), "drew 1 of 100");
});

Deno.test("progressText() tells no rate where little was done, or all before", () => {
  assert.equal(progressText("drew", 16, 760, 0.000005), "drew 16 of 760");
  assert.equal(progressText("drew", 16, 760, 0.99), "drew 16 of 760");
  assert.equal(progressText("drew", 16, 760, 8, 16), "drew 16 of 760");
  assert.equal(
    progressText("drew", 24, 100, 4, 16),
    "drew 24 of 100, 2.0 a second, 38 s left",
  );
});

Deno.test("duration() has two units at most", () => {
  assert.deepEqual(
    [0.4, 59.4, 59.6, 3599, 3600, 7380, 90000].map(duration),
    ["0 s", "59 s", "1 min 0 s", "59 min 59 s", "1 h 0 min", "2 h 3 min"]
      .concat("25 h 0 min"),
  );
});

Deno.test("withProgress() gives what came of the work, and its errors", async () => {
  const half = (onProgress: (done: number, total: number) => void) => {
    onProgress(1, 2);
    return Promise.resolve("half");
  };
  assert.equal(await withProgress("did", half), "half");
  await assert.rejects(
    withProgress("did", () => Promise.reject(new Error("no more"))),
    /^Error: no more$/,
  );
});
