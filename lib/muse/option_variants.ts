/** Options that change what a decode draws, for tests that try each. */

import type { StepOptions } from "./step_options.ts";

/** Of decodes of three steps. */
export const VARIANTS: readonly Partial<StepOptions>[] = [
  { guidance: { kind: "interval", scale: 4, from: 0.5, to: 1 } },
  { guidance: { kind: "powerCosine", scale: 7, power: 3 } },
  { guidance: { kind: "list", scales: [0, 5, 1] } },
  { choiceTemperature: { steps: [0, 9, 0] } },
  { sampler: { kind: "random" } },
  { sampler: { kind: "halton" } },
  { sampler: { kind: "hybrid", explore: 0.3 } },
  { remask: { kind: "cap", rate: 0.3 } },
  { remask: { kind: "confidence", rate: 0.6 } },
  { topP: 0.5 },
];
