import assert from "node:assert/strict";
import { leaves } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { assertClose } from "../run/assert_close.ts";
import { createRng } from "../run/random.ts";
import { randomWeights, weightFeeds } from "../run/random_weights.ts";
import { createSession } from "../run/session.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import { tokenPictures } from "../vqgan/network.ts";
import { TINY_VQGAN } from "../vqgan/tiny_vqgan.ts";
import { widenParameters } from "./widen.ts";

const SMALL: VqganConfig = { ...TINY_VQGAN, codes: 12 };
const rng = createRng("widen test");
const IDS = Int32Array.from({ length: 2 * 16 }, () => rng.integer(12));

function drawing(config: VqganConfig) {
  const out = tokenPictures(config, input("ids", ["1B", 16], "int32"), 4);
  return { out, parameters: leaves([out], "parameter") };
}

/** Far from their start, so that everything has an influence. */
const OLD = randomWeights("widen", [drawing(SMALL).out], 0.5);

async function draw(
  config: VqganConfig,
  values: ReadonlyMap<string, Float32Array>,
): Promise<Float32Array> {
  const session = await createSession({ out: drawing(config).out });
  const feeds = { ...Object.fromEntries(values), ids: IDS };
  const { out } = await session.run(feeds);
  await session.release();
  return out.data as Float32Array;
}

Deno.test("widenParameters() makes a larger decoder that draws the same", async () => {
  const before = await draw(
    SMALL,
    new Map(Object.entries(weightFeeds(OLD))),
  );
  const large = [
    { ...SMALL, decoderWidening: 2 },
    { ...SMALL, decoderBlocks: 3 },
    { ...SMALL, decoderBlocks: 2, decoderWidening: 1.5 },
  ];
  for (const config of large) {
    const { parameters } = drawing(config);
    const widened = widenParameters(parameters, OLD, createRng("new"));
    const drawn = await draw(config, widened);
    assertClose(drawn, before, 1e-5);
    const count = (values: Iterable<Float32Array>) =>
      [...values].reduce((sum, { length }) => sum + length, 0);
    const old = [...OLD.values()].map(({ data }) => data);
    assert.ok(count(widened.values()) > 1.4 * count(old));
    // What is new starts at random, or it would stay the same throughout.
    const other = widenParameters(parameters, OLD, createRng("other"));
    assert.notDeepEqual(other, widened);
  }
});

Deno.test("widenParameters() refuses to make channels fewer", () => {
  const { parameters } = drawing({ ...SMALL, channels: [2, 8] });
  assert.throws(
    () => widenParameters(parameters, OLD, createRng("new")),
    /Cannot widen decoder\..* from \[.*\] to \[.*\]: wanted at least as many/,
  );
});
