import assert from "node:assert/strict";
import { createPicture } from "../../lib/image/picture.ts";
import { openRunNetwork } from "./networks.ts";

const CLIP = new URL("../../lib/clip/testdata/tiny", import.meta.url).pathname;

Deno.test("openRunNetwork() has CLIP read captions only where that is asked", async () => {
  const samples = [{ index: 0, id: "0", caption: "a fox", seed: 0 }];
  const seen = [{ index: 0, picture: createPicture(32, 32) }];
  for (const captions of [false, true]) {
    const { extract, release } = await openRunNetwork(
      { name: "clip", kind: "clip", path: CLIP, captions },
      { crop: "none", side: 32, samples },
    );
    const { rows } = await extract(seen, "samples");
    assert.equal("texts" in rows, captions);
    const real = await extract(seen, "reference");
    assert.deepEqual(Object.keys(real.rows), ["features"]);
    await release();
  }
});
