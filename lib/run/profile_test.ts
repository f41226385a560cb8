import assert from "node:assert/strict";
import { input, matmul, sum } from "../graph/ops.ts";
import { profileRuns } from "./profile.ts";
import { createSession } from "./session.ts";

Deno.test("profileRuns() tells what each call spent inside the runtime", async () => {
  const a = input("a", [256, 256]);
  const feeds = { a: new Float32Array(256 * 256).fill(1) };
  const total = sum(matmul(a, a));
  const wall: number[] = [];
  const inside = await profileRuns(async (profilePrefix) => {
    const options = { profilePrefix };
    const session = await createSession({ total }, new Map(), options);
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      await session.run(feeds);
      wall.push((performance.now() - start) / 1000);
    }
    return session;
  });
  assert.equal(inside.length, 3);
  inside.forEach((seconds, i) => {
    assert.ok(seconds > 0 && seconds <= wall[i], `${seconds} of ${wall[i]}`);
  });
});
