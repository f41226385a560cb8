/** Training steps that a discriminator joins on the way. */

import type { Adversarial } from "./picture_loss.ts";
import { createTrainStep, type Objective, type TrainStep } from "./step.ts";

/** What is trained and how, but for what is minimized. */
export interface JudgedTraining extends Omit<Objective, "losses" | "outputs"> {
  readonly adversarial?: Adversarial;
}

/** The compiled step of a moment; one is kept at a time. */
export interface JudgedSteps {
  at(step: number): Promise<TrainStep>;
  release(): Promise<void>;
}

/** Compiles the step without the discriminator, and then with it. */
export function judgedSteps(
  { optimizer, averaging, adversarial }: JudgedTraining,
  graph: (judge?: Adversarial) => Pick<Objective, "losses" | "outputs">,
): JudgedSteps {
  let current:
    | { readonly judged: boolean; readonly step: TrainStep }
    | undefined;
  return {
    async at(number) {
      const judged = adversarial !== undefined && number >= adversarial.start;
      if (current?.judged !== judged) {
        await current?.step.release();
        const objective = graph(judged ? adversarial : undefined);
        const step = await createTrainStep({
          ...objective,
          optimizer,
          averaging,
        });
        current = { judged, step };
      }
      return current.step;
    },
    release: async () => await current?.step.release(),
  };
}
