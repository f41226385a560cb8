import assert from "node:assert/strict";
import { decode } from "./decode.ts";
import { blankTokens, startDecode } from "./decode_state.ts";
import { CODES, tablePredict } from "./decode_table.ts";
import { settingsOf } from "./options.ts";
import { PRESETS } from "./presets.ts";
import { maskedCounts } from "./schedule.ts";
import { checkSteps } from "./step_options.ts";

Deno.test("PRESETS hold settings that fit each other", () => {
  for (const preset of Object.values(PRESETS)) {
    const settings = settingsOf(preset);
    checkSteps(settings, settings.steps);
    const counts = maskedCounts(settings.schedule, 256, settings.steps);
    assert.equal(counts.at(-1), 0);
  }
});

Deno.test("PRESETS.autonat8 draws by AutoNAT's own numbers in every step", async () => {
  const settings = settingsOf(PRESETS.autonat8);
  const { predict, calls } = tablePredict(256);
  const tokens = blankTokens(1, 256, CODES);
  const start = { tokens, length: 256, maskId: CODES, ...settings };
  const seen: number[][] = [];
  for await (const state of decode(startDecode(start), predict, settings)) {
    seen.push([
      state.mask.reduce((sum, bit) => sum + bit, 0),
      state.guidance,
      state.temperature,
      state.choiceTemperature,
    ]);
  }
  assert.deepEqual(seen, [
    [244, 0, 2.9, 2.405],
    [225, 0, 1.867, 2.478],
    [203, 0, 1.144, 1.192],
    [190, .915, 1.38, .769],
    [159, 1.616, 1.47, 1.067],
    [104, 1.195, 1.376, .935],
    [66, 1.383, 1.708, .784],
    [0, 1.227, .713, 0],
  ]);
  assert.deepEqual(
    calls.map(({ guidance }) => guidance),
    seen.map(([, guidance]) => guidance),
  );
});
