import assert from "node:assert/strict";
import { withFolder } from "../run/temp_folder.ts";
import { startHub } from "./fake_hub.ts";
import { addRecord, readRecords, recordsPath } from "./records.ts";

Deno.test("readRecords() keeps the first of each, and skips what was cut", () =>
  withFolder(async (folder) => {
    await using hub = startHub();
    const settings = hub.settings(folder);
    assert.equal((await readRecords(settings)).size, 0);
    const first = { bytes: 3, sha256: "ab", commit: "cd" };
    await addRecord(settings, "a", first);
    await addRecord(settings, "a", { bytes: 4, sha256: "ef" });
    const path = recordsPath(settings);
    for (const line of ["null\n", '{"key": 1}\n', '{"key": "b", "byt']) {
      await Deno.writeTextFile(path, line, { append: true });
    }
    assert.deepEqual(await readRecords(settings), new Map([["a", first]]));
  }));
