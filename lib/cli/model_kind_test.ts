import assert from "node:assert/strict";
import { effectiveSettings } from "./effective_settings.ts";
import { readRequest } from "./generate_args.ts";

/** What a model of that size is drawn with by these options. */
function settingsFor(ownSide: number | undefined, ...options: string[]) {
  const args = ["a fox", "--model", "some/tuned-512", ...options];
  const { settings } = readRequest(args)!;
  return effectiveSettings(settings, ownSide === undefined ? {} : { ownSide });
}

Deno.test("--preset best goes by the size of the model's own pictures, whatever its name", () => {
  const scale = (scale: number) => ({ kind: "constant", scale });
  for (const [side, wanted] of [[256, 3], [512, 19]]) {
    const best = settingsFor(side, "--preset", "best");
    assert.deepEqual(best.guidance, scale(wanted));
    assert.equal(best.steps, 12);
    assert.ok(!("bySide" in best));
    const changed = ["--preset", "best", "--guidance", "5", "--steps", "4"];
    const own = settingsFor(side, ...changed);
    assert.deepEqual(own, { ...best, guidance: scale(5), steps: 4 });
    assert.deepEqual(settingsFor(side).guidance, scale(9));
  }
});

Deno.test("--preset best tells mistakes before the model is here", () => {
  const wrong: [string[], RegExp][] = [
    [["--negative", "a cat", "--guidance", "0"], /--negative needs/],
    [["--steps", "3", "--schedule", "0.5,0"], /--schedule lists 2 steps/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(
      () => settingsFor(undefined, "--preset", "best", ...options),
      message,
    );
  }
});
