import assert from "node:assert/strict";
import { tinyMuse } from "../muse/tiny_muse.ts";
import { contents, withFolder } from "../run/temp_folder.ts";
import { batchSize } from "./batch_size.ts";
import { withVariables } from "./with_variables.ts";

Deno.test("batchSize() takes the number that is asked for, and tries none for one picture", () =>
  withFolder(async (folder) => {
    const muse = await tinyMuse();
    const told: string[] = [];
    const asked = {
      run: {},
      settings: { guidance: { kind: "constant", scale: 2 }, steps: 4 },
      status: (text: string) => void told.push(text),
    } as const;
    const size = (batch: number | "auto", count: number) =>
      withVariables(
        { XDG_CACHE_HOME: folder },
        () => batchSize({ ...asked, batch, count }, muse),
      );
    assert.equal(await size(3, 8), 3);
    assert.equal(await size("auto", 1), 1);
    assert.deepEqual([told, contents(folder)], [[], []]);
    const best = await size("auto", 8);
    assert.equal(told.length, 1);
    const kept = `${folder}/muselab/batches`;
    const [file] = contents(kept);
    const { batch } = JSON.parse(await Deno.readTextFile(`${kept}/${file}`));
    assert.equal(batch, best);
    assert.equal(await size("auto", 8), best);
    assert.equal(contents(kept).length, 1);
    await muse.release();
  }));
