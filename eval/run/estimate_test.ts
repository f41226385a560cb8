import assert from "node:assert/strict";
import { estimateRun } from "./estimate.ts";
import type { RunPlan } from "./execute.ts";
import type { Run } from "./open_run.ts";

Deno.test("estimateRun() shows networks no more pictures than there are samples", async () => {
  const samples = [0, 1].map((index) => (
    { index, id: String(index), caption: `caption ${index}`, seed: index }
  ));
  const record = {
    block: 64,
    samples: { count: 2, hash: "" },
    reference: { kind: "pictures", name: "real", hash: "", count: 9 },
    metrics: [{ metric: "cmmd", network: "clip", convention: "" }],
  };
  const asked: string[] = [];
  const plan = {
    extractors: [{
      network: { name: "clip", kind: "clip", hash: "", resize: "" },
      extract(seen: readonly { readonly index: number }[]) {
        asked.push(seen.map(({ index }) => samples[index].caption).join());
        return Promise.resolve({ rows: {} });
      },
    }],
    reference: { places: { kind: "files", files: [] } },
  };
  const text = await estimateRun(
    { folder: "", record, samples } as unknown as Run,
    plan as unknown as RunPlan,
    () => {},
  );
  assert.match(text, /for clip to see 11\.$/);
  assert.deepEqual(asked, Array(2).fill("caption 0,caption 1"));
});
