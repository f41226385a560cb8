import assert from "node:assert/strict";
import type { Superres } from "../muse/enlarge.ts";
import { SUPERRES_DEFAULTS } from "../muse/superres_defaults.ts";
import { effectiveSettings } from "./effective_settings.ts";
import { readRequest } from "./generate_args.ts";
import { knownSettings } from "./setting_forms.ts";

/** Only whether a model has it is asked. */
const superres = {} as Superres;

function settingsFor(...options: string[]) {
  return readRequest(["a fox", ...options])!.settings;
}

Deno.test("effectiveSettings() has all of super-resolution, where there is any", () => {
  const asked = settingsFor("--superres-guidance", "3");
  const { steps, ...how } = SUPERRES_DEFAULTS;
  const guidance = { kind: "constant", scale: 3 } as const;
  assert.deepEqual(effectiveSettings(asked, { superres }), {
    ...asked,
    superresSteps: steps,
    superres: { ...how, guidance },
  });
  const { superresSteps } = effectiveSettings(
    settingsFor("--superres-steps", "3"),
    { superres },
  );
  assert.equal(superresSteps, 3);
  const small = settingsFor("--no-superres");
  assert.deepEqual(effectiveSettings(small, { superres }), small);
  assert.deepEqual(effectiveSettings(asked, {}), asked);
});

Deno.test("knownSettings() tells all of super-resolution that is set", () => {
  const asked = settingsFor("--steps", "4", "--superres-temperature", "0..1");
  const { superresSteps: _, ...base } = knownSettings(asked);
  assert.deepEqual(base, {
    steps: 4,
    schedule: "cosine",
    guidance: "0.4",
    temperature: 0.5,
    choiceTemperature: 3,
    sampler: "confidence",
    superresTemperature: "0..1",
  });
  assert.deepEqual(knownSettings(effectiveSettings(asked, { superres })), {
    ...base,
    superresSteps: 8,
    superresGuidance: "0",
    superresSchedule: "cosine",
    superresChoiceTemperature: 2,
    superresSampler: "confidence",
  });
});
