/** Learning rate over a run: linear warm-up, then half a cosine. */

/** Shape of the schedule. */
export interface LearningRate {
  readonly peak: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
  /** Fraction of the peak that is left at the end. */
  readonly floor: number;
}

/** The rate of a step, counted from 0; the floor after the last one. */
export function learningRateAt(schedule: LearningRate, step: number): number {
  const { peak, warmupSteps, totalSteps, floor } = schedule;
  if (step < warmupSteps) return peak * (step + 1) / warmupSteps;
  const progress = Math.min(
    1,
    (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps),
  );
  const cosine = (1 + Math.cos(Math.PI * progress)) / 2;
  return peak * (floor + (1 - floor) * cosine);
}
